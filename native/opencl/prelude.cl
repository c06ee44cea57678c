// The common dialect as OpenCL C 1.2 spells it. Comes before every kernel source; see native/README.md.

#ifdef HAS_FP64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

// What is written is what is computed: contractions would differ from device to device, and spoil sums in pairs of
// floats.
#pragma OPENCL FP_CONTRACT OFF

typedef long INDEX;

#define KERNEL __kernel void
#define FUNCTION static inline
#define GLOBAL __global
#define LOCAL __local
#define LOCAL_POINTER __local
#define CONSTANT_TABLE __constant
#define BARRIER barrier(CLK_LOCAL_MEM_FENCE)
#define BARRIER_GLOBAL barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)

// A kernel whose work-group has exactly x y z items.
#define KERNEL_OF(x, y, z) __kernel __attribute__((reqd_work_group_size(x, y, z))) void

#define GLOBAL_ID(d) ((INDEX)get_global_id(d))
#define GLOBAL_SIZE(d) ((INDEX)get_global_size(d))
#define LOCAL_ID(d) ((int)get_local_id(d))
#define LOCAL_SIZE(d) ((int)get_local_size(d))
#define GROUP_ID(d) ((INDEX)get_group_id(d))

#define FMA(a, b, c) fma(a, b, c)

// Four elements side by side, wherever an element may lie.
#define PASTE_TOKENS(a, b) a##b
#define PASTE(a, b) PASTE_TOKENS(a, b)
#define REAL4 PASTE(REAL, 4)
#define LOAD4(p) vload4(0, (p))
#define STORE4(values, p) vstore4((values), 0, (p))
