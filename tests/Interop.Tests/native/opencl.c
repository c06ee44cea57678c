/* Inputs in buffers of an OpenCL backend's own context, which the backend hands out, give what inputs in the host's
 * memory give. Without the headers of OpenCL: the library is loaded when the program runs. */
#include <dlfcn.h>

#include "device.h"

static void *library;

static void *function(const char *name)
{
    void *found = dlsym(library, name);
    require(found != NULL, name);
    return found;
}

static void *(*clCreateBuffer)(void *context, uint64_t flags, size_t bytes, void *host, int32_t *error);
static void *(*clCreateCommandQueue)(void *context, void *device, uint64_t properties, int32_t *error);
static int32_t (*clEnqueueWriteBuffer)(void *queue, void *buffer, uint32_t blocking, size_t offset, size_t bytes,
    const void *host, uint32_t, const void *, void *);
static int32_t (*clEnqueueReadBuffer)(void *queue, void *buffer, uint32_t blocking, size_t offset, size_t bytes,
    void *host, uint32_t, const void *, void *);
static int32_t (*clReleaseMemObject)(void *buffer);
static int32_t (*clReleaseCommandQueue)(void *queue);
static vem_backend_handles handles;

/* A buffer that a queue fills: nothing waits for it here. */
static vem_matrix to_device(const vem_matrix *host, void *queue)
{
    const size_t bytes = (size_t)(host->rows * host->columns) * (host->type == VEM_FLOAT32 ? 4 : 8);
    vem_matrix there = *host;
    int32_t error;
    there.data = clCreateBuffer(handles.context, 1, bytes, NULL, &error);
    require(error == 0, "clCreateBuffer");
    require(
        clEnqueueWriteBuffer(queue, there.data, 0, 0, bytes, host->data, 0, NULL, NULL) == 0, "clEnqueueWriteBuffer");
    there.memory = VEM_OPENCL;
    there.stream = queue;
    return there;
}

int main(void)
{
    static outcome here, there;
    vem_backend backend, other;
    void *queues[2];
    int32_t error;
    int q, s, i;
    library = dlopen("libOpenCL.so.1", RTLD_NOW);
    require(library != NULL, "libOpenCL.so.1");
    *(void **)&clCreateBuffer = function("clCreateBuffer");
    *(void **)&clCreateCommandQueue = function("clCreateCommandQueue");
    *(void **)&clEnqueueWriteBuffer = function("clEnqueueWriteBuffer");
    *(void **)&clEnqueueReadBuffer = function("clEnqueueReadBuffer");
    *(void **)&clReleaseMemObject = function("clReleaseMemObject");
    *(void **)&clReleaseCommandQueue = function("clReleaseCommandQueue");
    check(vem_backend_create("opencl:0", 0, &backend), "vem_backend_create");
    memset(&handles, 0, sizeof handles);
    handles.size = sizeof handles;
    check(vem_backend_native(backend, &handles), "vem_backend_native");
    require(handles.memory == VEM_OPENCL && handles.device && handles.context && handles.queue, "handles");
    queues[0] = handles.queue;
    queues[1] = clCreateCommandQueue(handles.context, handles.device, 0, &error);
    require(error == 0, "clCreateCommandQueue");

    problem host = host_problem(), device;
    run_all(backend, &host, &here);
    for (q = 0; q < 2; ++q) { /* the backend's own queue, and another */
        for (s = 0; s < SPACES; ++s) {
            device.X[s] = to_device(&host.X[s], queues[q]);
            device.K[s] = to_device(&host.K[s], queues[q]);
        }
        device.Y = to_device(&host.Y, queues[q]);
        device.dual = to_device(&host.dual, queues[q]);
        device.primal = to_device(&host.primal, queues[q]);
        run_all(backend, &device, &there);
        compare(&there, &here);
    }

    /* An operand that is written where it lies. */
    static double stack[MATRICES * 9], factors[MATRICES * 9];
    for (s = 0; s < MATRICES; ++s)
        for (i = 0; i < 9; ++i)
            stack[s * 9 + i] = i % 4 == 0 ? 4 + s : 1;
    vem_matrix on_host = describe(stack, VEM_FLOAT64, MATRICES * 3, 3), on_device = to_device(&on_host, handles.queue);
    check(vem_cholesky(backend, &on_device, MATRICES, NULL), "vem_cholesky");
    require(clEnqueueReadBuffer(handles.queue, on_device.data, 1, 0, sizeof factors, factors, 0, NULL, NULL) == 0,
        "clEnqueueReadBuffer");
    check(vem_cholesky(backend, &on_host, MATRICES, NULL), "vem_cholesky");
    require(memcmp(factors, stack, sizeof stack) == 0, "factors on the device are those on the host");

    /* A buffer that is smaller than the matrix, one of another context, and one on the processor. */
    vem_matrix weights = describe(here.values[0], VEM_FLOAT32, FEATURES, TARGETS), large = device.Y;
    large.rows = SAMPLES + 1;
    require(vem_ridge(backend, &device.X[0], &large, NULL, &weights, NULL, NULL, NULL) != VEM_OK, "a small buffer");
    check(vem_backend_create("opencl:0", 0, &other), "vem_backend_create");
    require(vem_ridge(other, &device.X[0], &host.Y, NULL, &weights, NULL, NULL, NULL) == VEM_NOT_SUPPORTED,
        "another context");
    check(vem_backend_free(other), "vem_backend_free");
    require(clReleaseMemObject(device.Y.data) == 0 && clReleaseCommandQueue(queues[1]) == 0, "release");
    check(vem_backend_free(backend), "vem_backend_free");
    printf("as it should be\n");
    return 0;
}
