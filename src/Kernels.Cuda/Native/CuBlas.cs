using System.Runtime.InteropServices;

namespace VemKernels.Cuda;

/// <summary>
/// The functions of cuBLAS that the backend calls, as cublas_v2.h declares them. Matrices are column-major; scalars
/// are passed by address.
/// </summary>
internal sealed unsafe class CuBlas
{
    /// <summary>CUBLAS_FILL_MODE_LOWER and UPPER; cuSOLVER takes the same.</summary>
    public const int Lower = 0;
    public const int Upper = 1;

    /// <summary>CUBLAS_OP_N and T.</summary>
    public const int AsIs = 0;
    public const int Transpose = 1;

    /// <summary>CUBLAS_SIDE_LEFT and RIGHT.</summary>
    public const int Left = 0;
    public const int Right = 1;

    /// <summary>CUBLAS_DIAG_NON_UNIT and UNIT.</summary>
    public const int GivenDiagonal = 0;
    public const int UnitDiagonal = 1;

    private readonly delegate* unmanaged<int, byte*> cublasGetStatusString;

    public readonly delegate* unmanaged<nint*, int> cublasCreate;
    public readonly delegate* unmanaged<nint, int> cublasDestroy;
    public readonly delegate* unmanaged<nint, nint, int> cublasSetStream;
    public readonly delegate* unmanaged<nint, int*, int> cublasGetVersion;
    public readonly delegate* unmanaged<nint, int, int, int, int, int, float*, nint, int, nint, int, float*, nint, int,
        int> cublasSgemm;
    public readonly delegate* unmanaged<nint, int, int, int, int, int, double*, nint, int, nint, int, double*, nint,
        int, int> cublasDgemm;
    public readonly delegate* unmanaged<nint, int, int, int, int, int, float*, nint, int, long, nint, int, long, float*,
        nint, int, long, int, int> cublasSgemmStridedBatched;
    public readonly delegate* unmanaged<nint, int, int, int, int, int, double*, nint, int, long, nint, int, long,
        double*, nint, int, long, int, int> cublasDgemmStridedBatched;
    public readonly delegate* unmanaged<nint, int, int, int, int, float*, nint, int, float*, nint, int, int>
        cublasSsyrk;
    public readonly delegate* unmanaged<nint, int, int, int, int, double*, nint, int, double*, nint, int, int>
        cublasDsyrk;
    public readonly delegate* unmanaged<nint, int, int, int, int, int, int, float*, nint, int, nint, int, int>
        cublasStrsm;
    public readonly delegate* unmanaged<nint, int, int, int, int, int, int, double*, nint, int, nint, int, int>
        cublasDtrsm;

    /// <summary>Finds the functions.</summary>
    /// <exception cref="CudaException">The library is older than CUDA 11.8's.</exception>
    public CuBlas(NativeLibraryFile library)
    {
        Library = library;
        cublasGetStatusString = (delegate* unmanaged<int, byte*>)library.Function("cublasGetStatusString");
        cublasCreate = (delegate* unmanaged<nint*, int>)library.Function("cublasCreate_v2");
        cublasDestroy = (delegate* unmanaged<nint, int>)library.Function("cublasDestroy_v2");
        cublasSetStream = (delegate* unmanaged<nint, nint, int>)library.Function("cublasSetStream_v2");
        cublasGetVersion = (delegate* unmanaged<nint, int*, int>)library.Function("cublasGetVersion_v2");
        cublasSgemm = (delegate* unmanaged<nint, int, int, int, int, int, float*, nint, int, nint, int, float*, nint,
            int, int>)library.Function("cublasSgemm_v2");
        cublasDgemm = (delegate* unmanaged<nint, int, int, int, int, int, double*, nint, int, nint, int, double*, nint,
            int, int>)library.Function("cublasDgemm_v2");
        cublasSgemmStridedBatched = (delegate* unmanaged<nint, int, int, int, int, int, float*, nint, int, long, nint,
            int, long, float*, nint, int, long, int, int>)library.Function("cublasSgemmStridedBatched");
        cublasDgemmStridedBatched = (delegate* unmanaged<nint, int, int, int, int, int, double*, nint, int, long, nint,
            int, long, double*, nint, int, long, int, int>)library.Function("cublasDgemmStridedBatched");
        cublasSsyrk = (delegate* unmanaged<nint, int, int, int, int, float*, nint, int, float*, nint, int, int>)
            library.Function("cublasSsyrk_v2");
        cublasDsyrk = (delegate* unmanaged<nint, int, int, int, int, double*, nint, int, double*, nint, int, int>)
            library.Function("cublasDsyrk_v2");
        cublasStrsm = (delegate* unmanaged<nint, int, int, int, int, int, int, float*, nint, int, nint, int, int>)
            library.Function("cublasStrsm_v2");
        cublasDtrsm = (delegate* unmanaged<nint, int, int, int, int, int, int, double*, nint, int, nint, int, int>)
            library.Function("cublasDtrsm_v2");
    }

    /// <summary>Where the functions come from.</summary>
    public NativeLibraryFile Library { get; }

    /// <summary>Throws what a failed call means.</summary>
    /// <param name="code">What the call returned.</param>
    /// <param name="call">The function.</param>
    /// <exception cref="InsufficientMemoryException">The device has no memory left for the library's
    /// workspace.</exception>
    /// <exception cref="CudaException">Anything else.</exception>
    public void ThrowIfFailed(int code, string call)
    {
        if (code != 0)
        {
            throw Failures.OfLibrary(call, code, Marshal.PtrToStringUTF8((nint)cublasGetStatusString(code)) ?? "?");
        }
    }
}
