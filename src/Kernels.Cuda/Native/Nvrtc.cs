using System.Runtime.InteropServices;

namespace VemKernels.Cuda;

/// <summary>The functions of NVRTC that the backend calls, as nvrtc.h declares them: a program is a pointer.</summary>
internal sealed unsafe class Nvrtc
{
    private readonly delegate* unmanaged<int, byte*> nvrtcGetErrorString;

    public readonly delegate* unmanaged<int*, int*, int> nvrtcVersion;
    public readonly delegate* unmanaged<int*, int> nvrtcGetNumSupportedArchs;
    public readonly delegate* unmanaged<int*, int> nvrtcGetSupportedArchs;
    public readonly delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int> nvrtcCreateProgram;
    public readonly delegate* unmanaged<nint*, int> nvrtcDestroyProgram;
    public readonly delegate* unmanaged<nint, int, byte**, int> nvrtcCompileProgram;
    public readonly delegate* unmanaged<nint, nuint*, int> nvrtcGetCUBINSize;
    public readonly delegate* unmanaged<nint, byte*, int> nvrtcGetCUBIN;
    public readonly delegate* unmanaged<nint, nuint*, int> nvrtcGetPTXSize;
    public readonly delegate* unmanaged<nint, byte*, int> nvrtcGetPTX;
    public readonly delegate* unmanaged<nint, nuint*, int> nvrtcGetProgramLogSize;
    public readonly delegate* unmanaged<nint, byte*, int> nvrtcGetProgramLog;

    /// <summary>Finds the functions, and asks for the version.</summary>
    /// <exception cref="CudaException">The library is older than CUDA 11.8's.</exception>
    public Nvrtc(NativeLibraryFile library)
    {
        Library = library;
        nvrtcGetErrorString = (delegate* unmanaged<int, byte*>)library.Function("nvrtcGetErrorString");
        nvrtcVersion = (delegate* unmanaged<int*, int*, int>)library.Function("nvrtcVersion");
        nvrtcGetNumSupportedArchs = (delegate* unmanaged<int*, int>)library.Function("nvrtcGetNumSupportedArchs");
        nvrtcGetSupportedArchs = (delegate* unmanaged<int*, int>)library.Function("nvrtcGetSupportedArchs");
        nvrtcCreateProgram = (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)
            library.Function("nvrtcCreateProgram");
        nvrtcDestroyProgram = (delegate* unmanaged<nint*, int>)library.Function("nvrtcDestroyProgram");
        nvrtcCompileProgram = (delegate* unmanaged<nint, int, byte**, int>)library.Function("nvrtcCompileProgram");
        nvrtcGetCUBINSize = (delegate* unmanaged<nint, nuint*, int>)library.Function("nvrtcGetCUBINSize");
        nvrtcGetCUBIN = (delegate* unmanaged<nint, byte*, int>)library.Function("nvrtcGetCUBIN");
        nvrtcGetPTXSize = (delegate* unmanaged<nint, nuint*, int>)library.Function("nvrtcGetPTXSize");
        nvrtcGetPTX = (delegate* unmanaged<nint, byte*, int>)library.Function("nvrtcGetPTX");
        nvrtcGetProgramLogSize = (delegate* unmanaged<nint, nuint*, int>)library.Function("nvrtcGetProgramLogSize");
        nvrtcGetProgramLog = (delegate* unmanaged<nint, byte*, int>)library.Function("nvrtcGetProgramLog");
        int major;
        int minor;
        ThrowIfFailed(nvrtcVersion(&major, &minor), nameof(nvrtcVersion));
        Version = new Version(major, minor);
        int count;
        ThrowIfFailed(nvrtcGetNumSupportedArchs(&count), nameof(nvrtcGetNumSupportedArchs));
        int[] architectures = new int[count];
        fixed (int* pointer = architectures)
        {
            ThrowIfFailed(nvrtcGetSupportedArchs(pointer), nameof(nvrtcGetSupportedArchs));
        }

        Architectures = architectures;
    }

    /// <summary>Where the functions come from.</summary>
    public NativeLibraryFile Library { get; }

    /// <summary>The compiler's version, which is the toolkit's.</summary>
    public Version Version { get; }

    /// <summary>The architectures it compiles for, ascending: 70 for compute capability 7.0.</summary>
    public IReadOnlyList<int> Architectures { get; }

    /// <summary>Throws what a failed call means.</summary>
    /// <param name="code">What the call returned.</param>
    /// <param name="call">The function.</param>
    /// <param name="detail">What else is known.</param>
    /// <exception cref="CudaException">The call failed.</exception>
    public void ThrowIfFailed(int code, string call, string? detail = null)
    {
        if (code != 0)
        {
            throw new CudaException(
                call, code, Marshal.PtrToStringUTF8((nint)nvrtcGetErrorString(code)) ?? "?", detail);
        }
    }
}
