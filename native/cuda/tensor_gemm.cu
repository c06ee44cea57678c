// Products of floats on tensor cores, with the accuracy of floats:
//
//   C = alpha sum_i A_i (weights(i, :) . B) + beta C        with beta 0, C is not read; without weights, one A_i and ones
//
//                       n
//                  +---------+        A block of 256 threads, 8 warps in 2 x 4, computes 128 x 128 of C; a warp 64 x 32,
//            k     |  B      |        as 4 x 4 tiles of the instruction mma.m16n8k8. 16 columns of A and rows of B at a
//                  +---------+        time are staged in shared memory, the next 16 while these are multiplied (cp.async,
//          k                          two stages). Weights stay in registers: a thread has 4 columns of B, and meets a new
//   +----------+   +---------+        weight when the sum goes on to the next A_i.
// m | A_0 A_1  |   |  C      |
//   +----------+   +---------+        in the order of i, then k
//
// Shared memory is padded so that the 32 lanes of a fragment, 8 along one dimension and 4 along k, meet 32 banks: rows
// of 16 + 4 where k is contiguous (20 g + t), of 128 + 8 where it is not (8 t + g).
//
// Tensor cores multiply numbers of 11 significant bits (tf32). A float is split into the nearest such, big, and what is
// left, small: x = big + small exactly, |small| <= 2^-11 |x|, of which the instruction takes 11 bits too. Three products
// make up for one:
//
//   a b = small_a big_b + big_a small_b + big_a big_b + e,   |e| <= (2^-22 + 2 * 2^-21 + ...) |a b| < 5 * 2^-22 |a b|
//
// Their sums over 8 terms are the instruction's, which truncates; those of longer runs are added here, rounded to
// nearest, because truncated sums drift (Ootomo and Yokota 2022, "Recovering single precision accuracy from Tensor Cores
// while surpassing the FP32 theoretical peak performance", section 4; Fasi, Higham, Mikaitis and Pranesh 2021 for how
// tensor cores round). Beside k / 8 roundings of 2^-24 that error is small from k of some hundreds on, which is where
// these kernels are used. NaN stays NaN; an infinite operand, or one within 2^-12 of the largest float, gives NaN.

#define BLOCK_M 128
#define BLOCK_N 128
#define BLOCK_K 16
#define THREADS 256
#define STEP_K 8
#define TILES_M 4
#define TILES_N 4
#define ROW_ALONG_K (BLOCK_K + 4)
#define ROW_ACROSS_K (BLOCK_M + 8)
#define STAGE_FLOATS (BLOCK_M * ROW_ALONG_K)

#ifndef VEM_ON_HOST

// Asynchronous copies of 4 and 16 bytes to shared memory, of which so many are read and the rest are zeros.
__device__ __forceinline__ void vem_copy4(float *to, const float *from, int bytes)
{
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;"
        :: "r"((unsigned)__cvta_generic_to_shared(to)), "l"(from), "r"(bytes));
}

__device__ __forceinline__ void vem_copy16(float *to, const float *from, int bytes)
{
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
        :: "r"((unsigned)__cvta_generic_to_shared(to)), "l"(from), "r"(bytes));
}

__device__ __forceinline__ void vem_copies_end() { asm volatile("cp.async.commit_group;"); }
__device__ __forceinline__ void vem_wait_but_one() { asm volatile("cp.async.wait_group 1;"); }
__device__ __forceinline__ void vem_wait_all() { asm volatile("cp.async.wait_group 0;"); }

// D += A B of 16 x 8 times 8 x 8, by the lanes of a warp (PTX ISA, "Matrix fragments for mma.m16n8k8"): with g = lane / 4
// and t = lane % 4, a = A(g, t), A(g + 8, t), A(g, t + 4), A(g + 8, t + 4); b = B(t, g), B(t + 4, g);
// d = D(g, 2 t), D(g, 2 t + 1), D(g + 8, 2 t), D(g + 8, 2 t + 1). Of a and b the lowest 13 bits are not read.
__device__ __forceinline__ void vem_mma(float (&d)[4], const float (&a)[4], const float (&b)[2])
{
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
        "{%0, %1, %2, %3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(__float_as_uint(a[0])), "r"(__float_as_uint(a[1])), "r"(__float_as_uint(a[2])),
          "r"(__float_as_uint(a[3])), "r"(__float_as_uint(b[0])), "r"(__float_as_uint(b[1])));
}

