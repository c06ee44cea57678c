// CUDA C++ as a C++ compiler takes it, on the fibres of fibres.h. Comes before a source that the fake NVRTC compiles.

#include <math.h>
#include <tuple>
#include <utility>

#define __device__
#define __forceinline__ inline
#define __shared__ static
#define __constant__ static const
#define __launch_bounds__(...)
#define __restrict__ __restrict

// Kernels that spell machine instructions leave those to what stands below.
#define VEM_ON_HOST 1
#define __align__(n) __attribute__((aligned(n)))

static inline float __int_as_float(int bits) { float value; memcpy(&value, &bits, sizeof value); return value; }
static inline float __uint_as_float(unsigned bits) { return __int_as_float((int)bits); }
static inline unsigned __float_as_uint(float x) { unsigned bits; memcpy(&bits, &x, sizeof bits); return bits; }

namespace vem
{
    // What lanes show the others of their warp. It lies in two places that take turns: who comes to write into one has
    // met the others since all of them read it. Of one block at a time, as shared memory is.
    const unsigned WORDS = 3;
    struct Shown { uint64_t words[WARP][WORDS]; };
    static Shown shown[MOST_WARPS][2];

    static unsigned lane() { return current->thread % WARP; }

    // Shows a value to the warp, and gives what all of its lanes show.
    template <class T>
    static const Shown &show(const T &value, Meeting meeting)
    {
        static_assert(sizeof(T) <= WORDS * sizeof(uint64_t), "more than a lane shows");
        Shown &place = shown[current->thread / WARP][current->turn ^= 1];
        memcpy(place.words[lane()], &value, sizeof value);
        warp_barrier(meeting);
        return place;
    }

    template <class T>
    static T seen(const Shown &place, unsigned from)
    {
        T value;
        memcpy(&value, place.words[from], sizeof value);
        return value;
    }

    template <class T>
    static T exchange(T value, unsigned from) { return seen<T>(show(value, SHUFFLE), from % WARP); }
}

#define __syncthreads() vem::barrier()
#define __syncwarp() vem::warp_barrier(vem::SYNCWARP)

template <class T>
static T __shfl_xor_sync(unsigned, T value, int mask) { return vem::exchange(value, vem::lane() ^ (unsigned)mask); }

template <class T>
static T __shfl_sync(unsigned, T value, int from) { return vem::exchange(value, (unsigned)from); }

static int __any_sync(unsigned, int value)
{
    const vem::Shown &place = vem::show(value, vem::SHUFFLE);
    const unsigned first = vem::current->thread / vem::WARP * vem::WARP;
    int any = 0;
    for (unsigned lane = 0; lane < vem::WARP && first + lane < vem::threads; lane++)
    {
        any |= vem::seen<int>(place, lane);
    }

    return any != 0;
}

// Copies to shared memory happen at once.
static inline void vem_copy4(float *to, const float *from, int bytes)
{
    memset(to, 0, 4);
    memcpy(to, from, bytes);
}

static inline void vem_copy16(float *to, const float *from, int bytes)
{
    // What the device demands of addresses.
    if (((uintptr_t)to | (uintptr_t)from) % 16 != 0)
    {
        abort();
    }

    memset(to, 0, 16);
    memcpy(to, from, bytes);
}

static inline void vem_copies_end() {}
static inline void vem_wait_but_one() {}
static inline void vem_wait_all() {}

static inline float vem_tf32(float x) { return __uint_as_float(__float_as_uint(x) & 0xffffe000u); }

// mma.m16n8k8 of tf32 by the fragments of the PTX ISA: operands cut to 11 bits, 8 products added exactly, the sum cut
// to the bits of a float (tensor cores cut, they do not round).
static inline void vem_mma(float (&d)[4], const float (&a)[4], const float (&b)[2])
{
    struct Fragment { float values[6]; };
    const vem::Shown &place = vem::show(Fragment{ { a[0], a[1], a[2], a[3], b[0], b[1] } }, vem::MULTIPLY);
    const unsigned g = vem::lane() / 4, t = vem::lane() % 4;
    auto of = [&](unsigned from, int element) {
        return (double)vem_tf32(vem::seen<Fragment>(place, from).values[element]);
    };
    for (int e = 0; e < 4; e++)
    {
        const unsigned row = g + 8 * (e / 2), column = 2 * t + e % 2;
        double sum = d[e];
        for (unsigned k = 0; k < 8; k++)
        {
            sum += of(row % 8 * 4 + k % 4, row / 8 + 2 * (k / 4)) * of(column * 4 + k % 4, 4 + k / 4);
        }

        float cut = (float)sum;
        d[e] = fabs((double)cut) > fabs(sum) ? nextafterf(cut, 0.0f) : cut;
    }
}

namespace vem
{
    // What a launch keeps of its arguments: they are the caller's until it returns.
    template <class... A, size_t... I>
    void *pack(void (*)(A...), void **p, std::index_sequence<I...>) { return new std::tuple<A...>(*(A *)p[I]...); }

    template <class... A>
    void *pack(void (*f)(A...), void **p) { return pack(f, p, std::index_sequence_for<A...>()); }

    template <class... A>
    void drop(void (*)(A...), void *packed) { delete (std::tuple<A...> *)packed; }

    template <auto F, class... A, size_t... I>
    void run_threads(std::tuple<A...> &a, std::index_sequence<I...>)
    {
        do
        {
            F(std::get<I>(a)...);
        }
        while (next());
    }

    template <auto F, class... A>
    int run(void (*)(A...), void *packed, const unsigned *grid, const unsigned *block)
    {
        body = [](void *p) { run_threads<F>(*(std::tuple<A...> *)p, std::index_sequence_for<A...>()); };
        arguments = packed;
        gridDim = { grid[0], grid[1], grid[2] };
        blockDim = { block[0], block[1], block[2] };
        threads = block[0] * block[1] * block[2];
        for (unsigned z = 0; z < grid[2]; z++)
        {
            for (unsigned y = 0; y < grid[1]; y++)
            {
                for (unsigned x = 0; x < grid[0]; x++)
                {
                    blockIdx = { x, y, z };
                    if (!run_block())
                    {
                        return 0;
                    }

                    backwards = !backwards;
                }
            }
        }

        return 1;
    }
}

#define VEM_EXPORT extern "C" __attribute__((visibility("default")))
#define VEM_KERNEL(name)                                                                                               \
    VEM_EXPORT void *name##__pack(void **p) { return vem::pack(name, p); }                                             \
    VEM_EXPORT void name##__drop(void *packed) { vem::drop(name, packed); }                                            \
    VEM_EXPORT int name##__run(void *packed, const unsigned *grid, const unsigned *block)                              \
    {                                                                                                                  \
        return vem::run<name>(name, packed, grid, block);                                                              \
    }
