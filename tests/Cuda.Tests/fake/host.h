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

struct vem_uint3 { unsigned x, y, z; };
static vem_uint3 threadIdx, blockIdx, blockDim, gridDim;

static inline float __int_as_float(int bits) { float value; memcpy(&value, &bits, sizeof value); return value; }

namespace vem
{
    const size_t STACK = 256 << 10;

    // A coroutine runs threads one after another; at a barrier it parks, and another goes on. It is entered by
    // setcontext, and from then on by longjmp, which asks nothing of the system.
    struct Coroutine { ucontext_t context; jmp_buf place; std::vector<char> stack; unsigned thread; bool started; };

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

    static void barrier()
    {
        Coroutine *self = current;
        parked.push_back(self);
        leave(self);
    }

    // Whether all threads of the block met at every barrier.
    static bool run_block()
    {
        next_thread = 0;
        while (next_thread < threads)
        {
            resume(start());
        }

        while (!parked.empty())
        {
            if (parked.size() != threads)
            {
                return false;
            }

            std::vector<Coroutine *> waiting;
            waiting.swap(parked);
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

#define VEM_KERNEL(name)                                                                                               \
    extern "C" void *name##__pack(void **p) { return vem::pack(name, p); }                                             \
    extern "C" void name##__drop(void *packed) { vem::drop(name, packed); }                                            \
    extern "C" int name##__run(void *packed, const unsigned *grid, const unsigned *block)                              \
    {                                                                                                                  \
        return vem::run<name>(name, packed, grid, block);                                                              \
    }