#endif

// The nearest number of 11 significant bits; halves go away from zero.
__device__ __forceinline__ float big_part(float x) { return __uint_as_float((__float_as_uint(x) + 0x1000u) & 0xffffe000u); }

// Stages 128 rows and 16 of k of an operand whose next element X is: as [row][k] where k is contiguous, as [k][row] where
// rows are. Beyond the rows and the depth that are left are zeros.
template <bool along_k>
__device__ __forceinline__ void stage(float *to, const float *X, int leading, int rows, int depth, int vectors)
{
    const int width = along_k ? BLOCK_K : BLOCK_M;
    const int pitch = along_k ? ROW_ALONG_K : ROW_ACROSS_K;
    const int slow_end = along_k ? rows : depth;
    const int fast_end = along_k ? depth : rows;
    const int each = vectors ? 4 : 1;
    for (int e = threadIdx.x * each; e < BLOCK_M * BLOCK_K; e += THREADS * each)
    {
        const int slow = e / width;
        const int fast = e % width;
        const int left = slow < slow_end ? fast_end - fast : 0;
        const int count = left < 0 ? 0 : left < each ? left : each;
        const float *from = count > 0 ? X + (INDEX)slow * leading + fast : X;
        if (vectors)
        {
            vem_copy16(to + slow * pitch + fast, from, 4 * count);
        }
        else
        {
            vem_copy4(to + slow * pitch + fast, from, 4 * count);
        }
    }
}

template <bool along_k>
__device__ __forceinline__ float staged(const float *from, int row, int k)
{
    return along_k ? from[row * ROW_ALONG_K + k] : from[k * ROW_ACROSS_K + row];
}

