// C = alpha A B + beta C for processors: packed panels and a micro-kernel on explicit vectors, as BLIS does it (Van Zee
// and van de Geijn 2015). An item is a thread's worth of work; there is no local memory, the caches do its part.
//
//   packed A: panels of PANEL_M rows       packed B: panels of PANEL_N = VECTORS * LANES columns
//
//      p ->                                   p
//    r |0 8 16                                |   +-- PANEL_N --+-------
//      |1 9                                   v   | p = 0       | next
//      |2 ..                                      | p = 1       | panel
//
// A panel holds, for each p of a block of k, its elements side by side; what reaches outside the matrix is zero.

#define PANEL_N (VECTORS * LANES)

// packed[(panel k + p) width + r] = S(panel width + r, first + p), S = A, or B transposed. An item a p of a panel.
KERNEL pack(VIEW(const REAL, S), GLOBAL REAL *packed, int width, INDEX along, INDEX first, INDEX k)
{
    INDEX p = GLOBAL_ID(0);
    if (p < k)
    {
        for (INDEX panel = GLOBAL_ID(1); panel * width < along; panel += GLOBAL_SIZE(1))
        {
            GLOBAL REAL *to = packed + (panel * k + p) * width;
            const INDEX row0 = panel * width;
            if (row0 + width <= along)
            {
                for (int r = 0; r < width; r++)
                {
                    to[r] = AT(S, row0 + r, first + p);
                }
            }
            else
            {
                for (int r = 0; r < width; r++)
                {
                    to[r] = row0 + r < along ? AT(S, row0 + r, first + p) : (REAL)0;
                }
            }
        }
    }
}

// One panel of B against BLOCK_PANELS panels of A. With beta 0, C is not read.
KERNEL_OF(1, 1, 1)
multiply_panels(
    REAL alpha, GLOBAL const REAL *packed_a, GLOBAL const VECTOR *packed_b, REAL beta, VIEW(REAL, C), INDEX m, INDEX n,
    INDEX k)
{
    const INDEX column0 = GROUP_ID(1) * PANEL_N;
    GLOBAL const VECTOR *b = packed_b + GROUP_ID(1) * k * VECTORS;
    const INDEX last = (GROUP_ID(0) + 1) * BLOCK_PANELS * PANEL_M;
    for (INDEX row0 = GROUP_ID(0) * BLOCK_PANELS * PANEL_M; row0 < m && row0 < last; row0 += PANEL_M)
    {
        GLOBAL const REAL *a = packed_a + row0 * k;
        VECTOR sums[PANEL_M][VECTORS];
#pragma unroll
        for (int r = 0; r < PANEL_M; r++)
        {
#pragma unroll
            for (int v = 0; v < VECTORS; v++)
            {
                sums[r][v] = (VECTOR)((REAL)0);
            }
        }

        for (INDEX p = 0; p < k; p++)
        {
            VECTOR row[VECTORS];
#pragma unroll
            for (int v = 0; v < VECTORS; v++)
            {
                row[v] = b[p * VECTORS + v];
            }

#pragma unroll
            for (int r = 0; r < PANEL_M; r++)
            {
                const VECTOR value = (VECTOR)(a[p * PANEL_M + r]);
#pragma unroll
                for (int v = 0; v < VECTORS; v++)
                {
                    sums[r][v] = FMA(value, row[v], sums[r][v]);
                }
            }
        }

        REAL tile[PANEL_M * PANEL_N];
#pragma unroll
        for (int r = 0; r < PANEL_M; r++)
        {
#pragma unroll
            for (int v = 0; v < VECTORS; v++)
            {
                STORE_VECTOR(alpha * sums[r][v], tile + r * PANEL_N + v * LANES);
            }
        }

        const int rows = (int)(m - row0 < PANEL_M ? m - row0 : PANEL_M);
        const int columns = (int)(n - column0 < PANEL_N ? n - column0 : PANEL_N);
        for (int r = 0; r < rows; r++)
        {
            GLOBAL REAL *c = C + C_offset + (row0 + r) * C_rs + column0 * C_cs;
            if (C_cs == 1)
            {
                for (int j = 0; j < columns; j++)
                {
                    c[j] = beta == (REAL)0 ? tile[r * PANEL_N + j] : tile[r * PANEL_N + j] + beta * c[j];
                }
            }
            else
            {
                for (int j = 0; j < columns; j++)
                {
                    c[j * C_cs] = beta == (REAL)0 ? tile[r * PANEL_N + j] : tile[r * PANEL_N + j] + beta * c[j * C_cs];
                }
            }
        }
    }
}
