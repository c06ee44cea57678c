// Jacobi's method for many matrices of at most 32 x 32, in the registers of a warp: no shared memory, no barrier.
//
//   lane 0  1  2  3 ...        A lane has a column of X, and of V, in registers; N lanes a matrix, N = 4, 8, 16 or 32, so
//   x[0] |  |  |  |            that a warp decomposes 32 / N matrices at once. In round r lane p meets lane p xor r: after
//   x[1] |  |  |  |            the rounds 1 ... N - 1, a sweep, each pair of columns has met once. What a lane needs of the
//   ...                        other column comes by shuffles; both lanes find the same rotation, to the bit.
//
// One-sided (Hestenes 1958; Golub and Van Loan 2013, section 8.6.3): columns of X are made orthogonal, and V collects the
// rotations. Their lengths are singular values. For eigenvectors X begins as A + shift I, positive definite, whose
// singular vectors are A's eigenvectors; the shift is twice the largest sum of sizes of a row, so that eigenvalues have
// errors of the rounding of A's norm, as those of any stable method. Columns beyond n are zeros, and turn with nobody.
//
// Matrices are scaled by a power of two first, so that squares neither overflow nor vanish.

#define NOT_FINITE 1
#define NOT_CONVERGED 2
#define SWEEPS 40
#define ALL_LANES 0xffffffffu
#define WARP_THREADS 128
#define FOR_UNROLLED(i, count) _Pragma("unroll") for (int i = 0; i < (count); i++)

template <int N>
__device__ __forceinline__ REAL largest_of_lanes(REAL value)
{
    for (int step = 1; step < N; step *= 2)
    {
        const REAL other = __shfl_xor_sync(ALL_LANES, value, step);
        value = value != value || other > value ? value != value ? value : other : other != other ? other : value;
    }

    return value;
}

template <int N>
__device__ __forceinline__ REAL sum_of_lanes(REAL value)
{
    for (int step = 1; step < N; step *= 2)
    {
        value += __shfl_xor_sync(ALL_LANES, value, step);
    }

    return value;
}

// How many of the lanes of a matrix come before this one in ascending (or descending) order of their values.
template <int N>
__device__ __forceinline__ int rank_of_lanes(REAL value, int sub, int n, int descending)
{
    int rank = 0;
    for (int step = 1; step < N; step++)
    {
        const REAL other = __shfl_xor_sync(ALL_LANES, value, step);
        const int from = sub ^ step;
        const int before = descending ? other > value : other < value;
        rank += from < n && (before || (other == value && from < sub));
    }

    return rank;
}

// Makes the columns of X orthogonal; 0, or NOT_CONVERGED.
template <int N>
__device__ __forceinline__ int orthogonalize(REAL (&x)[N], REAL (&v)[N], int sub, REAL tolerance)
{
    int rotates = 1;
    for (int sweep = 0; sweep < SWEEPS && rotates; sweep++)
    {
        int rotated = 0;
#pragma unroll 1
        for (int round = 1; round < N; round++)
        {
            REAL y[N];
            REAL own = (REAL)0;
            REAL gamma = (REAL)0;
            FOR_UNROLLED(i, N)
            {
                y[i] = __shfl_xor_sync(ALL_LANES, x[i], round);
                own = FMA(x[i], x[i], own);
                gamma = FMA(x[i], y[i], gamma);
            }

            const REAL other = __shfl_xor_sync(ALL_LANES, own, round);
            const int is_first = sub < (sub ^ round);
            const REAL alpha = is_first ? own : other;
            const REAL beta = is_first ? other : own;

            // A column under the rounding of the largest is noise, and gets another left vector later: it need not turn.
            const REAL shorter = sqrt(alpha < beta ? alpha : beta);
            const int turns = fabs(gamma) > tolerance * sqrt(alpha) * sqrt(beta) && shorter > REAL_EPSILON / (REAL)8;
            if (!__any_sync(ALL_LANES, turns))
            {
                continue;
            }

            rotated = 1;
            const REAL zeta = turns ? (beta - alpha) / ((REAL)2 * gamma) : (REAL)0;
            const REAL t = (zeta < (REAL)0 ? (REAL)-1 : (REAL)1) / (fabs(zeta) + sqrt((REAL)1 + zeta * zeta));
            const REAL c = turns ? (REAL)1 / sqrt((REAL)1 + t * t) : (REAL)1;
            const REAL s = turns ? is_first ? -t * c : t * c : (REAL)0;
            FOR_UNROLLED(i, N)
            {
                x[i] = c * x[i] + s * y[i];
                const REAL w = __shfl_xor_sync(ALL_LANES, v[i], round);
                v[i] = c * v[i] + s * w;
            }
        }

        rotates = rotated;
    }

    return rotates ? NOT_CONVERGED : 0;
}

