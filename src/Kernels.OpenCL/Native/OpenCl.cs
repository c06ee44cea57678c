using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VemKernels.OpenCL;

/// <summary>
/// The functions of OpenCL 1.2 that the backend calls, as cl.h declares them: handles are pointers, sizes are nuint,
/// booleans uint.
/// </summary>
internal static unsafe partial class OpenCl
{
    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clGetPlatformIDs(uint entries, nint* platforms, uint* count);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clGetPlatformInfo(nint platform, uint name, nuint size, void* value, nuint* sizeNeeded);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clGetDeviceIDs(nint platform, ulong type, uint entries, nint* devices, uint* count);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clGetDeviceInfo(nint device, uint name, nuint size, void* value, nuint* sizeNeeded);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial nint clCreateContext(nint* properties, uint deviceCount, nint* devices, nint notify,
        nint data, int* error);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clReleaseContext(nint context);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial nint clCreateCommandQueue(nint context, nint device, ulong properties, int* error);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clReleaseCommandQueue(nint queue);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial nint clCreateBuffer(nint context, ulong flags, nuint bytes, void* host, int* error);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clRetainMemObject(nint buffer);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clReleaseMemObject(nint buffer);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clGetMemObjectInfo(nint buffer, uint name, nuint size, void* value, nuint* sizeNeeded);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clEnqueueWriteBuffer(
        nint queue, nint buffer, uint blocking, nuint offset, nuint bytes, void* host, uint waits, nint* waitList,
        nint* finished);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clEnqueueReadBuffer(
        nint queue, nint buffer, uint blocking, nuint offset, nuint bytes, void* host, uint waits, nint* waitList,
        nint* finished);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clEnqueueWriteBufferRect(
        nint queue, nint buffer, uint blocking, nuint* bufferOrigin, nuint* hostOrigin, nuint* region,
        nuint bufferRowPitch,
        nuint bufferSlicePitch, nuint hostRowPitch, nuint hostSlicePitch, void* host, uint waits, nint* waitList,
        nint* finished);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clEnqueueReadBufferRect(
        nint queue, nint buffer, uint blocking, nuint* bufferOrigin, nuint* hostOrigin, nuint* region,
        nuint bufferRowPitch,
        nuint bufferSlicePitch, nuint hostRowPitch, nuint hostSlicePitch, void* host, uint waits, nint* waitList,
        nint* finished);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clFlush(nint queue);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clFinish(nint queue);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clRetainEvent(nint happening);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clReleaseEvent(nint happening);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial nint clCreateProgramWithSource(nint context, uint count, byte** sources, nuint* lengths,
        int* error);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial nint clCreateProgramWithBinary(
        nint context, uint deviceCount, nint* devices, nuint* lengths, byte** binaries, int* status, int* error);

    [LibraryImport(OpenClLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clBuildProgram(nint program, uint deviceCount, nint* devices, string options,
        nint notify, nint data);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clGetProgramBuildInfo(nint program, nint device, uint name, nuint size, void* value,
        nuint* sizeNeeded);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clGetProgramInfo(nint program, uint name, nuint size, void* value, nuint* sizeNeeded);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clReleaseProgram(nint program);

    [LibraryImport(OpenClLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial nint clCreateKernel(nint program, string name, int* error);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clReleaseKernel(nint kernel);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clSetKernelArg(nint kernel, uint index, nuint size, void* value);

    [LibraryImport(OpenClLibrary.Name)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])]
    public static partial int clEnqueueNDRangeKernel(
        nint queue, nint kernel, uint dimensions, nuint* offset, nuint* global, nuint* local, uint waits,
        nint* waitList, nint* finished);
}
