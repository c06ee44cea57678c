// Solves L X = B in place of B for one block of rows, L lower triangular: an item a column of B, rows in order. What
// stands to the left of the block was subtracted before, by gemm. Upper triangles come as reversed views. Groups of
// dimension 1 take a matrix of a stack each.
//
//   L: TRSM_BLOCK x TRSM_BLOCK at most, staged in local memory, the reciprocals of its diagonal apart

KERNEL_OF(TRSM_GROUP, 1, 1)
trsm(int unit_diagonal, VIEW(const REAL, L), INDEX L_batch, VIEW(REAL, B), INDEX B_batch, int n, INDEX columns)
{
    L += GROUP_ID(1) * L_batch;
    B += GROUP_ID(1) * B_batch;
    LOCAL REAL staged[TRSM_BLOCK * TRSM_BLOCK];
    for (int e = LOCAL_ID(0); e < n * n; e += TRSM_GROUP)
    {
        const int i = e / n;
        const int k = e % n;
        staged[i * TRSM_BLOCK + k] = k < i || (k == i && !unit_diagonal) ? AT(L, i, k) : (REAL)1;
    }

    BARRIER;
    const INDEX j = GLOBAL_ID(0);
    if (j < columns)
    {
        for (int i = 0; i < n; i++)
        {
            REAL value = AT(B, i, j);
            for (int k = 0; k < i; k++)
            {
                value -= staged[i * TRSM_BLOCK + k] * AT(B, k, j);
            }

            AT(B, i, j) = unit_diagonal ? value : value / staged[i * TRSM_BLOCK + i];
        }
    }
}