// Left vectors of columns that are missing: unit vectors orthogonal to all others. Each begins as the axis that the
// others cover least, and is projected twice; all lanes of a matrix hold it meanwhile.
template <int N>
__device__ __forceinline__ void complete(REAL (&u)[N], int missing, int sub, int m)
{
    for (int k = 0; k < N; k++)
    {
        const int wanted = __shfl_sync(ALL_LANES, missing, (threadIdx.x % 32) / N * N + k);
        if (!__any_sync(ALL_LANES, wanted))
        {
            continue;
        }

        REAL e[N];
        REAL least = (REAL)2;
        int axis = 0;
        FOR_UNROLLED(i, N)
        {
            const REAL covered = sum_of_lanes<N>(u[i] * u[i]);
            axis = i < m && covered < least ? i : axis;
            least = i < m && covered < least ? covered : least;
        }

        FOR_UNROLLED(i, N)
        {
            e[i] = (REAL)(i == axis);
        }

        for (int pass = 0; pass < 2; pass++)
        {
            REAL dot = (REAL)0;
            FOR_UNROLLED(i, N)
            {
                dot = FMA(u[i], e[i], dot);
            }

            REAL squares = (REAL)0;
            FOR_UNROLLED(i, N)
            {
                e[i] -= sum_of_lanes<N>(dot * u[i]);
                squares = FMA(e[i], e[i], squares);
            }

            const REAL length = sqrt(squares);
            FOR_UNROLLED(i, N)
            {
                e[i] = e[i] / length;
            }
        }

        FOR_UNROLLED(i, N)
        {
            u[i] = wanted && sub == k ? e[i] : u[i];
        }
    }
}

// The largest |x| of a matrix, NaN where one is not finite; and what scales it into [1, 2).
template <int N>
__device__ __forceinline__ int scale(REAL (&x)[N], int *is_finite)
{
    REAL own = (REAL)0;
    FOR_UNROLLED(i, N)
    {
        const REAL size = fabs(x[i]);
        own = own != own || !(size < (REAL)INFINITY) ? (REAL)NAN : size > own ? size : own;
    }

    const REAL largest = largest_of_lanes<N>(own);
    *is_finite = largest == largest;
    const int exponent = *is_finite && largest > (REAL)0 ? ilogb(largest) : 0;
    FOR_UNROLLED(i, N)
    {
        x[i] = *is_finite ? ldexp(x[i], -exponent) : (REAL)0;
    }

    return exponent;
}

#define MATRIX_OF_LANES(N) (((INDEX)blockIdx.x * WARP_THREADS + threadIdx.x) / (N))

template <int N>
__device__ __forceinline__ void eigen(
    VIEW(REAL, A), INDEX A_batch, VIEW(REAL, w), int n, int count, int *status)
{
    const int sub = threadIdx.x % N;
    const INDEX matrix = MATRIX_OF_LANES(N);
    const int has_column = matrix < count && sub < n;
    A += has_column ? matrix * A_batch : 0;
    REAL x[N];
    REAL v[N];
    FOR_UNROLLED(i, N)
    {
        x[i] = has_column && i < n ? i >= sub ? AT(A, i, sub) : AT(A, sub, i) : (REAL)0;
        v[i] = (REAL)(i == sub && has_column);
    }

    int is_finite;
    const int exponent = scale<N>(x, &is_finite);
    REAL sizes = (REAL)0;
    FOR_UNROLLED(i, N)
    {
        sizes += fabs(x[i]);
    }

    const REAL bound = largest_of_lanes<N>(sizes);
    const REAL shift = bound > (REAL)0 ? (REAL)2 * bound : (REAL)1;
    FOR_UNROLLED(i, N)
    {
        x[i] = i == sub && has_column ? x[i] + shift : x[i];
    }

    const int outcome = orthogonalize<N>(x, v, sub, (REAL)4 * REAL_EPSILON * sqrt((REAL)n));
    REAL value = -shift;
    FOR_UNROLLED(i, N)
    {
        value = FMA(v[i], x[i], value);
    }

    const int rank = rank_of_lanes<N>(value, sub, n, 0);
    if (has_column)
    {
        FOR_UNROLLED(i, N)
        {
            if (i < n)
            {
                AT(A, i, rank) = v[i];
            }
        }

        AT(w, matrix, rank) = ldexp(value, exponent);
        if (sub == 0)
        {
            status[matrix] = !is_finite ? NOT_FINITE : outcome;
        }
    }
}

