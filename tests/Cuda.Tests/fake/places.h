// Places in a program that can be left and come back to, each on a stack of its own. Comes before fibres.h.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && !defined(VEM_PORTABLE)

// Keeps the registers that a callee must keep on the stack and the stack's end at *from, and goes on where another call
// of this function left *to. The compiler is shown a function that it knows nothing of, which may call any kernel: what
// is in shared memory is read again.
extern "C" __attribute__((visibility("hidden"))) void vem_switch(void **from, void **to);
asm(R"(
    .text
    .p2align 4
    .globl vem_switch
    .hidden vem_switch
    .type vem_switch, @function
vem_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq (%rsi), %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size vem_switch, . - vem_switch
)");

namespace vem
{
    typedef void *Place;

    // A place at the entry of a function that never returns, on a stack that ends at a multiple of 16.
    static void prepare(Place *place, char *stack, size_t bytes, void (*entry)())
    {
        const unsigned kept = 6;
        void **top = (void **)(stack + bytes);
        *--top = nullptr;
        *--top = (void *)entry;
        top -= kept;
        memset(top, 0, kept * sizeof *top);
        *place = top;
    }

    static void go(Place *from, Place *to) { vem_switch(from, to); }
}

#else

#include <setjmp.h>
#include <ucontext.h>

namespace vem
{
    // Entered by setcontext, and from then on by longjmp, which asks nothing of the system.
    struct Place { ucontext_t context; jmp_buf jump; bool fresh; };

    static void prepare(Place *place, char *stack, size_t bytes, void (*entry)())
    {
        getcontext(&place->context);
        place->context.uc_stack.ss_sp = stack;
        place->context.uc_stack.ss_size = bytes;
        place->context.uc_link = nullptr;
        makecontext(&place->context, entry, 0);
        place->fresh = true;
    }

    static void go(Place *from, Place *to)
    {
        if (_setjmp(from->jump) == 0)
        {
            if (to->fresh)
            {
                to->fresh = false;
                setcontext(&to->context);
            }

            _longjmp(to->jump, 1);
        }
    }
}

#endif