template <bool a_along_k, bool b_along_k>
__device__ __forceinline__ void product(
    float alpha, const float *A, int A_leading, INDEX A_step, const float *B, int B_leading, int has_weights,
    VIEW(const float, weights), float beta, float *C, int C_leading, int m, int n, int k, int kernels, int vectors)
{
    __shared__ __align__(16) float stages_a[2][STAGE_FLOATS];
    __shared__ __align__(16) float stages_b[2][STAGE_FLOATS];
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    const int g = lane / 4;
    const int t = lane % 4;
    const int warp_row = warp / 4 * (16 * TILES_M);
    const int warp_column = warp % 4 * (8 * TILES_N);
    const int row0 = blockIdx.y * BLOCK_M;
    const int column0 = blockIdx.x * BLOCK_N;
    const int tiles = (k + BLOCK_K - 1) / BLOCK_K * kernels;
    float sums[TILES_M][TILES_N][4];
    float factors[TILES_N];
#pragma unroll
    for (int i = 0; i < TILES_M; i++)
    {
#pragma unroll
        for (int j = 0; j < TILES_N; j++)
        {
#pragma unroll
            for (int e = 0; e < 4; e++)
            {
                sums[i][j][e] = 0.0f;
            }
        }
    }

    A += a_along_k ? (INDEX)row0 * A_leading : row0;
    B += b_along_k ? (INDEX)column0 * B_leading : column0;
    stage<a_along_k>(stages_a[0], A, A_leading, m - row0, k, vectors);
    stage<b_along_k>(stages_b[0], B, B_leading, n - column0, k, vectors);
    vem_copies_end();
    int kernel = 0;
    int k0 = 0;
    for (int tile = 0; tile < tiles; tile++)
    {
        const int now = tile & 1;
        if (k0 == 0)
        {
#pragma unroll
            for (int j = 0; j < TILES_N; j++)
            {
                const int column = column0 + warp_column + 8 * j + g;
                factors[j] = has_weights && column < n ? AT(weights, kernel, column) : 1.0f;
            }
        }

        k0 += BLOCK_K;
        if (k0 >= k)
        {
            k0 = 0;
            kernel++;
        }

        if (tile + 1 < tiles)
        {
            stage<a_along_k>(
                stages_a[1 - now], A + kernel * A_step + (a_along_k ? k0 : (INDEX)k0 * A_leading), A_leading, m - row0,
                k - k0, vectors);
            stage<b_along_k>(
                stages_b[1 - now], B + (b_along_k ? k0 : (INDEX)k0 * B_leading), B_leading, n - column0, k - k0, vectors);
            vem_copies_end();
            vem_wait_but_one();
        }
        else
        {
            vem_wait_all();
        }

        __syncthreads();
#pragma unroll 1
        for (int step = 0; step < BLOCK_K; step += STEP_K)
        {
            float big_b[TILES_N][2];
            float small_b[TILES_N][2];
#pragma unroll
            for (int j = 0; j < TILES_N; j++)
            {
#pragma unroll
                for (int e = 0; e < 2; e++)
                {
                    const float b = factors[j]
                        * staged<b_along_k>(stages_b[now], warp_column + 8 * j + g, step + t + 4 * e);
                    big_b[j][e] = big_part(b);
                    small_b[j][e] = b - big_b[j][e];
                }
            }

#pragma unroll
            for (int i = 0; i < TILES_M; i++)
            {
                float big_a[4];
                float small_a[4];
#pragma unroll
                for (int e = 0; e < 4; e++)
                {
                    const float a = staged<a_along_k>(
                        stages_a[now], warp_row + 16 * i + g + 8 * (e % 2), step + t + 4 * (e / 2));
                    big_a[e] = big_part(a);
                    small_a[e] = a - big_a[e];
                }

#pragma unroll
                for (int j = 0; j < TILES_N; j++)
                {
                    float part[4] = { 0.0f, 0.0f, 0.0f, 0.0f };
                    vem_mma(part, small_a, big_b[j]);
                    vem_mma(part, big_a, small_b[j]);
                    vem_mma(part, big_a, big_b[j]);
#pragma unroll
                    for (int e = 0; e < 4; e++)
                    {
                        sums[i][j][e] += part[e];
                    }
                }
            }
        }

        __syncthreads();
    }

#pragma unroll
    for (int i = 0; i < TILES_M; i++)
    {
#pragma unroll
        for (int j = 0; j < TILES_N; j++)
        {
#pragma unroll
            for (int e = 0; e < 4; e++)
            {
                const int row = row0 + warp_row + 16 * i + g + 8 * (e / 2);
                const int column = column0 + warp_column + 8 * j + 2 * t + e % 2;
                if (row < m && column < n)
                {
                    float *at = C + (INDEX)row * C_leading + column;
                    *at = beta == 0.0f ? alpha * sums[i][j][e] : alpha * sums[i][j][e] + beta * *at;
                }
            }
        }
    }
}

// Before compute capability 8.0 there is no such instruction, and these kernels are empty and not called.
#if defined(VEM_ON_HOST) || __CUDA_ARCH__ >= 800
#define TENSOR_PRODUCT(a_along_k, b_along_k)                                                                           \
    product<a_along_k, b_along_k>(                                                                                     \
        alpha, A + A_offset, A_leading, A_step, B + B_offset, B_leading, has_weights, weights, weights_offset,         \
        weights_rs, weights_cs, beta, C + C_offset, C_leading, m, n, k, kernels, vectors)
#else
#define TENSOR_PRODUCT(a_along_k, b_along_k)
#endif

// Two blocks a multiprocessor, which 128 registers a thread and 40 KB of shared memory allow: 16 warps, of which one
// block's can multiply while the other's wait for their copies or at the barrier.
#define TENSOR_KERNEL(name, a_along_k, b_along_k)                                                                      \
    extern "C" __global__ void __launch_bounds__(THREADS, 2)                                                           \
    name(float alpha, const float *A, INDEX A_offset, int A_leading, INDEX A_step, const float *B, INDEX B_offset,     \
        int B_leading, int has_weights, VIEW(const float, weights), float beta, float *C, INDEX C_offset,              \
        int C_leading, int m, int n, int k, int kernels, int vectors)                                                  \
    {                                                                                                                  \
        TENSOR_PRODUCT(a_along_k, b_along_k);                                                                          \
    }

// Of A and of B, which index is contiguous: k, or the other.
TENSOR_KERNEL(tensor_gemm_kn, true, false)
TENSOR_KERNEL(tensor_gemm_kk, true, true)
TENSOR_KERNEL(tensor_gemm_mn, false, false)
TENSOR_KERNEL(tensor_gemm_mk, false, true)
