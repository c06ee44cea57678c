using VemKernels.Device;

namespace VemKernels.Cuda;

/// <content>The programs that only CUDA has.</content>
public sealed partial class CudaBackend
{
    /// <summary>
    /// The sources of native/cuda that no source of native/common has the name of, with their definitions.
    /// </summary>
    internal static IReadOnlyList<(string Source, string Definitions)> OwnPrograms<T>()
        where T : unmanaged
    {
        string[] sources = typeof(T) == typeof(float) ? [WarpSource, FoldSource, TensorSource] : [WarpSource];
        return [.. sources.Select(source => (source, string.Empty))];
    }

    /// <inheritdoc/>
    private protected override IReadOnlyList<(string Source, string Definitions)> Programs<T>() =>
        [.. base.Programs<T>(), .. OwnPrograms<T>()];
}
