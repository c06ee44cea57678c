/* A process that forks after it used the library: the child is refused, the parent goes on. Exits with 0 where that is
 * so. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vemkernels.h"

int main(void)
{
    vem_backend backend, other;
    if (vem_backend_create("simd", 2, &backend) != VEM_OK)
        return 1;
    pid_t child = fork();
    if (child == 0) {
        char text[512];
        int32_t status = vem_backend_create("simd", 2, &other);
        vem_last_error(text, sizeof text);
        _exit(status == VEM_FORKED && strstr(text, "fork") != NULL ? 0 : 2);
    }
    int how = 0;
    waitpid(child, &how, 0);
    if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
        return 3;
    return vem_backend_free(backend) == VEM_OK ? 0 : 4;
}
