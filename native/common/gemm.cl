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
// Elements move by vectors of VECTOR_N, 1 or 4, where they lie side by side and the tile is whole: from A and B, from
// local memory, to C. Columns of C go to the items of a row by vectors: with 4, item 0 has 0 to 3, item 1 has 4 to 7,
// and after the last item item 0 is next.
//
// Products are added in the order of k, so that C = A A' is symmetric to the bit. Volkov and Demmel 2008; tuning:
// GemmTuning.cs.

#define ITEM_M (TILE_M / GROUP_Y)
#define ITEM_N (TILE_N / GROUP_X)
#define GROUP_ITEMS (GROUP_X * GROUP_Y)

// Column of the tile that an item's element c is.
#define COLUMN_OF(c) ((((c) / VECTOR_N) * GROUP_X + x) * VECTOR_N + (c) % VECTOR_N)

// staged[p tile + i] = S[i along_stride + p k_stride], i < tile, p < TILE_K, with zeros from along and from k on.
FUNCTION void stage(
    LOCAL_POINTER REAL *staged, GLOBAL const REAL *S, INDEX along_stride, INDEX k_stride, int tile, INDEX along,
    INDEX k, int item)
{
#if VECTOR_N == 4
    if (along >= tile && k >= TILE_K)
    {
        if (along_stride == 1)
        {
            for (int e = item; e < TILE_K * tile / 4; e += GROUP_ITEMS)
            {
                const int p = e / (tile / 4);
                const int i = e % (tile / 4) * 4;
                STORE4(LOAD4(S + p * k_stride + i), staged + p * tile + i);
            }

            return;
        }

        if (k_stride == 1)
        {
            for (int e = item; e < TILE_K * tile / 4; e += GROUP_ITEMS)
            {
                const int p = e % (TILE_K / 4) * 4;
                const int i = e / (TILE_K / 4);
                const REAL4 values = LOAD4(S + i * along_stride + p);
                staged[p * tile + i] = values.x;
                staged[(p + 1) * tile + i] = values.y;
                staged[(p + 2) * tile + i] = values.z;
                staged[(p + 3) * tile + i] = values.w;
            }

            return;
        }
    }
#endif

    const int along_k = k_stride * k_stride < along_stride * along_stride;
    for (int e = item; e < TILE_K * tile; e += GROUP_ITEMS)
    {
        const int p = along_k ? e % TILE_K : e / tile;
        const int i = along_k ? e / TILE_K : e % tile;
        staged[p * tile + i] = i < along && p < k ? S[i * along_stride + p * k_stride] : (REAL)0;
    }
}

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
    A += A_offset + batch * A_batch + row0 * A_rs;
    B += B_offset + batch * B_batch + column0 * B_cs;
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
        stage(staged_a, A + k0 * A_cs, A_rs, A_cs, TILE_M, m - row0, k - k0, item);
        stage(staged_b, B + k0 * B_rs, B_cs, B_rs, TILE_N, n - column0, k - k0, item);
        BARRIER;
        for (int p = 0; p < TILE_K; p++)
        {
            REAL b[ITEM_N];
#if VECTOR_N == 4
            for (int c = 0; c < ITEM_N; c += 4)
            {
                const REAL4 values = LOAD4(staged_b + p * TILE_N + COLUMN_OF(c));
                b[c] = values.x;
                b[c + 1] = values.y;
                b[c + 2] = values.z;
                b[c + 3] = values.w;
            }
#else
            for (int c = 0; c < ITEM_N; c++)
            {
                b[c] = staged_b[p * TILE_N + COLUMN_OF(c)];
            }
#endif

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

    C += C_offset + batch * C_batch;
    for (int r = 0; r < ITEM_M; r++)
    {
        const INDEX i = row0 + y + r * GROUP_Y;
        if (i >= m)
        {
            break;
        }

        for (int c = 0; c < ITEM_N; c += VECTOR_N)
        {
            const INDEX j = column0 + COLUMN_OF(c);
#if VECTOR_N == 4
            if (C_cs == 1 && j + 4 <= n)
            {
                GLOBAL REAL *to = C + i * C_rs + j;
                REAL4 values;
                values.x = alpha * sums[r][c];
                values.y = alpha * sums[r][c + 1];
                values.z = alpha * sums[r][c + 2];
                values.w = alpha * sums[r][c + 3];
                if (beta != (REAL)0)
                {
                    const REAL4 before = LOAD4(to);
                    values.x += beta * before.x;
                    values.y += beta * before.y;
                    values.z += beta * before.z;
                    values.w += beta * before.w;
                }

                STORE4(values, to);
                continue;
            }
#endif

            for (int v = 0; v < VECTOR_N && j + v < n; v++)
            {
                GLOBAL REAL *to = C + i * C_rs + (j + v) * C_cs;
                *to = beta == (REAL)0 ? alpha * sums[r][c + v] : alpha * sums[r][c + v] + beta * *to;
            }
        }
    }
}
