// A driver without a device. Device memory is host memory between guards, full of NaN when it is new; copies are real;
// modules are shared objects that the fake NVRTC made, and kernels run.

#include "fake.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <dlfcn.h>
#include <elf.h>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <unistd.h>
#include <unordered_map>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))
#define CALL(name) do { if (int code = fake_outcome(name)) return code; } while (0)
#define NEEDS_CONTEXT do { if (contexts.empty()) return INVALID_CONTEXT; } while (0)

enum { SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NO_DEVICE = 100, INVALID_DEVICE = 101, INVALID_IMAGE = 200,
    INVALID_CONTEXT = 201, INVALID_HANDLE = 400, NOT_FOUND = 500, LAUNCH_OUT_OF_RESOURCES = 701, LAUNCH_FAILED = 719 };

enum { EAGER = 0, LAZY = 1, COPIES_FIRST = 2, KERNELS_FIRST = 3 };

static const size_t GUARD = 256;
static const unsigned char GUARD_BYTE = 0xA5;

struct Command { bool is_copy; std::function<void()> run; };
struct Stream { std::deque<Command> queue; uint64_t queued = 0, done = 0; };
struct Event { Stream *stream = nullptr; uint64_t position = 0; };
struct Module { void *library; };
struct Kernel { void *(*pack)(void **); int (*run)(void *, const unsigned *, const unsigned *); void (*drop)(void *);
    std::string name; };
struct Failure { long left; int code; };

static std::recursive_mutex lock;
static std::map<std::string, long> counts, calls;
static std::map<std::string, Failure> failures;
static std::map<uintptr_t, size_t> memory;
static Stream legacy;
static std::set<Stream *> streams { &legacy };
static std::set<Event *> events;
static std::vector<Kernel *> kernels;
static std::unordered_map<std::string, void *> libraries;
static size_t memory_bytes = (size_t)4 << 30, memory_used = 0;
static int order = EAGER, lost = 0, devices = 1, retained = 0, corrupted = 0;
static std::string lost_reason;
static thread_local std::vector<void *> contexts;
static char the_context;

void fake_count(const char *kind, int change)
{
    std::lock_guard<std::recursive_mutex> held(lock);
    counts[kind] += change;
}

void fake_lose(const char *reason)
{
    std::lock_guard<std::recursive_mutex> held(lock);
    lost = LAUNCH_FAILED;
    lost_reason = reason;
    fprintf(stderr, "fake CUDA: %s\n", reason);
}

int fake_outcome(const char *call)
{
    std::lock_guard<std::recursive_mutex> held(lock);
    calls[call]++;
    auto found = failures.find(call);
    if (found != failures.end() && --found->second.left == 0)
    {
        int code = found->second.code;
        failures.erase(found);
        if (code >= 700 && code < 720)
        {
            lost = code;
        }

        return code;
    }

    return lost;
}

static void run_until(Stream *stream, uint64_t position)
{
    while (stream->done < position)
    {
        Command next = std::move(stream->queue.front());
        stream->queue.pop_front();
        stream->done++;
        if (!lost)
        {
            next.run();
        }
    }
}

void fake_enqueue(void *handle, bool is_copy, std::function<void()> command)
{
    std::lock_guard<std::recursive_mutex> held(lock);
    Stream *stream = (Stream *)handle;
    stream->queue.push_back({ is_copy, std::move(command) });
    stream->queued++;
    if (order == EAGER || (order == COPIES_FIRST && is_copy) || (order == KERNELS_FIRST && !is_copy))
    {
        run_until(stream, stream->queued);
    }
}

static void run_all()
{
    for (Stream *stream : streams)
    {
        run_until(stream, stream->queued);
    }
}

// ---- what tests ask of the fake -----------------------------------------------------------------------------------

EXPORT void fake_reset(int new_order, size_t bytes)
{
    std::lock_guard<std::recursive_mutex> held(lock);
    failures.clear();
    calls.clear();
    order = new_order;
    memory_bytes = bytes;
    lost = 0;
    devices = 1;
    corrupted = 0;
    lost_reason.clear();
}

