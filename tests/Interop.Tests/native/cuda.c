/* Inputs in the memory of a CUDA device give what inputs in the host's give, to the bit, and are not brought to the
 * host: on the tests' CUDA without a device (tests/Cuda.Tests/fake), which counts what is copied. VEM_CUDA_PATH names
 * its folder. */
#include <dlfcn.h>

#include "device.h"

static void *driver;
static long (*live)(const char *);

static void *function(const char *name)
{
    void *found = dlsym(driver, name);
    require(found != NULL, name);
    return found;
}

#define DRIVER(name, types) int(*name) types
static DRIVER(cuInit, (unsigned));
static DRIVER(cuDevicePrimaryCtxRetain, (void **, int));
static DRIVER(cuCtxPushCurrent, (void *));
static DRIVER(cuMemAlloc, (uintptr_t *, size_t));
static DRIVER(cuMemFree, (uintptr_t));
static DRIVER(cuMemcpyHtoDAsync, (uintptr_t, const void *, size_t, void *));
static DRIVER(cuMemcpyDtoHAsync, (void *, uintptr_t, size_t, void *));
static DRIVER(cuStreamCreate, (void **, unsigned));
static DRIVER(cuStreamSynchronize, (void *));
static void *stream;

/* A copy of a matrix on the device, ordered on the stream. */
static vem_matrix to_device(const vem_matrix *host)
{
    const size_t bytes = (size_t)(host->rows * host->columns) * (host->type == VEM_FLOAT32 ? 4 : 8);
    vem_matrix there = *host;
    uintptr_t address;
    require(cuMemAlloc(&address, bytes) == 0, "cuMemAlloc");
    require(cuMemcpyHtoDAsync(address, host->data, bytes, stream) == 0, "cuMemcpyHtoDAsync");
    there.data = (void *)address;
    there.memory = VEM_CUDA;
    there.stream = stream;
    return there;
}

