// CUDA C++ as a C++ compiler takes it: a block's threads are coroutines that change places at barriers, blocks run one
// after another. Comes before a source that the fake NVRTC compiles.

#include <math.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <tuple>
#include <ucontext.h>
#include <utility>
#include <vector>

#define __device__
#define __forceinline__ inline
#define __shared__ static
#define __constant__ static const
#define __launch_bounds__(...)
#define __restrict__ __restrict

// Kernels that spell machine instructions leave those to what stands below.
#define VEM_ON_HOST 1
#define __align__(n) __attribute__((aligned(n)))

struct vem_uint3 { unsigned x, y, z; };
static vem_uint3 threadIdx, blockIdx, blockDim, gridDim;

static inline float __int_as_float(int bits) { float value; memcpy(&value, &bits, sizeof value); return value; }
static inline float __uint_as_float(unsigned bits) { return __int_as_float((int)bits); }
static inline unsigned __float_as_uint(float x) { unsigned bits; memcpy(&bits, &x, sizeof bits); return bits; }

namespace vem
{
    const size_t STACK = 256 << 10;

    // A coroutine runs threads one after another; at a barrier it parks, and another goes on. It is entered by
    // setcontext, and from then on by longjmp, which asks nothing of the system.
    // It waits for its block, or for its warp.
    struct Coroutine { ucontext_t context; jmp_buf place; std::vector<char> stack; unsigned thread; bool started, in_warp; };

    static jmp_buf scheduler;
    static std::vector<Coroutine *> idle, parked;
    static Coroutine *current;
    static unsigned next_thread, threads;
    static void (*body)(void *);
    static void *arguments;

    static void place(unsigned thread)
    {
        threadIdx = { thread % blockDim.x, thread / blockDim.x % blockDim.y, thread / blockDim.x / blockDim.y };
    }

    static void leave(Coroutine *self)
    {
        if (_setjmp(self->place) == 0)
        {
            _longjmp(scheduler, 1);
        }
    }

    static void work()
    {
        for (;;)
        {
            while (next_thread < threads)
            {
                current->thread = next_thread++;
                place(current->thread);
                body(arguments);
            }

            // Whoever parked may go on; this one is free until the scheduler calls it again.
            Coroutine *self = current;
            idle.push_back(self);
            leave(self);
        }
    }

    static Coroutine *start()
    {
        if (!idle.empty())
        {
            Coroutine *ready = idle.back();
            idle.pop_back();
            return ready;
        }

        Coroutine *made = new Coroutine();
        made->stack.resize(STACK);
        getcontext(&made->context);
        made->context.uc_stack.ss_sp = made->stack.data();
        made->context.uc_stack.ss_size = STACK;
        made->context.uc_link = nullptr;
        makecontext(&made->context, work, 0);
        return made;
    }

    static void resume(Coroutine *coroutine)
    {
        current = coroutine;
        place(coroutine->thread);
        if (_setjmp(scheduler) != 0)
        {
            return;
        }

        if (coroutine->started)
        {
            _longjmp(coroutine->place, 1);
        }

        coroutine->started = true;
        setcontext(&coroutine->context);
    }

    static void park(bool in_warp)
    {
        Coroutine *self = current;
        self->in_warp = in_warp;
        parked.push_back(self);
        leave(self);
    }

    static void barrier() { park(false); }

    // All lanes of the calling thread's warp, at the same place of the program.
    static void warp_barrier() { park(true); }

    // What a lane shows the others, between two barriers of its warp: the second lets nobody overwrite what another has
    // yet to read. Of one block at a time, as shared memory is.
    const unsigned MOST_WARPS = 32, WORDS = 8;
    static uint64_t shown[MOST_WARPS][32][WORDS];

