// What a blocked Cholesky factorisation needs beyond trsm and gemm:
//
//   +-----+          The block on the diagonal is factored here, the panel below it solved by trsm, and its product
//   | L11 |          with its transpose subtracted from what is left, by gemm.
//   +-----+-----+
//   | L21 | A22 |    A group takes the block of one matrix of a stack, in local memory.
//   +-----+-----+

// status[b] becomes the first pivot that is not positive (values[b] its value), where it was -1.
KERNEL_OF(CHOLESKY_GROUP, 1, 1)
cholesky_block(VIEW(REAL, A), INDEX A_batch, int n, int first, GLOBAL int *status, GLOBAL REAL *values)
{
    LOCAL REAL block[CHOLESKY_BLOCK * CHOLESKY_BLOCK];
    const int item = LOCAL_ID(0);
    const INDEX matrix = GROUP_ID(1);
    A += matrix * A_batch;
    for (int e = item; e < n * n; e += CHOLESKY_GROUP)
    {
        const int i = e / n;
        const int k = e % n;
        if (k <= i)
        {
            block[i * CHOLESKY_BLOCK + k] = AT(A, i, k);
        }
    }

    int failed = -1;
    REAL failing = (REAL)0;
    for (int j = 0; j < n; j++)
    {
        BARRIER;
        const REAL pivot = block[j * CHOLESKY_BLOCK + j];
        if (failed < 0 && !(pivot > (REAL)0))
        {
            failed = first + j;
            failing = pivot;
        }

        const REAL root = sqrt(pivot);
        BARRIER;
        for (int i = j + item; i < n; i += CHOLESKY_GROUP)
        {
            block[i * CHOLESKY_BLOCK + j] = i == j ? root : block[i * CHOLESKY_BLOCK + j] / root;
        }

        BARRIER;
        const int rest = n - j - 1;
        for (int e = item; e < rest * rest; e += CHOLESKY_GROUP)
        {
            const int i = j + 1 + e / rest;
            const int k = j + 1 + e % rest;
            if (k <= i)
            {
                block[i * CHOLESKY_BLOCK + k] -= block[i * CHOLESKY_BLOCK + j] * block[k * CHOLESKY_BLOCK + j];
            }
        }
    }

    BARRIER;
    for (int e = item; e < n * n; e += CHOLESKY_GROUP)
    {
        const int i = e / n;
        const int k = e % n;
        if (k <= i)
        {
            AT(A, i, k) = block[i * CHOLESKY_BLOCK + k];
        }
    }

    if (item == 0 && failed >= 0 && status[matrix] < 0)
    {
        status[matrix] = failed;
        values[matrix] = failing;
    }
}

// Zeros above the diagonals of stacked n x n matrices.
KERNEL clear_upper(VIEW(REAL, A), INDEX n, INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(i, rows)
        {
            if (j > i % n)
            {
                AT(A, i, j) = (REAL)0;
            }
        }
    }
}

// Stacked n x n identities.
KERNEL identities(VIEW(REAL, A), INDEX n, INDEX rows, INDEX columns)
{
    INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        FOR_EACH_ROW(i, rows)
        {
            AT(A, i, j) = (REAL)(j == i % n);
        }
    }
}