template <int N>
__device__ __forceinline__ void svd(
    VIEW(const REAL, A), INDEX A_batch, VIEW(REAL, U), INDEX U_batch, VIEW(REAL, s), VIEW(REAL, V), INDEX V_batch, int m,
    int n, int count, int *status)
{
    const int sub = threadIdx.x % N;
    const INDEX matrix = MATRIX_OF_LANES(N);
    const int has_column = matrix < count && sub < n;
    A += has_column ? matrix * A_batch : 0;
    U += has_column ? matrix * U_batch : 0;
    V += has_column ? matrix * V_batch : 0;
    REAL x[N];
    REAL v[N];
    FOR_UNROLLED(i, N)
    {
        x[i] = has_column && i < m ? AT(A, i, sub) : (REAL)0;
        v[i] = (REAL)(i == sub && has_column);
    }

    int is_finite;
    const int exponent = scale<N>(x, &is_finite);
    const int outcome = orthogonalize<N>(x, v, sub, (REAL)4 * REAL_EPSILON * sqrt((REAL)m));
    REAL squares = (REAL)0;
    FOR_UNROLLED(i, N)
    {
        squares = FMA(x[i], x[i], squares);
    }

    const REAL value = sqrt(squares);
    const REAL largest = largest_of_lanes<N>(value);
    const int is_there = value > REAL_EPSILON * largest;
    FOR_UNROLLED(i, N)
    {
        x[i] = is_there ? x[i] / value : (REAL)0;
    }

    const int missing = has_column && is_finite && !is_there;
    if (__any_sync(ALL_LANES, missing))
    {
        complete<N>(x, missing, sub, m);
    }

    const int rank = rank_of_lanes<N>(value, sub, n, 1);
    if (has_column)
    {
        FOR_UNROLLED(i, N)
        {
            if (i < m)
            {
                AT(U, i, rank) = x[i];
            }

            if (i < n)
            {
                AT(V, i, rank) = v[i];
            }
        }

        AT(s, matrix, rank) = ldexp(value, exponent);
        if (sub == 0)
        {
            status[matrix] = !is_finite ? NOT_FINITE : outcome;
        }
    }
}

#define WARP_KERNELS(N)                                                                                                \
    KERNEL_OF(WARP_THREADS, 1, 1)                                                                                      \
    warp_eigen_##N(VIEW(REAL, A), INDEX A_batch, VIEW(REAL, w), int n, int count, int *status)                         \
    {                                                                                                                  \
        eigen<N>(A, A_offset, A_rs, A_cs, A_batch, w, w_offset, w_rs, w_cs, n, count, status);                         \
    }                                                                                                                  \
    KERNEL_OF(WARP_THREADS, 1, 1)                                                                                      \
    warp_svd_##N(VIEW(const REAL, A), INDEX A_batch, VIEW(REAL, U), INDEX U_batch, VIEW(REAL, s), VIEW(REAL, V),       \
        INDEX V_batch, int m, int n, int count, int *status)                                                           \
    {                                                                                                                  \
        svd<N>(A, A_offset, A_rs, A_cs, A_batch, U, U_offset, U_rs, U_cs, U_batch, s, s_offset, s_rs, s_cs, V,         \
            V_offset, V_rs, V_cs, V_batch, m, n, count, status);                                                       \
    }

WARP_KERNELS(4)
WARP_KERNELS(8)
WARP_KERNELS(16)
WARP_KERNELS(32)
