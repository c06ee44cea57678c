using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// The sparse group lasso with given penalties (himalaya's <c>solve_sparse_group_lasso</c>, which has no class there).
/// The face of <see cref="SparseGroupLasso"/>.
/// </summary>
/// <param name="backend">Where to compute.</param>
/// <param name="options">Penalties, groups, intercept and so on; null for the defaults.</param>
/// <typeparam name="T">float or double.</typeparam>
public sealed class SparseGroupLasso<T>(IBackend backend, SparseGroupLassoOptions? options = null)
    : PrimalEstimator<T>(backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The options.</summary>
    public SparseGroupLassoOptions Options { get; } = options ?? new SparseGroupLassoOptions();

    private protected override string Name => nameof(SparseGroupLasso<T>);

    private protected override object SavedOptions => Options;

    private protected override MemoryBudget Memory => Options.Memory;

    private protected override bool HasIntercept => Options.FitIntercept;

    /// <summary>Reads a saved estimator.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="folder">What <see cref="Estimator{T}.Save"/> wrote.</param>
    /// <exception cref="IOException">
    /// A file is missing, damaged, of another estimator or type, or of a newer version.
    /// </exception>
    public static SparseGroupLasso<T> Load(IBackend backend, string folder)
    {
        (SparseGroupLassoOptions options, EstimatorDescription description) =
            EstimatorFolder.Open<T, SparseGroupLassoOptions>(folder, nameof(SparseGroupLasso<T>));
        SparseGroupLasso<T> estimator = new(backend, options);
        estimator.Restore(folder, description);
        return estimator;
    }

    /// <summary>Fits the model to one matrix of features, samples x features; see the other overload.</summary>
    public SparseGroupLasso<T> Fit(
        MatrixView<T> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default) =>
        Fit([X], Y, progress, cancellation);

    /// <inheritdoc/>
    public override SparseGroupLasso<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        Refit(X, Y, model =>
        {
            RequireSingle(X);
            MatrixView<T> coef = AllocateCoef(model, X, Y);
            using SparseGroupLassoResult<T> result = SparseGroupLasso.Solve(
                Backend, X[0], Y, Options, null, coef, progress, cancellation);
            model.Keep(InterceptArray, result.Intercept);
        });
        return this;
    }
}