EXPORT void fake_fail(const char *call, long nth, int code)
{
    std::lock_guard<std::recursive_mutex> held(lock);
    failures[call] = { nth, code };
}

EXPORT void fake_devices(int count) { devices = count; }
EXPORT long fake_live(const char *kind) { return counts[kind]; }
EXPORT long fake_calls(const char *call) { return calls[call]; }
EXPORT int fake_corrupted() { return corrupted; }
EXPORT int fake_retained() { return retained; }
EXPORT int fake_context_depth() { return (int)contexts.size(); }

// ---- errors, devices, contexts ------------------------------------------------------------------------------------

EXPORT int cuGetErrorName(int code, const char **name)
{
    static const std::map<int, const char *> names = { { 0, "CUDA_SUCCESS" }, { 1, "CUDA_ERROR_INVALID_VALUE" },
        { 2, "CUDA_ERROR_OUT_OF_MEMORY" }, { 100, "CUDA_ERROR_NO_DEVICE" }, { 200, "CUDA_ERROR_INVALID_IMAGE" },
        { 201, "CUDA_ERROR_INVALID_CONTEXT" }, { 400, "CUDA_ERROR_INVALID_HANDLE" }, { 500, "CUDA_ERROR_NOT_FOUND" },
        { 700, "CUDA_ERROR_ILLEGAL_ADDRESS" }, { 701, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES" },
        { 719, "CUDA_ERROR_LAUNCH_FAILED" }, { 999, "CUDA_ERROR_UNKNOWN" } };
    auto found = names.find(code);
    *name = found == names.end() ? nullptr : found->second;
    return found == names.end() ? INVALID_VALUE : SUCCESS;
}

EXPORT int cuGetErrorString(int code, const char **text)
{
    *text = code == OUT_OF_MEMORY ? "out of memory" : code >= 700 ? "the launch failed" : "a call that failed";
    return SUCCESS;
}

EXPORT int cuInit(unsigned) { CALL("cuInit"); return devices == 0 ? NO_DEVICE : SUCCESS; }
EXPORT int cuDriverGetVersion(int *version) { CALL("cuDriverGetVersion"); *version = 12040; return SUCCESS; }
EXPORT int cuDeviceGetCount(int *count) { CALL("cuDeviceGetCount"); *count = devices; return SUCCESS; }

EXPORT int cuDeviceGet(int *device, int ordinal)
{
    CALL("cuDeviceGet");
    *device = ordinal;
    return ordinal < devices ? SUCCESS : INVALID_DEVICE;
}

EXPORT int cuDeviceGetName(char *name, int length, int device)
{
    CALL("cuDeviceGetName");
    snprintf(name, length, "Fake device %d", device);
    return SUCCESS;
}

EXPORT int cuDeviceTotalMem_v2(size_t *bytes, int) { CALL("cuDeviceTotalMem"); *bytes = memory_bytes; return SUCCESS; }

EXPORT int cuDeviceGetAttribute(int *value, int attribute, int)
{
    CALL("cuDeviceGetAttribute");
    switch (attribute)
    {
        case 1: *value = 1024; return SUCCESS;
        case 8: *value = 48 << 10; return SUCCESS;
        case 16: *value = 4; return SUCCESS;
        case 75: *value = 8; return SUCCESS;
        case 76: *value = 0; return SUCCESS;
        default: return INVALID_VALUE;
    }
}

EXPORT int cuDevicePrimaryCtxRetain(void **context, int)
{
    CALL("cuDevicePrimaryCtxRetain");
    std::lock_guard<std::recursive_mutex> held(lock);
    retained++;
    *context = &the_context;
    return SUCCESS;
}

EXPORT int cuDevicePrimaryCtxRelease_v2(int)
{
    std::lock_guard<std::recursive_mutex> held(lock);
    retained--;
    CALL("cuDevicePrimaryCtxRelease");
    return SUCCESS;
}

EXPORT int cuCtxPushCurrent_v2(void *context)
{
    std::lock_guard<std::recursive_mutex> held(lock);
    calls["cuCtxPushCurrent"]++;
    contexts.push_back(context);
    return SUCCESS;
}

EXPORT int cuCtxPopCurrent_v2(void **context)
{
    NEEDS_CONTEXT;
    *context = contexts.back();
    contexts.pop_back();
    return SUCCESS;
}

// ---- memory -------------------------------------------------------------------------------------------------------

EXPORT int cuMemGetInfo_v2(size_t *available, size_t *total)
{
    CALL("cuMemGetInfo");
    NEEDS_CONTEXT;
    *available = memory_bytes - memory_used;
    *total = memory_bytes;
    return SUCCESS;
}

EXPORT int cuMemAlloc_v2(void **address, size_t bytes)
{
    CALL("cuMemAlloc");
    NEEDS_CONTEXT;
    std::lock_guard<std::recursive_mutex> held(lock);
    if (bytes > memory_bytes - memory_used)
    {
        return OUT_OF_MEMORY;
    }

    unsigned char *whole = (unsigned char *)aligned_alloc(GUARD, (bytes + 3 * GUARD - 1) / GUARD * GUARD);
    memset(whole, GUARD_BYTE, GUARD);
    memset(whole + GUARD, 0xFF, bytes);
    memset(whole + GUARD + bytes, GUARD_BYTE, GUARD);
    memory[(uintptr_t)whole + GUARD] = bytes;
    memory_used += bytes;
    counts["memory"]++;
    *address = whole + GUARD;
    return SUCCESS;
}

EXPORT int cuMemFree_v2(void *address)
{
    std::lock_guard<std::recursive_mutex> held(lock);
    auto found = memory.find((uintptr_t)address);
    if (found == memory.end())
    {
        return INVALID_VALUE;
    }

    run_all();
    unsigned char *start = (unsigned char *)address;
    for (size_t i = 0; i < GUARD; i++)
    {
        corrupted |= start[-1 - (ptrdiff_t)i] != GUARD_BYTE || start[found->second + i] != GUARD_BYTE;
    }

    memory_used -= found->second;
    counts["memory"]--;
    memory.erase(found);
    free(start - GUARD);
    CALL("cuMemFree");
    return SUCCESS;
}

EXPORT int cuMemAllocHost_v2(void **address, size_t bytes)
{
    CALL("cuMemAllocHost");
    NEEDS_CONTEXT;
    *address = malloc(bytes);
    fake_count("pinned", 1);
    return SUCCESS;
}

EXPORT int cuMemFreeHost(void *address)
{
    std::lock_guard<std::recursive_mutex> held(lock);
    run_all();
    free(address);
    fake_count("pinned", -1);
    CALL("cuMemFreeHost");
    return SUCCESS;
}

EXPORT int cuPointerGetAttribute(void *value, int attribute, void *address)
{
    CALL("cuPointerGetAttribute");
    std::lock_guard<std::recursive_mutex> held(lock);
    auto after = memory.upper_bound((uintptr_t)address);
    if (after == memory.begin() || (uintptr_t)address >= std::prev(after)->first + std::prev(after)->second)
    {
        return INVALID_VALUE;
    }

    *(int *)value = attribute == 2 ? 2 : 0;
    return SUCCESS;
}

// ---- streams and events -------------------------------------------------------------------------------------------

// The stream of a handle: CU_STREAM_LEGACY is 1. Null for none.
static Stream *stream_of(void *handle)
{
    Stream *found = handle == (void *)1 ? &legacy : (Stream *)handle;
    return streams.count(found) ? found : nullptr;
}

EXPORT int cuStreamCreate(void **stream, unsigned flags)
{
    CALL("cuStreamCreate");
    NEEDS_CONTEXT;
    if (flags != 1)
    {
        return INVALID_VALUE;
    }

    std::lock_guard<std::recursive_mutex> held(lock);
    Stream *made = new Stream();
    streams.insert(made);
    fake_count("streams", 1);
    *stream = made;
    return SUCCESS;
}

EXPORT int cuStreamDestroy_v2(void *stream)
{
    std::lock_guard<std::recursive_mutex> held(lock);
    if (!streams.count((Stream *)stream))
    {
        return INVALID_HANDLE;
    }

    run_until((Stream *)stream, ((Stream *)stream)->queued);
    for (Event *event : events)
    {
        event->stream = event->stream == stream ? nullptr : event->stream;
    }

    streams.erase((Stream *)stream);
    delete (Stream *)stream;
    fake_count("streams", -1);
    CALL("cuStreamDestroy");
    return SUCCESS;
}

EXPORT int cuStreamSynchronize(void *stream)
{
    CALL("cuStreamSynchronize");
    std::lock_guard<std::recursive_mutex> held(lock);
    if (!streams.count((Stream *)stream))
    {
        return INVALID_HANDLE;
    }

    run_until((Stream *)stream, ((Stream *)stream)->queued);
    return lost;
}

EXPORT int cuEventCreate(void **event, unsigned)
{
    CALL("cuEventCreate");
    NEEDS_CONTEXT;
    std::lock_guard<std::recursive_mutex> held(lock);
    Event *made = new Event();
    events.insert(made);
    fake_count("events", 1);
    *event = made;
    return SUCCESS;
}

EXPORT int cuEventDestroy_v2(void *event)
{
    std::lock_guard<std::recursive_mutex> held(lock);
    events.erase((Event *)event);
    delete (Event *)event;
    fake_count("events", -1);
    CALL("cuEventDestroy");
    return SUCCESS;
}

EXPORT int cuEventRecord(void *event, void *stream)
{
    CALL("cuEventRecord");
    std::lock_guard<std::recursive_mutex> held(lock);
    Stream *recorded = stream_of(stream);
    if (!recorded)
    {
        return INVALID_HANDLE;
    }

    *(Event *)event = { recorded, recorded->queued };
    return SUCCESS;
}

EXPORT int cuEventSynchronize(void *event)
{
    CALL("cuEventSynchronize");
    std::lock_guard<std::recursive_mutex> held(lock);
    Event state = *(Event *)event;
    if (state.stream)
    {
        run_until(state.stream, state.position);
    }

    return lost;
}

EXPORT int cuStreamWaitEvent(void *stream, void *event, unsigned)
{
    CALL("cuStreamWaitEvent");
    std::lock_guard<std::recursive_mutex> held(lock);
    Stream *waiting = stream_of(stream);
    if (!waiting)
    {
        return INVALID_HANDLE;
    }

    // What is waited for is the event's state at this call. It counts as a copy and as a kernel: it moves neither.
    Event state = *(Event *)event;
    waiting->queue.push_back({ false, [state] {
        if (state.stream && streams.count(state.stream))
        {
            run_until(state.stream, state.position);
        }
    } });
    waiting->queued++;
    return SUCCESS;
}

// ---- copies -------------------------------------------------------------------------------------------------------

EXPORT int cuMemcpyHtoDAsync_v2(char *to, const char *from, size_t bytes, void *stream)
{
    CALL("cuMemcpyHtoDAsync");
    NEEDS_CONTEXT;
    fake_count("bytes to device", (int)bytes);
    fake_enqueue(stream, true, [=] { memcpy(to, from, bytes); });
    return SUCCESS;
}

EXPORT int cuMemcpyDtoHAsync_v2(char *to, const char *from, size_t bytes, void *stream)
{
    CALL("cuMemcpyDtoHAsync");
    fake_count("bytes to host", (int)bytes);
    NEEDS_CONTEXT;
    fake_enqueue(stream, true, [=] { memcpy(to, from, bytes); });
    return SUCCESS;
}

struct Copy2D
{
    size_t from_x, from_y; unsigned from_type; const char *from_host; const char *from_device; void *from_array;
    size_t from_pitch, to_x, to_y; unsigned to_type; char *to_host; char *to_device; void *to_array; size_t to_pitch,
        width, height;
};

EXPORT int cuMemcpy2DAsync_v2(const Copy2D *copy, void *stream)
{
    CALL("cuMemcpy2DAsync");
    NEEDS_CONTEXT;
    Copy2D c = *copy;
    if (c.from_pitch < c.width || c.to_pitch < c.width)
    {
        return INVALID_VALUE;
    }

    fake_count(c.to_type == 1 ? "bytes to host" : "bytes to device", (int)(c.width * c.height));
    fake_enqueue(stream, true, [c] {
        const char *from = c.from_type == 1 ? c.from_host : c.from_device;
        char *to = c.to_type == 1 ? c.to_host : c.to_device;
        for (size_t row = 0; row < c.height; row++)
        {
            memcpy(to + row * c.to_pitch, from + row * c.from_pitch, c.width);
        }
    });
    return SUCCESS;
}

// ---- modules and kernels ------------------------------------------------------------------------------------------

EXPORT int cuModuleLoadData(void **module, const void *image)
{
    CALL("cuModuleLoadData");
    NEEDS_CONTEXT;
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)image;
    if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
    {
        return INVALID_IMAGE;
    }

    // What was loaded once stays, for the next backend that loads the same.
    size_t bytes = header->e_shoff + (size_t)header->e_shentsize * header->e_shnum;
    std::string contents((const char *)image, bytes);
    std::lock_guard<std::recursive_mutex> held(lock);
    void *&library = libraries[contents];
    if (library)
    {
        *module = new Module{ library };
        fake_count("modules", 1);
        return SUCCESS;
    }

    char path[] = "/tmp/vem-fake-XXXXXX";
    int file = mkstemp(path);
    bool written = file >= 0 && write(file, image, bytes) == (ssize_t)bytes;
    close(file);
    library = written ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
    if (!library)
    {
        fprintf(stderr, "fake CUDA: %s\n", dlerror());
    }

    unlink(path);
    if (!library)
    {
        return INVALID_IMAGE;
    }

    *module = new Module{ library };
    fake_count("modules", 1);
    return SUCCESS;
}

