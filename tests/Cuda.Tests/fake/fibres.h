// The threads of a block as fibres of one thread of the processor: they change places at barriers of the block or of
// their warps, and blocks run one after another. Comes after places.h, before host.h.
//
// A fibre that comes to a barrier goes straight to the next that may run; one whose thread ended takes the next thread
// that has not begun, so that a kernel without barriers is a loop on a single fibre. The last to come to a barrier goes
// on at once. Every second block begins its threads from the last to the first, by which a missing barrier shows in one
// block where it does not in another.

#include <sys/mman.h>
#include <vector>

struct vem_uint3 { unsigned x, y, z; };
static vem_uint3 threadIdx, blockIdx, blockDim, gridDim;

namespace vem
{
    const size_t STACK = 256 << 10;
    const unsigned WARP = 32, MOST_WARPS = 32, NEVER = 1u << 31;

    // What the lanes of a warp wait for together.
    enum Meeting { SYNCWARP, SHUFFLE, MULTIPLY };

    struct Fibre { Place place; Fibre *next; char *stack; size_t bytes; vem_uint3 index; unsigned thread, turn; };

    struct Queue { Fibre *first, *last; unsigned count; Meeting meeting; };

    static Place outside;
    static Fibre *current;
    static std::vector<Fibre *> all, idle;
    static Queue ready, of_block, of_warps[MOST_WARPS];
    static unsigned begun, ended, threads;
    static vem_uint3 next_index;
    static bool backwards;

    // Runs the kernel with its arguments as the thread of the current fibre, and the threads that next gives it.
    static void (*body)(void *);
    static void *arguments;

    static void append(Queue &queue, Fibre *fibre)
    {
        fibre->next = nullptr;
        (queue.first ? queue.last->next : queue.first) = fibre;
        queue.last = fibre;
        queue.count++;
    }

    // Appends all that a queue holds to those that may run.
    static void release(Queue &queue)
    {
        if (queue.first)
        {
            (ready.first ? ready.last->next : ready.first) = queue.first;
            ready.last = queue.last;
        }

        queue = {};
    }

    // Gives a fibre the next thread.
    static void begin(Fibre *fibre)
    {
        vem_uint3 &at = next_index;
        fibre->thread = backwards ? threads - 1 - begun : begun;
        fibre->turn = 0;
        fibre->index = at;
        begun++;
        if (backwards)
        {
            at = at.x > 0 ? vem_uint3{ at.x - 1, at.y, at.z } : at.y > 0 ? vem_uint3{ blockDim.x - 1, at.y - 1, at.z }
                : vem_uint3{ blockDim.x - 1, blockDim.y - 1, at.z - 1 };
        }
        else
        {
            at = at.x + 1 < blockDim.x ? vem_uint3{ at.x + 1, at.y, at.z }
                : at.y + 1 < blockDim.y ? vem_uint3{ 0, at.y + 1, at.z } : vem_uint3{ 0, 0, at.z + 1 };
        }
    }

    // Ends the current fibre's thread. Whether it has another now: who may run after a barrier comes first.
    static inline bool next()
    {
        ended++;
        if (ready.first || begun == threads)
        {
            return false;
        }

        begin(current);
        threadIdx = current->index;
        return true;
    }

    static void work();

    static Fibre *make()
    {
        Fibre *made = new Fibre();
        const int kind = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
        made->stack = (char *)mmap(nullptr, STACK, PROT_READ | PROT_WRITE, kind, -1, 0);
        if (made->stack == MAP_FAILED)
        {
            abort();
        }

        // Ends of stacks lie at different places of their pages, so that not all of them meet the same sets of a cache.
        made->bytes = STACK - all.size() % 64 * 1088;
        prepare(&made->place, made->stack, made->bytes, work);
        all.push_back(made);
        return made;
    }

    static Fibre *start()
    {
        Fibre *fibre = idle.empty() ? make() : idle.back();
        if (!idle.empty())
        {
            idle.pop_back();
        }

        begin(fibre);
        return fibre;
    }

    static void resume(Place *from, Fibre *fibre)
    {
        current = fibre;
        threadIdx = fibre->index;
        go(from, &fibre->place);
    }

    // Leaves a fibre, which waits or is idle, for the next that may run, or a new one; where all wait in vain, or are
    // done, for what runs the block.
    static void leave(Fibre *self)
    {
        if (Fibre *next = ready.first)
        {
            ready.first = next->next;
            resume(&self->place, next);
        }
        else if (begun < threads)
        {
            resume(&self->place, start());
        }
        else
        {
            go(&self->place, &outside);
        }
    }

    static void work()
    {
        for (;;)
        {
            body(arguments);
            idle.push_back(current);
            leave(current);
        }
    }

    static void wait(Queue &queue, unsigned expected)
    {
        Fibre *self = current;
        if (queue.count + 1 == expected)
        {
            release(queue);
        }
        else
        {
            append(queue, self);
            leave(self);
        }
    }

    static void barrier() { wait(of_block, threads); }

    // All lanes of the calling thread's warp, for the same reason; where reasons differ nobody goes on.
    static void warp_barrier(Meeting meeting)
    {
        const unsigned warp = current->thread / WARP, left = threads - warp * WARP;
        Queue &queue = of_warps[warp];
        if (!queue.first)
        {
            queue.meeting = meeting;
        }
        else if (queue.meeting != meeting)
        {
            queue.count = NEVER;
        }

        wait(queue, left < WARP ? left : WARP);
    }

    // Whether all threads of the block met at every barrier.
    static bool run_block()
    {
        begun = ended = 0;
        next_index = backwards ? vem_uint3{ blockDim.x - 1, blockDim.y - 1, blockDim.z - 1 } : vem_uint3{ 0, 0, 0 };
        resume(&outside, start());
        if (ended == threads)
        {
            return true;
        }

        // Who waits is given up.
        ready = of_block = {};
        memset(of_warps, 0, sizeof of_warps);
        idle = all;
        for (Fibre *fibre : all)
        {
            prepare(&fibre->place, fibre->stack, fibre->bytes, work);
        }

        return false;
    }
}
