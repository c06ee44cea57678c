// The common dialect as CUDA C++ spells it, for NVRTC: no headers. Comes before every kernel source; see
// native/README.md.

#define HAS_FP64 1

typedef long long INDEX;

#define KERNEL extern "C" __global__ void
#define FUNCTION __device__ __forceinline__
#define GLOBAL
#define LOCAL __shared__
#define LOCAL_POINTER
#define CONSTANT_TABLE __constant__
#define BARRIER __syncthreads()
#define BARRIER_GLOBAL __syncthreads()

// A kernel whose block has exactly x y z threads.
#define KERNEL_OF(x, y, z) extern "C" __global__ void __launch_bounds__((x) * (y) * (z))

__device__ __forceinline__ INDEX vem_global_id(int d)
{
    return d == 0 ? (INDEX)blockIdx.x * blockDim.x + threadIdx.x
        : d == 1 ? (INDEX)blockIdx.y * blockDim.y + threadIdx.y
        : (INDEX)blockIdx.z * blockDim.z + threadIdx.z;
}

__device__ __forceinline__ INDEX vem_global_size(int d)
{
    return d == 0 ? (INDEX)gridDim.x * blockDim.x : d == 1 ? (INDEX)gridDim.y * blockDim.y
        : (INDEX)gridDim.z * blockDim.z;
}

__device__ __forceinline__ int vem_local_id(int d) { return d == 0 ? threadIdx.x : d == 1 ? threadIdx.y : threadIdx.z; }

__device__ __forceinline__ int vem_local_size(int d) { return d == 0 ? blockDim.x : d == 1 ? blockDim.y : blockDim.z; }

__device__ __forceinline__ INDEX vem_group_id(int d) { return d == 0 ? blockIdx.x : d == 1 ? blockIdx.y : blockIdx.z; }

#define GLOBAL_ID(d) vem_global_id(d)
#define GLOBAL_SIZE(d) vem_global_size(d)
#define LOCAL_ID(d) vem_local_id(d)
#define LOCAL_SIZE(d) vem_local_size(d)
#define GROUP_ID(d) vem_group_id(d)

#define FMA(a, b, c) fma(a, b, c)

// Four elements side by side, wherever an element may lie: CUDA's own vectors must be aligned.
struct REAL4
{
    REAL x, y, z, w;
};

__device__ __forceinline__ REAL4 LOAD4(const REAL *p)
{
    REAL4 values = {p[0], p[1], p[2], p[3]};
    return values;
}

__device__ __forceinline__ void STORE4(REAL4 values, REAL *p)
{
    p[0] = values.x;
    p[1] = values.y;
    p[2] = values.z;
    p[3] = values.w;
}

#define INFINITY __int_as_float(0x7f800000)
#define NAN __int_as_float(0x7fffffff)