EXPORT int cuModuleUnload(Module *module)
{
    std::lock_guard<std::recursive_mutex> held(lock);
    run_all();
    delete module;
    fake_count("modules", -1);
    CALL("cuModuleUnload");
    return SUCCESS;
}

EXPORT int cuModuleGetFunction(void **function, Module *module, const char *name)
{
    CALL("cuModuleGetFunction");
    std::string text = name;
    Kernel found = { (void *(*)(void **))dlsym(module->library, (text + "__pack").c_str()),
        (int (*)(void *, const unsigned *, const unsigned *))dlsym(module->library, (text + "__run").c_str()),
        (void (*)(void *))dlsym(module->library, (text + "__drop").c_str()), text };
    if (!found.run)
    {
        return NOT_FOUND;
    }

    std::lock_guard<std::recursive_mutex> held(lock);
    kernels.push_back(new Kernel(found));
    *function = kernels.back();
    return SUCCESS;
}

EXPORT int cuFuncGetAttribute(int *value, int, void *) { CALL("cuFuncGetAttribute"); *value = 0; return SUCCESS; }
EXPORT int cuFuncSetAttribute(void *, int, int) { CALL("cuFuncSetAttribute"); return SUCCESS; }

EXPORT int cuLaunchKernel(Kernel *kernel, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
    unsigned, void *stream, void **parameters, void **)
{
    CALL("cuLaunchKernel");
    NEEDS_CONTEXT;
    if (!stream || gx == 0 || gy == 0 || gz == 0 || gy > 65535 || gz > 65535 || bx * by * bz > 1024)
    {
        return INVALID_VALUE;
    }

    void *packed = kernel->pack(parameters);
    fake_enqueue(stream, false, [=] {
        const unsigned grid[] = { gx, gy, gz }, block[] = { bx, by, bz };
        if (!kernel->run(packed, grid, block))
        {
            fake_lose((kernel->name + ": a thread ended while others waited at a barrier").c_str());
        }

        kernel->drop(packed);
    });
    return SUCCESS;
}
