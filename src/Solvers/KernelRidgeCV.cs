using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>Kernel ridge regression, alpha by cross-validation: multiple-kernel ridge with one kernel.</summary>
public static class KernelRidgeCV
{
    /// <summary>
    /// Fits kernel ridge regression; deltas are -log(alpha), 1 x targets. Dual weights are those of multiple-kernel
    /// ridge, alpha (K + alpha I)^-1 y: divide by <see cref="RandomSearchResult{T}.BestAlphas"/> for weights that
    /// predict as K w. For the arguments see <see cref="MultipleKernelRidge"/>.
    /// </summary>
    public static RandomSearchResult<T> Solve<T>(
        IBackend backend,
        InputMatrix<T> kernel,
        TargetSource<T> targets,
        IReadOnlyList<Fold> folds,
        RandomSearchOptions options,
        MatrixView<T>? weights = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Matrix<double> one = Matrix<double>.From(1, 1, [1.0]);
        return MultipleKernelRidge.Solve(
            backend, new InputMatrices<T>([kernel]), targets, one.View, folds, options, null, weights, progress,
            cancellation);
    }
}
