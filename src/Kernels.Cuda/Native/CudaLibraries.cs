namespace VemKernels.Cuda;

/// <summary>
/// The libraries of CUDA that this machine has. The driver and NVRTC are needed; without cuBLAS products run on the
/// shared kernels, without cuSOLVER large factorisations on the shared kernels or the host.
/// </summary>
internal sealed class CudaLibraries
{
    private const int VersionsOfMajor = 1000;

    private static readonly Lazy<CudaLibraries> Found =
        new(() => new CudaLibraries(
            SearchFolders.List(Environment.GetEnvironmentVariable),
            SearchFolders.Describe(Environment.GetEnvironmentVariable)));

    private readonly string _places;

    /// <summary>Loads what is in the folders; what is not there is null.</summary>
    /// <param name="folders">Where to look, in order.</param>
    /// <param name="places">The folders in words; null to name them all.</param>
    /// <exception cref="CudaException">A library lacks a function: it is older than CUDA 11.8's.</exception>
    public CudaLibraries(IReadOnlyList<string> folders, string? places = null)
    {
        _places = places ?? string.Join(", ", folders);
        if (NativeLibraryFile.TryLoad(LibraryKind.Driver, folders) is not { } driver)
        {
            return;
        }

        Driver = new CudaDriver(driver);
        InitialisationCode = Initialise(Driver);
        if (InitialisationCode != ResultCodes.Success)
        {
            return;
        }

        DriverVersion = VersionOf(Driver);
        int newest = DriverVersion.Major;
        Compiler = NativeLibraryFile.TryLoad(LibraryKind.Compiler, folders, newest) is { } compiler
            ? new Nvrtc(compiler) : null;
        Blas = NativeLibraryFile.TryLoad(LibraryKind.Blas, folders, newest) is { } blas ? new CuBlas(blas) : null;
        Solver = Blas is not null && NativeLibraryFile.TryLoad(LibraryKind.Solver, folders, newest) is { } solver
            ? new CuSolver(solver) : null;
    }

    /// <summary>The libraries of this process, looked for once.</summary>
    public static CudaLibraries Default => Found.Value;

    /// <summary>The driver.</summary>
    public CudaDriver? Driver { get; }

    /// <summary>The toolkit that the driver runs: 12.2 runs what 12.2, and other toolkits to 12.x, compile.</summary>
    public Version DriverVersion { get; } = new(0, 0);

    /// <summary>What cuInit returned.</summary>
    public int InitialisationCode { get; }

    /// <summary>The compiler.</summary>
    public Nvrtc? Compiler { get; }

    /// <summary>Products and triangular solves.</summary>
    public CuBlas? Blas { get; }

    /// <summary>Factorisations.</summary>
    public CuSolver? Solver { get; }

    /// <summary>What is missing, in one line that says where it was looked for; null where all is there.</summary>
    public string? Missing
    {
        get
        {
            if (Driver is null)
            {
                return NotFound([LibraryKind.Driver]);
            }

            if (InitialisationCode != ResultCodes.Success)
            {
                return Driver.Failure(InitialisationCode, nameof(Driver.cuInit)).Message;
            }

            LibraryKind[] missing =
            [
                .. new[] { LibraryKind.Compiler }.Where(_ => Compiler is null),
                .. new[] { LibraryKind.Blas }.Where(_ => Blas is null),
                .. new[] { LibraryKind.Solver }.Where(_ => Solver is null),
            ];
            return missing.Length == 0 ? null : NotFound(missing);
        }
    }

    /// <summary>Whether kernels can be compiled and run, if there is a device.</summary>
    public bool CanCompute => Driver is not null && InitialisationCode == ResultCodes.Success && Compiler is not null;

    private string NotFound(LibraryKind[] kinds)
    {
        bool windows = OperatingSystem.IsWindows();
        IEnumerable<string> titles = kinds.Select(
            kind => LibraryNames.Title(kind)
                + $" ({string.Join(", ", LibraryNames.Of(kind, windows, DriverVersion.Major))})");
        return $"not found: {string.Join("; ", titles)}; looked in {_places}; "
            + $"{SearchFolders.OwnVariable} names another folder";
    }

    private static unsafe int Initialise(CudaDriver driver) => driver.cuInit(0);

    private static unsafe Version VersionOf(CudaDriver driver)
    {
        int version;
        driver.ThrowIfFailed(driver.cuDriverGetVersion(&version), nameof(driver.cuDriverGetVersion));
        return new Version(version / VersionsOfMajor, version % VersionsOfMajor / 10);
    }
}
