using VemKernels.Benchmark.Checks;
using VemKernels.Benchmark.Inputs;
using VemKernels.Solvers;

namespace VemKernels.Benchmark.Workloads;

/// <summary>Simulated features and responses.</summary>
internal sealed class FitData : IDisposable
{
    private const int FeatureSeed = 11;
    private const int NoiseSeed = 1_000_011;

    private readonly Matrix<float>[] _spaces;
    private readonly Matrix<float> _responses;

    /// <summary>Draws data of the given sizes.</summary>
    public FitData(FitSizes sizes)
    {
        _spaces = [.. Enumerable.Range(0, sizes.Spaces).Select(
            space => SeededMatrices.Normal<float>(sizes.Samples, sizes.Features, FeatureSeed + space))];
        Spaces = [.. _spaces.Select(space => space.View)];
        _responses = SeededMatrices.Targets(Spaces, sizes.Voxels, NoiseSeed);
        Folds = CrossValidationSplits.KFold(sizes.Samples, sizes.Folds);
    }

    /// <summary>Features, samples x features each.</summary>
    public IReadOnlyList<MatrixView<float>> Spaces { get; }

    /// <summary>Responses, samples x voxels.</summary>
    public MatrixView<float> Y => _responses.View;

    /// <summary>The same, as solvers take them.</summary>
    public TargetSource<float> Targets => new MatrixTargetSource<float>(Y);

    /// <summary>Splits of cross-validation.</summary>
    public IReadOnlyList<Fold> Folds { get; }

    /// <summary>The textbook's way of fitting them.</summary>
    public ExplicitFit Explicit() => new(Spaces, Folds);

    /// <inheritdoc/>
    public void Dispose()
    {
        _responses.Dispose();
        foreach (Matrix<float> space in _spaces)
        {
            space.Dispose();
        }
    }
}
