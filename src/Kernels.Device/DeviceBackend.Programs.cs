using System.Numerics;

namespace VemKernels.Device;

/// <content>The programs that a backend may come to build.</content>
public abstract partial class DeviceBackend
{
    /// <summary>
    /// Builds every program for float and double, so that this start and later ones find them in the cache.
    /// </summary>
    /// <param name="progress">Told the name of each program before it is built; null for nobody.</param>
    /// <param name="cancellation">Checked before each program.</param>
    /// <returns>How many programs there are.</returns>
    public int Warm(IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        int count = Warm<float>(progress, cancellation);
        return HasDouble ? count + Warm<double>(progress, cancellation) : count;
    }

    /// <summary>
    /// The sources of native/common that every backend builds, with the definitions that come with them, where products
    /// are cut as usual and the peak is measured on single elements.
    /// </summary>
    internal static IReadOnlyList<(string Source, string Definitions)> CommonPrograms(DeviceLimits limits) =>
    [
        ("elementwise", string.Empty), ("statistics", string.Empty), ("scores", string.Empty),
        ("pairwise", string.Empty), ("proximal", string.Empty), ("hyper_gradient", string.Empty),
        ("gemm", GemmTuning.For<float>(limits, DeviceTuning.None).Definitions), ("trsm", TrsmDefinitions),
        ("cholesky", CholeskyDefinitions),
        ("jacobi", JacobiDefinitions), ("peak", PeakDefinitions),
    ];

    /// <summary>The sources of all programs of this backend.</summary>
    internal IEnumerable<string> SourceNames => Programs<float>().Select(program => program.Source);

    /// <summary>The whole text of a source, as it is compiled.</summary>
    internal string TextOf(string source) => _runtime.Sources.Load(source);

    /// <summary>All programs of this backend: source and definitions.</summary>
    private protected virtual IReadOnlyList<(string Source, string Definitions)> Programs<T>()
        where T : unmanaged =>
    [
        .. CommonPrograms(_runtime.Limits).Select(program => program.Source switch
        {
            "gemm" => ("gemm", (typeof(T) == typeof(float) ? _gemmSingle : _gemmDouble).Definitions),
            "peak" => ("peak", PeakVector<T>().Definitions),
            _ => program,
        }),
    ];

    private int Warm<T>(IProgress<string>? progress, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IReadOnlyList<(string Source, string Definitions)> programs = Programs<T>();
        foreach ((string source, string definitions) in programs)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report($"{source} {typeof(T).Name}");
            _kernels.Require<T>(source, definitions);
        }

        return programs.Count;
    }
}
