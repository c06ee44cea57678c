// Sums down the columns, an item a column, in the order of the rows: the same bits on any device with the same
// arithmetic. Row sums are column sums of the transposed view.

KERNEL column_means(VIEW(const REAL, A), VIEW(REAL, means), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        ACC sum = ACC_ZERO;
        for (INDEX i = 0; i < rows; i++)
        {
            sum = acc_add(sum, acc_of(AT(A, i, j)));
        }

        AT(means, 0, j) = rows == 0 ? (REAL)0 : acc_round(acc_divide(sum, acc_of_count(rows)));
    }
}

KERNEL column_means_wide(VIEW(const REAL, A), VIEW(ACC, means), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        ACC sum = ACC_ZERO;
        for (INDEX i = 0; i < rows; i++)
        {
            sum = acc_add(sum, acc_of(AT(A, i, j)));
        }

        AT(means, 0, j) = rows == 0 ? ACC_ZERO : acc_divide(sum, acc_of_count(rows));
    }
}

KERNEL column_dots(VIEW(const REAL, A), VIEW(const REAL, B), VIEW(ACC, dots), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        ACC sum = ACC_ZERO;
        for (INDEX i = 0; i < rows; i++)
        {
            ACC_ADD_PRODUCT(sum, AT(A, i, j), AT(B, i, j));
        }

        AT(dots, 0, j) = sum;
    }
}

// The largest |A / B| of each column over the rows where B is not zero; a ratio that is not a number is infinite.
KERNEL column_max_ratios(VIEW(const REAL, A), VIEW(const REAL, B), VIEW(ACC, ratios), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        ACC largest = ACC_ZERO;
        for (INDEX i = 0; i < rows; i++)
        {
            REAL b = AT(B, i, j);
            if (b != (REAL)0)
            {
                REAL a = AT(A, i, j);
                REAL rough = a / b;
                ACC ratio = rough != rough ? acc_of((REAL)INFINITY) : acc_absolute(acc_divide(acc_of(a), acc_of(b)));
                largest = acc_less(largest, ratio) ? ratio : largest;
            }
        }

        AT(ratios, 0, j) = largest;
    }
}

KERNEL zscore_columns(VIEW(REAL, A), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns && rows > 0)
    {
        ACC mean = ACC_ZERO;
        for (INDEX i = 0; i < rows; i++)
        {
            mean = acc_add(mean, acc_of(AT(A, i, j)));
        }

        const ACC count = acc_of_count(rows);
        mean = acc_divide(mean, count);
        ACC rest = ACC_ZERO;
        ACC squares = ACC_ZERO;
        for (INDEX i = 0; i < rows; i++)
        {
            ACC deviation = acc_subtract(acc_of(AT(A, i, j)), mean);
            rest = acc_add(rest, deviation);
            squares = acc_add(squares, acc_multiply(deviation, deviation));
        }

        squares = acc_spread(squares, rest, mean, count);
        mean = acc_add(mean, acc_divide(rest, count));
        int is_constant = acc_is_zero(squares);
        ACC deviation = acc_root(acc_divide(squares, count));
        for (INDEX i = 0; i < rows; i++)
        {
            ACC z = acc_subtract(acc_of(AT(A, i, j)), mean);
            AT(A, i, j) = is_constant ? (REAL)0 : acc_round(acc_divide(z, deviation));
        }
    }
}

// K(i, j) += mean - rowMeans(0, i) - columnMeans(0, j).
KERNEL center(VIEW(REAL, K), VIEW(const ACC, row_means), VIEW(const ACC, column_means), ACC mean, INDEX rows,
    INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        ACC shift = acc_subtract(mean, AT(column_means, 0, j));
        FOR_EACH_ROW(i, rows)
        {
            ACC value = acc_add(acc_of(AT(K, i, j)), acc_subtract(shift, AT(row_means, 0, i)));
            AT(K, i, j) = acc_round(value);
        }
    }
}

// moments(0, :) = truth'truth, then truth'prediction_i, then prediction_i'prediction_k; an item a moment of a column.
KERNEL split_moments(VIEW(const REAL, Y), VIEW(const REAL, P), VIEW(ACC, moments), INDEX rows, int spaces,
    INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    INDEX count = 1 + (INDEX)spaces + (INDEX)spaces * spaces;
    if (j < columns)
    {
        FOR_EACH_ROW(moment, count)
        {
            INDEX pair = moment - 1 - spaces;
            INDEX left = pair < 0 ? -1 : pair / spaces;
            INDEX right = moment == 0 ? -1 : pair < 0 ? moment - 1 : pair % spaces;
            ACC sum = ACC_ZERO;
            for (INDEX i = 0; i < rows; i++)
            {
                REAL a = left < 0 ? AT(Y, i, j) : AT(P, left * rows + i, j);
                REAL b = right < 0 ? AT(Y, i, j) : AT(P, right * rows + i, j);
                ACC_ADD_PRODUCT(sum, a, b);
            }

            AT(moments, moment, j) = sum;
        }
    }
}
