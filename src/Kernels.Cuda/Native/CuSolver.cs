namespace VemKernels.Cuda;

/// <summary>
/// The functions of cuSOLVER that the backend calls, as cusolverDn.h declares them: matrices are column-major,
/// workspaces are counted in elements, and what became of a factorisation is an int on the device.
/// </summary>
internal sealed unsafe class CuSolver
{
    /// <summary>CUSOLVER_EIG_MODE_VECTOR.</summary>
    public const int WithVectors = 1;

    public readonly delegate* unmanaged<nint*, int> cusolverDnCreate;
    public readonly delegate* unmanaged<nint, int> cusolverDnDestroy;
    public readonly delegate* unmanaged<nint, nint, int> cusolverDnSetStream;
    public readonly delegate* unmanaged<nint, int, int, nint, int, int*, int> cusolverDnSpotrf_bufferSize;
    public readonly delegate* unmanaged<nint, int, int, nint, int, int*, int> cusolverDnDpotrf_bufferSize;
    public readonly delegate* unmanaged<nint, int, int, nint, int, nint, int, nint, int> cusolverDnSpotrf;
    public readonly delegate* unmanaged<nint, int, int, nint, int, nint, int, nint, int> cusolverDnDpotrf;
    public readonly delegate* unmanaged<nint, int, int, nint, int, int*, int> cusolverDnSpotri_bufferSize;
    public readonly delegate* unmanaged<nint, int, int, nint, int, int*, int> cusolverDnDpotri_bufferSize;
    public readonly delegate* unmanaged<nint, int, int, nint, int, nint, int, nint, int> cusolverDnSpotri;
    public readonly delegate* unmanaged<nint, int, int, nint, int, nint, int, nint, int> cusolverDnDpotri;
    public readonly delegate* unmanaged<nint, int, int, int, nint, int, nint, int*, int> cusolverDnSsyevd_bufferSize;
    public readonly delegate* unmanaged<nint, int, int, int, nint, int, nint, int*, int> cusolverDnDsyevd_bufferSize;
    public readonly delegate* unmanaged<nint, int, int, int, nint, int, nint, nint, int, nint, int> cusolverDnSsyevd;
    public readonly delegate* unmanaged<nint, int, int, int, nint, int, nint, nint, int, nint, int> cusolverDnDsyevd;
    public readonly delegate* unmanaged<nint, int, int, int*, int> cusolverDnSgesvd_bufferSize;
    public readonly delegate* unmanaged<nint, int, int, int*, int> cusolverDnDgesvd_bufferSize;
    public readonly delegate* unmanaged<nint, sbyte, sbyte, int, int, nint, int, nint, nint, int, nint, int, nint, int,
        nint, nint, int> cusolverDnSgesvd;
    public readonly delegate* unmanaged<nint, sbyte, sbyte, int, int, nint, int, nint, nint, int, nint, int, nint, int,
        nint, nint, int> cusolverDnDgesvd;

    /// <summary>Finds the functions.</summary>
    /// <exception cref="CudaException">The library is older than CUDA 11.8's.</exception>
    public CuSolver(NativeLibraryFile library)
    {
        Library = library;
        cusolverDnCreate = (delegate* unmanaged<nint*, int>)library.Function("cusolverDnCreate");
        cusolverDnDestroy = (delegate* unmanaged<nint, int>)library.Function("cusolverDnDestroy");
        cusolverDnSetStream = (delegate* unmanaged<nint, nint, int>)library.Function("cusolverDnSetStream");
        cusolverDnSpotrf_bufferSize = Size(library, "cusolverDnSpotrf_bufferSize");
        cusolverDnDpotrf_bufferSize = Size(library, "cusolverDnDpotrf_bufferSize");
        cusolverDnSpotrf = Factor(library, "cusolverDnSpotrf");
        cusolverDnDpotrf = Factor(library, "cusolverDnDpotrf");
        cusolverDnSpotri_bufferSize = Size(library, "cusolverDnSpotri_bufferSize");
        cusolverDnDpotri_bufferSize = Size(library, "cusolverDnDpotri_bufferSize");
        cusolverDnSpotri = Factor(library, "cusolverDnSpotri");
        cusolverDnDpotri = Factor(library, "cusolverDnDpotri");
        cusolverDnSsyevd_bufferSize = (delegate* unmanaged<nint, int, int, int, nint, int, nint, int*, int>)
            library.Function("cusolverDnSsyevd_bufferSize");
        cusolverDnDsyevd_bufferSize = (delegate* unmanaged<nint, int, int, int, nint, int, nint, int*, int>)
            library.Function("cusolverDnDsyevd_bufferSize");
        cusolverDnSsyevd = (delegate* unmanaged<nint, int, int, int, nint, int, nint, nint, int, nint, int>)
            library.Function("cusolverDnSsyevd");
        cusolverDnDsyevd = (delegate* unmanaged<nint, int, int, int, nint, int, nint, nint, int, nint, int>)
            library.Function("cusolverDnDsyevd");
        cusolverDnSgesvd_bufferSize =
            (delegate* unmanaged<nint, int, int, int*, int>)library.Function("cusolverDnSgesvd_bufferSize");
        cusolverDnDgesvd_bufferSize =
            (delegate* unmanaged<nint, int, int, int*, int>)library.Function("cusolverDnDgesvd_bufferSize");
        cusolverDnSgesvd = (delegate* unmanaged<nint, sbyte, sbyte, int, int, nint, int, nint, nint, int, nint, int,
            nint, int, nint, nint, int>)library.Function("cusolverDnSgesvd");
        cusolverDnDgesvd = (delegate* unmanaged<nint, sbyte, sbyte, int, int, nint, int, nint, nint, int, nint, int,
            nint, int, nint, nint, int>)library.Function("cusolverDnDgesvd");
    }

    /// <summary>Where the functions come from.</summary>
    public NativeLibraryFile Library { get; }

    /// <summary>Throws what a failed call means.</summary>
    /// <exception cref="InsufficientMemoryException">The device has no memory left for the library's
    /// workspace.</exception>
    /// <exception cref="CudaException">Anything else.</exception>
    public static void ThrowIfFailed(int code, string call)
    {
        if (code != 0)
        {
            throw Failures.OfSolver(call, code);
        }
    }

    private static delegate* unmanaged<nint, int, int, nint, int, int*, int> Size(
        NativeLibraryFile library, string name)
        => (delegate* unmanaged<nint, int, int, nint, int, int*, int>)library.Function(name);

    private static delegate* unmanaged<nint, int, int, nint, int, nint, int, nint, int> Factor(
        NativeLibraryFile library, string name) =>
        (delegate* unmanaged<nint, int, int, nint, int, nint, int, nint, int>)library.Function(name);
}