int main(void)
{
    static outcome here, there;
    char path[4096];
    vem_backend backend;
    void *context;
    int s, i;
    snprintf(path, sizeof path, "%s/libcuda.so.1", getenv("VEM_CUDA_PATH"));
    driver = dlopen(path, RTLD_NOW);
    require(driver != NULL, path);
    *(void **)&live = function("fake_live");
    *(void **)&cuInit = function("cuInit");
    *(void **)&cuDevicePrimaryCtxRetain = function("cuDevicePrimaryCtxRetain");
    *(void **)&cuCtxPushCurrent = function("cuCtxPushCurrent_v2");
    *(void **)&cuMemAlloc = function("cuMemAlloc_v2");
    *(void **)&cuMemFree = function("cuMemFree_v2");
    *(void **)&cuMemcpyHtoDAsync = function("cuMemcpyHtoDAsync_v2");
    *(void **)&cuMemcpyDtoHAsync = function("cuMemcpyDtoHAsync_v2");
    *(void **)&cuStreamCreate = function("cuStreamCreate");
    *(void **)&cuStreamSynchronize = function("cuStreamSynchronize");

    check(vem_backend_create("cuda:0", 0, &backend), "vem_backend_create");
    vem_backend_handles handles;
    memset(&handles, 0, sizeof handles);
    handles.size = sizeof handles;
    check(vem_backend_native(backend, &handles), "vem_backend_native");
    require(cuInit(0) == 0 && cuDevicePrimaryCtxRetain(&context, 0) == 0, "the primary context");
    require(handles.memory == VEM_CUDA && handles.context == context && handles.queue != NULL, "handles");
    require(cuCtxPushCurrent(context) == 0 && cuStreamCreate(&stream, 1) == 0, "a stream");

    problem host = host_problem(), device;
    for (s = 0; s < SPACES; ++s) {
        device.X[s] = to_device(&host.X[s]);
        device.K[s] = to_device(&host.K[s]);
    }
    device.Y = to_device(&host.Y);
    device.dual = to_device(&host.dual);
    device.primal = to_device(&host.primal);
    run_all(backend, &host, &here);
    long to_host = live("bytes to host"), to_device_bytes = live("bytes to device");
    run_all(backend, &host, &here);
    long host_down = live("bytes to host") - to_host, host_up = live("bytes to device") - to_device_bytes;
    to_host = live("bytes to host");
    to_device_bytes = live("bytes to device");
    run_all(backend, &device, &there);
    long device_down = live("bytes to host") - to_host, device_up = live("bytes to device") - to_device_bytes;
    compare(&there, &here);
    printf(
        "copied to the device %ld bytes of inputs in the host's memory, %ld of the device's; to the host %ld and %ld\n",
        host_up, device_up, host_down, device_down);

    /* Of inputs on the device nothing but means and norms, for the checks, comes to the host: in all fifteen calls less
     * than one matrix of responses. What goes to the device then are factors, filters and index lists. */
    const long responses = 4l * SAMPLES * TARGETS;
    require(host_up - device_up > 20 * responses, "inputs on the device are not uploaded");
    require(device_down - host_down < responses, "inputs on the device are not downloaded");

    /* NaN on the device is found there, and named. */
    float nan = NAN;
    vem_matrix weights = describe(here.values[0], VEM_FLOAT32, FEATURES, TARGETS);
    char text[1024];
    require(
        cuMemcpyHtoDAsync((uintptr_t)device.Y.data + 4 * (3 * TARGETS + 5), &nan, 4, stream) == 0, "cuMemcpyHtoDAsync");
    require(vem_ridge(backend, &device.X[0], &device.Y, NULL, &weights, NULL, NULL, NULL) == VEM_INVALID_ARGUMENT,
        "NaN is refused");
    vem_last_error(text, sizeof text);
    require(strstr(text, "sample 3") != NULL && strstr(text, "target 5") != NULL, text);

    /* A kernel on the device that is not symmetric. */
    require(cuMemcpyHtoDAsync((uintptr_t)device.K[0].data + 4, &host_K[0][7], 4, stream) == 0, "cuMemcpyHtoDAsync");
    require(vem_kernel_ridge(backend, &device.K[0], &host.Y, NULL, NULL, &device.dual, NULL, NULL, NULL) ==
                VEM_INVALID_ARGUMENT,
        "an asymmetric kernel is refused");
    vem_last_error(text, sizeof text);
    require(strstr(text, "not symmetric") != NULL, text);

    /* An operand that is written where it lies; without a stream it is ready when the call returns. */
    static double stack[MATRICES * 9], factors[MATRICES * 9];
    for (s = 0; s < MATRICES; ++s)
        for (i = 0; i < 9; ++i)
            stack[s * 9 + i] = i % 4 == 0 ? 4 + s : 1;
    vem_matrix on_host = describe(stack, VEM_FLOAT64, MATRICES * 3, 3), on_device = to_device(&on_host);
    require(cuStreamSynchronize(stream) == 0, "cuStreamSynchronize");
    on_device.stream = NULL;
    check(vem_cholesky(backend, &on_device, MATRICES, NULL), "vem_cholesky");
    require(cuMemcpyDtoHAsync(factors, (uintptr_t)on_device.data, sizeof factors, stream) == 0 &&
                cuStreamSynchronize(stream) == 0,
        "copy");
    check(vem_cholesky(backend, &on_host, MATRICES, NULL), "vem_cholesky");
    require(memcmp(factors, stack, sizeof stack) == 0, "factors on the device are those on the host");

    /* What a backend cannot reach it says. */
    vem_backend other;
    check(vem_backend_create("simd", 0, &other), "vem_backend_create");
    require(vem_ridge(other, &device.X[0], &host.Y, NULL, &weights, NULL, NULL, NULL) == VEM_NOT_SUPPORTED,
        "CUDA memory on the processor");
    check(vem_backend_native(other, &handles), "vem_backend_native");
    require(handles.memory == VEM_HOST && handles.context == NULL, "the processor has no handles");
    check(vem_backend_free(other), "vem_backend_free");
    check(vem_backend_free(backend), "vem_backend_free");
    require(cuMemFree((uintptr_t)device.Y.data) == 0, "cuMemFree");
    printf("as it should be\n");
    return 0;
}