    static unsigned thread_of_block() { return threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z); }
    static unsigned warp() { return thread_of_block() / 32; }
    static unsigned lane() { return thread_of_block() % 32; }

    template <class T>
    static T exchange(T value, unsigned from)
    {
        static_assert(sizeof(T) <= sizeof(uint64_t), "one word");
        const unsigned w = warp();
        memcpy(&shown[w][lane()][0], &value, sizeof value);
        warp_barrier();
        memcpy(&value, &shown[w][from % 32][0], sizeof value);
        warp_barrier();
        return value;
    }

    // Whether all threads of the block met at every barrier.
    static bool run_block()
    {
        next_thread = 0;
        while (next_thread < threads)
        {
            resume(start());
        }

        // Warps whose lanes all wait for each other go on; when none does, all threads must wait for the block.
        while (!parked.empty())
        {
            unsigned of_warp[MOST_WARPS] = {}, lanes_of_warps = 0;
            for (Coroutine *coroutine : parked)
            {
                of_warp[coroutine->thread / 32] += coroutine->in_warp;
                lanes_of_warps += coroutine->in_warp;
            }

            std::vector<Coroutine *> waiting, staying;
            for (Coroutine *coroutine : parked)
            {
                const unsigned first = coroutine->thread / 32 * 32;
                const unsigned lanes = threads - first < 32 ? threads - first : 32;
                const bool goes = lanes_of_warps == 0 ? parked.size() == threads
                    : coroutine->in_warp && of_warp[coroutine->thread / 32] == lanes;
                (goes ? waiting : staying).push_back(coroutine);
            }

            if (waiting.empty())
            {
                return false;
            }

            parked.swap(staying);
            for (Coroutine *coroutine : waiting)
            {
                resume(coroutine);
            }
        }

        return true;
    }

    template <class... A, size_t... I>
    void *pack(void (*)(A...), void **p, std::index_sequence<I...>) { return new std::tuple<A...>(*(A *)p[I]...); }

    template <class... A>
    void *pack(void (*f)(A...), void **p) { return pack(f, p, std::index_sequence_for<A...>()); }

    template <class... A>
    void drop(void (*)(A...), void *packed) { delete (std::tuple<A...> *)packed; }

    template <auto F, class... A>
    int run(void (*)(A...), void *packed, const unsigned *grid, const unsigned *block)
    {
        body = [](void *p) { std::apply(F, *(std::tuple<A...> *)p); };
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
                }
            }
        }

        return 1;
    }
}

#define __syncthreads() vem::barrier()
#define __syncwarp() vem::warp_barrier()

template <class T>
static T __shfl_xor_sync(unsigned, T value, int mask) { return vem::exchange(value, vem::lane() ^ (unsigned)mask); }

template <class T>
static T __shfl_sync(unsigned, T value, int from) { return vem::exchange(value, (unsigned)from); }

static int __any_sync(unsigned mask, int value)
{
    for (int step = 16; step > 0; step /= 2)
    {
        value |= __shfl_xor_sync(mask, value, step);
    }

    return value != 0;
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

// mma.m16n8k8 of tf32 by the fragments of the PTX ISA: operands cut to 11 bits, 8 products added exactly, the sum cut to
// the bits of a float (tensor cores cut, they do not round).
static inline void vem_mma(float (&d)[4], const float (&a)[4], const float (&b)[2])
{
    const unsigned w = vem::warp(), lane = vem::lane(), g = lane / 4, t = lane % 4;
    float own[6] = { a[0], a[1], a[2], a[3], b[0], b[1] };
    memcpy(vem::shown[w][lane], own, sizeof own);
    vem::warp_barrier();
    auto of = [&](unsigned from, int element) {
        float values[6];
        memcpy(values, vem::shown[w][from], sizeof values);
        return (double)vem_tf32(values[element]);
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

    vem::warp_barrier();
}

#define VEM_KERNEL(name)                                                                                               \
    extern "C" void *name##__pack(void **p) { return vem::pack(name, p); }                                             \
    extern "C" void name##__drop(void *packed) { vem::drop(name, packed); }                                            \
    extern "C" int name##__run(void *packed, const unsigned *grid, const unsigned *block)                              \
    {                                                                                                                  \
        return vem::run<name>(name, packed, grid, block);                                                              \
    }
