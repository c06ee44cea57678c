using System.Runtime.InteropServices;

namespace VemKernels.Cuda;

/// <summary>
/// The functions of the driver that the backend calls, as cuda.h declares them: results are ints, handles and device
/// addresses nints, sizes nuints. Fields are named as the functions are, without the versions that some names end in.
/// </summary>
internal sealed unsafe class CudaDriver
{
    private readonly delegate* unmanaged<int, byte**, int> cuGetErrorName;
    private readonly delegate* unmanaged<int, byte**, int> cuGetErrorString;

    public readonly delegate* unmanaged<uint, int> cuInit;
    public readonly delegate* unmanaged<int*, int> cuDriverGetVersion;
    public readonly delegate* unmanaged<int*, int> cuDeviceGetCount;
    public readonly delegate* unmanaged<int*, int, int> cuDeviceGet;
    public readonly delegate* unmanaged<byte*, int, int, int> cuDeviceGetName;
    public readonly delegate* unmanaged<nuint*, int, int> cuDeviceTotalMem;
    public readonly delegate* unmanaged<int*, DeviceAttribute, int, int> cuDeviceGetAttribute;
    public readonly delegate* unmanaged<nint*, int, int> cuDevicePrimaryCtxRetain;
    public readonly delegate* unmanaged<int, int> cuDevicePrimaryCtxRelease;
    public readonly delegate* unmanaged<nint, int> cuCtxPushCurrent;
    public readonly delegate* unmanaged<nint*, int> cuCtxPopCurrent;
    public readonly delegate* unmanaged<nuint*, nuint*, int> cuMemGetInfo;
    public readonly delegate* unmanaged<nint*, nuint, int> cuMemAlloc;
    public readonly delegate* unmanaged<nint, int> cuMemFree;
    public readonly delegate* unmanaged<nint*, nuint, int> cuMemAllocHost;
    public readonly delegate* unmanaged<nint, int> cuMemFreeHost;
    public readonly delegate* unmanaged<void*, PointerAttribute, nint, int> cuPointerGetAttribute;
    public readonly delegate* unmanaged<nint*, uint, int> cuStreamCreate;
    public readonly delegate* unmanaged<nint, int> cuStreamDestroy;
    public readonly delegate* unmanaged<nint, int> cuStreamSynchronize;
    public readonly delegate* unmanaged<nint, nint, uint, int> cuStreamWaitEvent;
    public readonly delegate* unmanaged<nint*, uint, int> cuEventCreate;
    public readonly delegate* unmanaged<nint, int> cuEventDestroy;
    public readonly delegate* unmanaged<nint, nint, int> cuEventRecord;
    public readonly delegate* unmanaged<nint, int> cuEventSynchronize;
    public readonly delegate* unmanaged<nint, void*, nuint, nint, int> cuMemcpyHtoDAsync;
    public readonly delegate* unmanaged<void*, nint, nuint, nint, int> cuMemcpyDtoHAsync;
    public readonly delegate* unmanaged<RowsCopy*, nint, int> cuMemcpy2DAsync;
    public readonly delegate* unmanaged<nint*, void*, int> cuModuleLoadData;
    public readonly delegate* unmanaged<nint, int> cuModuleUnload;
    public readonly delegate* unmanaged<nint*, nint, byte*, int> cuModuleGetFunction;
    public readonly delegate* unmanaged<int*, FunctionAttribute, nint, int> cuFuncGetAttribute;
    public readonly delegate* unmanaged<nint, FunctionAttribute, int, int> cuFuncSetAttribute;
    public readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>
        cuLaunchKernel;

