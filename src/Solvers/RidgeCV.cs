using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>Ridge regression, alpha by cross-validation: banded ridge with one space.</summary>
public static class RidgeCV
{
    /// <summary>
    /// Fits ridge regression; deltas are -log(alpha), 1 x targets. For the arguments see <see cref="BandedRidge"/>.
    /// </summary>
    public static RandomSearchResult<T> Solve<T>(
        IBackend backend,
        InputMatrix<T> features,
        TargetSource<T> targets,
        IReadOnlyList<Fold> folds,
        RandomSearchOptions options,
        MatrixView<T>? weights = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Matrix<double> one = Matrix<double>.From(1, 1, [1.0]);
        return BandedRidge.Solve(
            backend, new InputMatrices<T>([features]), targets, one.View, folds, options, weights, progress,
            cancellation);
    }
}
