// Pairwise kernels from products x'z, and the preparation of rows.

#define POLYNOMIAL 1
#define SIGMOID 3

// K = (gamma K + coef0)^degree, or tanh(gamma K + coef0).
KERNEL epilogue(int kind, REAL gamma, REAL coef0, REAL degree, VIEW(REAL, K), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(i, rows)
        {
            const REAL base = gamma * AT(K, i, j) + coef0;
            AT(K, i, j) = kind == SIGMOID ? tanh(base) : pow(base, degree);
        }
    }
}

// Rows of U = rows of A over their lengths; zeros for a row of zeros. An item a row; scaled by its largest entry first,
// so that no square overflows or vanishes.
KERNEL directions(VIEW(const REAL, A), VIEW(REAL, U), INDEX features, INDEX rows)
{
    INDEX i = GLOBAL_ID(0);
    if (i >= rows)
    {
        return;
    }

    REAL largest = (REAL)0;
    int valid = 1;
    for (INDEX p = 0; p < features; p++)
    {
        const REAL a = fabs(AT(A, i, p));
        valid = valid && a == a;
        largest = a > largest ? a : largest;
    }

    ACC squares = ACC_ZERO;
    for (INDEX p = 0; p < features; p++)
    {
        const REAL scaled = AT(A, i, p) / largest;
        ACC_ADD_PRODUCT(squares, scaled, scaled);
    }

    const ACC length = acc_root(squares);
    for (INDEX p = 0; p < features; p++)
    {
        const REAL scaled = AT(A, i, p) / largest;
        AT(U, i, p) = !valid ? (REAL)NAN : largest == (REAL)0 ? (REAL)0 : acc_round(acc_divide(acc_of(scaled), length));
    }
}

// The diagonal of the cosine kernel of rows with themselves: 1, or 0 for a row of zeros; rows with NaN keep it.
KERNEL cosine_diagonal(VIEW(REAL, K), INDEX rows)
{
    INDEX i = GLOBAL_ID(0);
    if (i < rows)
    {
        const REAL value = AT(K, i, i);
        AT(K, i, i) = value != value ? value : value == (REAL)0 ? (REAL)0 : (REAL)1;
    }
}

// K(i, j) = exp(-gamma |A(i, :) - B(j, :)|^2), the differences summed in ACC. Exact zeros for equal rows; symmetric to
// the bit.
KERNEL rbf(ACC gamma, VIEW(const REAL, A), VIEW(const REAL, B), VIEW(REAL, K), INDEX features, INDEX rows,
    INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(i, rows)
        {
            ACC distance = ACC_ZERO;
            for (INDEX p = 0; p < features; p++)
            {
                const ACC difference = acc_subtract(acc_of(AT(A, i, p)), acc_of(AT(B, j, p)));
                distance = acc_add(distance, acc_multiply(difference, difference));
            }

            AT(K, i, j) = exp(-acc_round(acc_multiply(gamma, distance)));
        }
    }
}

#ifdef HAS_FP64

// means(0, p) = mean over the rows of what is finite in column p: any common row that brings features near zero does.
KERNEL finite_means(VIEW(const REAL, A), VIEW(double, means), INDEX rows, INDEX columns)
{
    INDEX p = GLOBAL_ID(0);
    if (p < columns)
    {
        double sum = 0.0;
        for (INDEX i = 0; i < rows; i++)
        {
            const double value = AT(A, i, p);
            sum += fabs(value) < (double)INFINITY ? value : 0.0;
        }

        AT(means, 0, p) = sum / (double)rows;
    }
}

// D = A - 1 means.
KERNEL shift_rows(VIEW(const REAL, A), VIEW(const double, means), VIEW(double, D), INDEX rows, INDEX columns)
{
    INDEX p = GLOBAL_ID(0);
    if (p < columns)
    {
        const double mean = AT(means, 0, p);
        FOR_EACH_ROW(i, rows)
        {
            AT(D, i, p) = (double)AT(A, i, p) - mean;
        }
    }
}

// K(i, j) = exp(-gamma (a(i) + b(j) - 2 G(i, j))), a and b squared lengths, G products. Of rows with themselves the
// distance is zero: first is the first row's number, where the rows of A are those of B.
KERNEL rbf_of_products(
    int same, INDEX first, double gamma, VIEW(const double, G), VIEW(const double, a), VIEW(const double, b),
    VIEW(REAL, K), INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(i, rows)
        {
            const double distance = AT(a, 0, i) + AT(b, 0, j) - 2.0 * AT(G, i, j);
            const int exact = (same && first + i == j && distance == distance) || distance < 0.0;
            AT(K, i, j) = (REAL)exp(-gamma * (exact ? 0.0 : distance));
        }
    }
}

#endif