    /// <summary>Finds the functions.</summary>
    /// <exception cref="CudaException">The driver is older than CUDA 11.8's.</exception>
    public CudaDriver(NativeLibraryFile library)
    {
        Library = library;
        cuGetErrorName = (delegate* unmanaged<int, byte**, int>)library.Function("cuGetErrorName");
        cuGetErrorString = (delegate* unmanaged<int, byte**, int>)library.Function("cuGetErrorString");
        cuInit = (delegate* unmanaged<uint, int>)library.Function("cuInit");
        cuDriverGetVersion = (delegate* unmanaged<int*, int>)library.Function("cuDriverGetVersion");
        cuDeviceGetCount = (delegate* unmanaged<int*, int>)library.Function("cuDeviceGetCount");
        cuDeviceGet = (delegate* unmanaged<int*, int, int>)library.Function("cuDeviceGet");
        cuDeviceGetName = (delegate* unmanaged<byte*, int, int, int>)library.Function("cuDeviceGetName");
        cuDeviceTotalMem = (delegate* unmanaged<nuint*, int, int>)library.Function("cuDeviceTotalMem_v2");
        cuDeviceGetAttribute =
            (delegate* unmanaged<int*, DeviceAttribute, int, int>)library.Function("cuDeviceGetAttribute");
        cuDevicePrimaryCtxRetain = (delegate* unmanaged<nint*, int, int>)library.Function("cuDevicePrimaryCtxRetain");
        cuDevicePrimaryCtxRelease = (delegate* unmanaged<int, int>)library.Function("cuDevicePrimaryCtxRelease_v2");
        cuCtxPushCurrent = (delegate* unmanaged<nint, int>)library.Function("cuCtxPushCurrent_v2");
        cuCtxPopCurrent = (delegate* unmanaged<nint*, int>)library.Function("cuCtxPopCurrent_v2");
        cuMemGetInfo = (delegate* unmanaged<nuint*, nuint*, int>)library.Function("cuMemGetInfo_v2");
        cuMemAlloc = (delegate* unmanaged<nint*, nuint, int>)library.Function("cuMemAlloc_v2");
        cuMemFree = (delegate* unmanaged<nint, int>)library.Function("cuMemFree_v2");
        cuMemAllocHost = (delegate* unmanaged<nint*, nuint, int>)library.Function("cuMemAllocHost_v2");
        cuMemFreeHost = (delegate* unmanaged<nint, int>)library.Function("cuMemFreeHost");
        cuPointerGetAttribute =
            (delegate* unmanaged<void*, PointerAttribute, nint, int>)library.Function("cuPointerGetAttribute");
        cuStreamCreate = (delegate* unmanaged<nint*, uint, int>)library.Function("cuStreamCreate");
        cuStreamDestroy = (delegate* unmanaged<nint, int>)library.Function("cuStreamDestroy_v2");
        cuStreamSynchronize = (delegate* unmanaged<nint, int>)library.Function("cuStreamSynchronize");
        cuStreamWaitEvent = (delegate* unmanaged<nint, nint, uint, int>)library.Function("cuStreamWaitEvent");
        cuEventCreate = (delegate* unmanaged<nint*, uint, int>)library.Function("cuEventCreate");
        cuEventDestroy = (delegate* unmanaged<nint, int>)library.Function("cuEventDestroy_v2");
        cuEventRecord = (delegate* unmanaged<nint, nint, int>)library.Function("cuEventRecord");
        cuEventSynchronize = (delegate* unmanaged<nint, int>)library.Function("cuEventSynchronize");
        cuMemcpyHtoDAsync =
            (delegate* unmanaged<nint, void*, nuint, nint, int>)library.Function("cuMemcpyHtoDAsync_v2");
        cuMemcpyDtoHAsync =
            (delegate* unmanaged<void*, nint, nuint, nint, int>)library.Function("cuMemcpyDtoHAsync_v2");
        cuMemcpy2DAsync = (delegate* unmanaged<RowsCopy*, nint, int>)library.Function("cuMemcpy2DAsync_v2");
        cuModuleLoadData = (delegate* unmanaged<nint*, void*, int>)library.Function("cuModuleLoadData");
        cuModuleUnload = (delegate* unmanaged<nint, int>)library.Function("cuModuleUnload");
        cuModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)library.Function("cuModuleGetFunction");
        cuFuncGetAttribute =
            (delegate* unmanaged<int*, FunctionAttribute, nint, int>)library.Function("cuFuncGetAttribute");
        cuFuncSetAttribute =
            (delegate* unmanaged<nint, FunctionAttribute, int, int>)library.Function("cuFuncSetAttribute");
        cuLaunchKernel =
            (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)
            library.Function("cuLaunchKernel");
    }

    /// <summary>Where the functions come from.</summary>
    public NativeLibraryFile Library { get; }

    /// <summary>Throws what a failed call means.</summary>
    /// <param name="code">What the call returned.</param>
    /// <param name="call">The function.</param>
    /// <param name="detail">What else is known.</param>
    /// <exception cref="InsufficientMemoryException">The device, or the host, has no such memory left.</exception>
    /// <exception cref="CudaException">Anything else.</exception>
    public void ThrowIfFailed(int code, string call, string? detail = null)
    {
        if (code == ResultCodes.Success)
        {
            return;
        }

        throw Failure(code, call, detail);
    }

    /// <summary>Throws what a failed release means; what was on a lost device is gone, and needs none.</summary>
    /// <exception cref="CudaException">The call failed, and not because the device is lost.</exception>
    public void ThrowUnlessReleased(int code, string call)
    {
        if (!ResultCodes.IsDeviceLost(code))
        {
            ThrowIfFailed(code, call);
        }
    }

    /// <summary>What a failed call means.</summary>
    public Exception Failure(int code, string call, string? detail = null)
    {
        bool isLost = ResultCodes.IsDeviceLost(code);
        string? hint = isLost ? "the device is lost to this process; start the program again" : null;
        string? known = detail is null ? hint : hint is null ? detail : $"{detail}; {hint}";
        CudaException failure = new(call, code, Describe(code), known) { IsDeviceLost = isLost };
        return code == ResultCodes.OutOfMemory ? new InsufficientMemoryException(failure.Message) : failure;
    }

    private string Describe(int code)
    {
        if (code == ResultCodes.StubLibrary)
        {
            // It names no code, not even its own.
            return $"{Library.Name} is what a toolkit has to link with, not a driver";
        }

        byte* name;
        byte* text;
        return cuGetErrorName(code, &name) == ResultCodes.Success
            && cuGetErrorString(code, &text) == ResultCodes.Success
            ? $"{Marshal.PtrToStringUTF8((nint)name)}, {Marshal.PtrToStringUTF8((nint)text)}"
            : "a code that this driver does not know";
    }
}
