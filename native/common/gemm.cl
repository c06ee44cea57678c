// C = alpha A B + beta C for stacks of matrices with any strides; with beta 0, C is not read.
//
//                 n
//            +---------+      A work-group computes TILE_M x TILE_N of C; its GROUP_X x GROUP_Y items ITEM_M x ITEM_N
//        k   |  B      |      each, in registers. TILE_K columns of A and rows of B at a time are staged in local
//            +---------+      memory:
//      k
//   +-----+  +---------+        staged_a: TILE_K x TILE_M, staged_b: TILE_K x TILE_N
// m |  A  |  |  C      |
//   +-----+  +---------+      so that items read side by side. Strides are dealt with while staging: neighbouring items
//                             read along the smaller stride.
//
// Products are added in the order of k, so that C = A A' is symmetric to the bit. Volkov and Demmel 2008; tuning:
// GemmTuning.cs.

#define ITEM_M (TILE_M / GROUP_Y)
#define ITEM_N (TILE_N / GROUP_X)
#define GROUP_ITEMS (GROUP_X * GROUP_Y)

KERNEL_OF(GROUP_X, GROUP_Y, 1)
gemm(
    REAL alpha, VIEW(const REAL, A), INDEX A_batch, VIEW(const REAL, B), INDEX B_batch, REAL beta, VIEW(REAL, C),
    INDEX C_batch, INDEX m,
    INDEX n, INDEX k)
{
    LOCAL REAL staged_a[TILE_K * TILE_M];
    LOCAL REAL staged_b[TILE_K * TILE_N];
    const INDEX row0 = GROUP_ID(1) * TILE_M;
    const INDEX column0 = GROUP_ID(0) * TILE_N;
    const int x = LOCAL_ID(0);
    const int y = LOCAL_ID(1);
    const int item = y * GROUP_X + x;
    const INDEX batch = GROUP_ID(2);
    const int a_along_k = A_cs * A_cs < A_rs * A_rs;
    const int b_along_k = B_rs * B_rs < B_cs * B_cs;
    REAL sums[ITEM_M][ITEM_N];
    for (int r = 0; r < ITEM_M; r++)
    {
        for (int c = 0; c < ITEM_N; c++)
        {
            sums[r][c] = (REAL)0;
        }
    }

    for (INDEX k0 = 0; k0 < k; k0 += TILE_K)
    {
        for (int e = item; e < TILE_K * TILE_M; e += GROUP_ITEMS)
        {
            const int p = a_along_k ? e % TILE_K : e / TILE_M;
            const int r = a_along_k ? e / TILE_K : e % TILE_M;
            const int inside = row0 + r < m && k0 + p < k;
            staged_a[p * TILE_M + r] = inside ? A[A_offset + batch * A_batch + (row0 + r) * A_rs + (k0 + p) * A_cs]
                : (REAL)0;
        }

        for (int e = item; e < TILE_K * TILE_N; e += GROUP_ITEMS)
        {
            const int p = b_along_k ? e % TILE_K : e / TILE_N;
            const int c = b_along_k ? e / TILE_K : e % TILE_N;
            const int inside = column0 + c < n && k0 + p < k;
            staged_b[p * TILE_N + c] = inside ? B[B_offset + batch * B_batch + (k0 + p) * B_rs + (column0 + c) * B_cs]
                : (REAL)0;
        }

        BARRIER;
        for (int p = 0; p < TILE_K; p++)
        {
            REAL b[ITEM_N];
            for (int c = 0; c < ITEM_N; c++)
            {
                b[c] = staged_b[p * TILE_N + x + c * GROUP_X];
            }

            for (int r = 0; r < ITEM_M; r++)
            {
                const REAL a = staged_a[p * TILE_M + y + r * GROUP_Y];
                for (int c = 0; c < ITEM_N; c++)
                {
                    sums[r][c] = FMA(a, b[c], sums[r][c]);
                }
            }
        }

        BARRIER;
    }

    for (int r = 0; r < ITEM_M; r++)
    {
        for (int c = 0; c < ITEM_N; c++)
        {
            const INDEX i = row0 + y + r * GROUP_Y;
            const INDEX j = column0 + x + c * GROUP_X;
            if (i < m && j < n)
            {
                const INDEX at = C_offset + batch * C_batch + i * C_rs + j * C_cs;
                C[at] = beta == (REAL)0 ? alpha * sums[r][c] : alpha * sums[r][c] + beta * C[at];
            }
        }
    }
}
