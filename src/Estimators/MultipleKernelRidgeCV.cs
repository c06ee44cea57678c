using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Multiple-kernel ridge regression by random search (himalaya's <c>MultipleKernelRidgeCV</c>): one matrix a kernel.
/// The face of <see cref="MultipleKernelRidge"/>.
/// </summary>
/// <remarks>
/// <see cref="KernelEstimator{T,TOptions}.DualCoef"/> is alpha (sum_i gamma_i K_i + alpha I)^-1 y, so that predictions
/// are sum_i exp(delta_i) K_i w, as in that package.
/// </remarks>
/// <param name="backend">Where to compute.</param>
/// <param name="options">Kernels, candidates, alphas, splits; null for the defaults.</param>
/// <typeparam name="T">float or double.</typeparam>
public sealed class MultipleKernelRidgeCV<T>(IBackend backend, MultipleKernelRidgeCVOptions? options = null)
    : KernelEstimator<T, MultipleKernelRidgeCVOptions>(backend, options)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Log kernel weights, log(gamma / alpha): kernels x targets.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> Deltas => Fitted(DeltasArray);

    private protected override string Name => nameof(MultipleKernelRidgeCV<T>);

    private protected override KernelInput Input => Options.Kernels;

    private protected override Matrix<T>? PredictionDeltas => Deltas;

    /// <summary>Reads a saved estimator.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="folder">What <see cref="Estimator{T}.Save"/> wrote.</param>
    /// <exception cref="IOException">
    /// A file is missing, damaged, of another estimator or type, or of a newer version.
    /// </exception>
    public static MultipleKernelRidgeCV<T> Load(IBackend backend, string folder)
    {
        (MultipleKernelRidgeCVOptions options, ModelSizes sizes) =
            EstimatorFolder.Open<T, MultipleKernelRidgeCVOptions>(folder, nameof(MultipleKernelRidgeCV<T>));
        MultipleKernelRidgeCV<T> estimator = new(backend, options);
        estimator.Restore(folder, sizes);
        return estimator;
    }

    /// <inheritdoc/>
    public override MultipleKernelRidgeCV<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(X);
        ArgumentNullException.ThrowIfNull(Y);
        RequireSpaces(X);
        using Matrix<double> gammas = Options.Candidates(X.Count);
        using KernelSet<T> kernels = TrainingKernels(X, cancellation);
        FitBy(DualCoefArray, Y.Samples, Y, FeaturesOf(X), withDeltas: true, dual => MultipleKernelRidge.Solve(
            Backend, kernels.Views, Y, gammas.View, FoldsOf(Y.Samples), SearchFor(WeightKind.Dual), null, dual,
            progress, cancellation),
            model => KeepFeatures(model, X));
        return this;
    }

    private protected override IEnumerable<ArrayShape> Layout(ModelSizes sizes) =>
        [.. KernelLayout(sizes), new(DeltasArray, sizes.Spaces, (nint)sizes.Targets)];
}
