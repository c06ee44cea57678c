using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Kernel ridge regression, alpha by cross-validation (himalaya's <c>KernelRidgeCV</c>). The face of
/// <see cref="KernelRidgeCV"/>.
/// </summary>
/// <remarks>
/// <see cref="KernelEstimator{T,TOptions}.DualCoef"/> is (K + alpha I)^-1 y as users of that package know it, so that
/// predictions are K w: the solver's weights over alpha.
/// </remarks>
/// <param name="backend">Where to compute.</param>
/// <param name="options">Kernel, alphas, splits; null for the defaults.</param>
/// <typeparam name="T">float or double.</typeparam>
public sealed class KernelRidgeCV<T>(IBackend backend, KernelRidgeCVOptions? options = null)
    : KernelEstimator<T, KernelRidgeCVOptions>(backend, options)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected override string Name => nameof(KernelRidgeCV<T>);

    private protected override KernelInput Input => Options.Kernel;

    private protected override Matrix<T>? PredictionDeltas => null;

    /// <summary>Reads a saved estimator.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="folder">What <see cref="Estimator{T}.Save"/> wrote.</param>
    /// <exception cref="IOException">
    /// A file is missing, damaged, of another estimator or type, or of a newer version.
    /// </exception>
    public static KernelRidgeCV<T> Load(IBackend backend, string folder)
    {
        (KernelRidgeCVOptions options, ModelSizes sizes) =
            EstimatorFolder.Open<T, KernelRidgeCVOptions>(folder, nameof(KernelRidgeCV<T>));
        KernelRidgeCV<T> estimator = new(backend, options);
        estimator.Restore(folder, sizes);
        return estimator;
    }

    /// <summary>
    /// Fits the model to one matrix: features or a kernel, as the options say; see the other overload.
    /// </summary>
    public KernelRidgeCV<T> Fit(
        MatrixView<T> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default) =>
        Fit([X], Y, progress, cancellation);

    /// <inheritdoc/>
    public override KernelRidgeCV<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(X);
        ArgumentNullException.ThrowIfNull(Y);
        RequireSingle(X);
        using KernelSet<T> kernels = TrainingKernels(X, cancellation);
        FitBy(
            DualCoefArray, Y.Samples, Y, FeaturesOf(X), withDeltas: false,
            dual => Solve(kernels.Views[0], Y, dual, progress, cancellation),
            model => KeepFeatures(model, X));
        return this;
    }

    private protected override IEnumerable<ArrayShape> Layout(ModelSizes sizes) => KernelLayout(sizes);

    private RandomSearchResult<T> Solve(
        MatrixView<T> kernel, TargetSource<T> Y, MatrixView<T> dual,
        IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        RandomSearchResult<T> result = KernelRidgeCV.Solve(
            Backend, kernel, Y, FoldsOf(Y.Samples), SearchFor(WeightKind.Dual), dual, progress, cancellation);
        MatrixView<T> alphas = result.BestAlphas.View;
        for (nint i = 0; i < dual.Rows; i++)
        {
            for (nint j = 0; j < dual.Columns; j++)
            {
                dual[i, j] /= alphas[0, j];
            }
        }

        return result;
    }
}
