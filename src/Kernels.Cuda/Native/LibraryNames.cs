namespace VemKernels.Cuda;

/// <summary>
/// The file names of CUDA's libraries: versions stand in them, and not the same for all libraries of one toolkit. The
/// newest comes first.
/// </summary>
internal static class LibraryNames
{
    /// <summary>The toolkits whose libraries are known: the release, then what its files are called.</summary>
    private static readonly (int Toolkit, string Nvrtc, string NvrtcWindows, int Blas, int Solver)[] Toolkits =
    [
        (13, "13", "130_0", 13, 12),
        (12, "12", "120_0", 12, 11),
        (11, "11.2", "112_0", 11, 11),
    ];

    /// <summary>The file names of a library, in the order in which they are tried.</summary>
    /// <param name="kind">The library.</param>
    /// <param name="windows">Whether for Windows; else for Linux.</param>
    /// <param name="newest">The newest toolkit that the driver runs; 0 for any.</param>
    public static IReadOnlyList<string> Of(LibraryKind kind, bool windows, int newest = 0)
    {
        if (kind == LibraryKind.Driver)
        {
            return windows ? ["nvcuda.dll"] : ["libcuda.so.1", "libcuda.so"];
        }

        IEnumerable<string> names =
            from toolkit in Toolkits
            where newest == 0 || toolkit.Toolkit <= newest
            select kind switch
            {
                LibraryKind.Compiler => windows ? $"nvrtc64_{toolkit.NvrtcWindows}.dll"
                    : $"libnvrtc.so.{toolkit.Nvrtc}",
                LibraryKind.Blas => windows ? $"cublas64_{toolkit.Blas}.dll" : $"libcublas.so.{toolkit.Blas}",
                _ => windows ? $"cusolver64_{toolkit.Solver}.dll" : $"libcusolver.so.{toolkit.Solver}",
            };
        return [.. names.Distinct()];
    }

    /// <summary>
    /// What a library loads of its own folder, by patterns, in the order in which one needs the other. NVRTC opens its
    /// builtins by name at the first compilation, and some of NVIDIA's own Python packages lack the entry that lets the
    /// loader look in the library's own folder (nvidia-cuda-nvrtc 13.0.48, NVIDIA/cuda-python pull request 792).
    /// </summary>
    public static IReadOnlyList<string> BesideOf(LibraryKind kind, bool windows) => (kind, windows) switch
    {
        (LibraryKind.Compiler, false) => ["libnvrtc-builtins.so.*"],
        (LibraryKind.Blas, false) => ["libcublasLt.so.*"],
        (LibraryKind.Solver, false) => ["libnvJitLink.so.*", "libcusparse.so.*"],
        _ => [],
    };

    /// <summary>What people call the library.</summary>
    public static string Title(LibraryKind kind) => kind switch
    {
        LibraryKind.Driver => "the NVIDIA driver",
        LibraryKind.Compiler => "NVRTC",
        LibraryKind.Blas => "cuBLAS",
        _ => "cuSOLVER",
    };
}
