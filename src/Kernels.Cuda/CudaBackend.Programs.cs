namespace VemKernels.Cuda;

/// <content>The programs that only CUDA has.</content>
public sealed partial class CudaBackend
{
    /// <summary>The sources of native/cuda, with the definitions that come with them.</summary>
    internal static IReadOnlyList<(string Source, string Definitions)> OwnPrograms => [];

    /// <inheritdoc/>
    private protected override IReadOnlyList<(string Source, string Definitions)> Programs<T>() =>
        [.. base.Programs<T>(), .. OwnPrograms];
}
