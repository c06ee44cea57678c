namespace VemKernels.Benchmark.Workloads;

/// <summary>Sizes of a fit.</summary>
/// <param name="Label">"small", "medium" or "large".</param>
/// <param name="Samples">Time points.</param>
/// <param name="Voxels">Targets.</param>
/// <param name="Spaces">Feature spaces.</param>
/// <param name="Features">Features of each space.</param>
/// <param name="Folds">Folds of cross-validation.</param>
internal sealed record FitSizes(string Label, int Samples, int Voxels, int Spaces, int Features, int Folds)
{
    /// <summary>In words.</summary>
    public override string ToString() =>
        $"{Samples:N0} samples x {Voxels:N0} voxels, {(Spaces > 1 ? $"{Spaces} x " : "")}{Features:N0} features, "
        + $"{Folds} folds";
}
