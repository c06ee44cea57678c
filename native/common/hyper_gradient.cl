// Products by kernel, reduced. P stacks m products of q rows: kernel i in rows i q to i q + q, not yet weighted;
// weights are m x t.

// predictions(r, j) = sum over i of weights(i, j) P(i q + r, j), in the order of the kernels.
KERNEL sum_products(VIEW(const REAL, P), VIEW(const REAL, weights), VIEW(REAL, predictions), int kernels, INDEX rows,
    INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(r, rows)
        {
            ACC sum = ACC_ZERO;
            for (int i = 0; i < kernels; i++)
            {
                ACC_ADD_PRODUCT(sum, AT(weights, i, j), AT(P, i * rows + r, j));
            }

            AT(predictions, r, j) = acc_round(sum);
        }
    }
}

// dots(i, j) = sum over rows of weights(i, j) P(i q + r, j) (V(r, j) - subtracted(r, j)); an item a kernel of a column.
KERNEL product_dots(
    int has_subtracted, VIEW(const REAL, P), VIEW(const REAL, weights), VIEW(const REAL, V),
    VIEW(const REAL, subtracted), VIEW(ACC, dots),
    INDEX rows, int kernels, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(i, (INDEX)kernels)
        {
            ACC sum = ACC_ZERO;
            for (INDEX r = 0; r < rows; r++)
            {
                ACC v = acc_of(AT(V, r, j));
                v = has_subtracted ? acc_subtract(v, acc_of(AT(subtracted, r, j))) : v;
                sum = acc_add(sum, acc_multiply(acc_of(AT(P, i * rows + r, j)), v));
            }

            AT(dots, i, j) = acc_multiply(sum, acc_of(AT(weights, i, j)));
        }
    }
}

// hessian(i m + k, j) = P_i' P_k, weighted, plus gradient(i, j) where i = k; an item an entry of a column.
KERNEL product_hessian(
    VIEW(const REAL, P), VIEW(const REAL, weights), VIEW(const ACC, gradient), VIEW(ACC, hessian), INDEX rows,
    int kernels, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(pair, (INDEX)kernels * kernels)
        {
            // The same order for (i, k) and (k, i): the Hessian is symmetric to the bit.
            INDEX a = pair / kernels;
            INDEX b = pair % kernels;
            INDEX i = a < b ? a : b;
            INDEX k = a < b ? b : a;
            ACC sum = ACC_ZERO;
            for (INDEX r = 0; r < rows; r++)
            {
                ACC_ADD_PRODUCT(sum, AT(P, i * rows + r, j), AT(P, k * rows + r, j));
            }

            sum = acc_multiply(acc_multiply(sum, acc_of(AT(weights, i, j))), acc_of(AT(weights, k, j)));
            AT(hessian, pair, j) = i == k ? acc_add(sum, AT(gradient, i, j)) : sum;
        }
    }
}
