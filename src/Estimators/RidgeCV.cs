using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Ridge regression, alpha by cross-validation (himalaya's <c>RidgeCV</c>). The face of <see cref="RidgeCV"/>.
/// </summary>
/// <param name="backend">Where to compute.</param>
/// <param name="options">Alphas, splits; null for the defaults.</param>
/// <typeparam name="T">float or double.</typeparam>
public sealed class RidgeCV<T>(IBackend backend, CrossValidatedOptions? options = null)
    : CrossValidatedEstimator<T, CrossValidatedOptions>(backend, options)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string CoefArray = "coef";

    /// <summary>Weights, features x targets.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> Coef => Fitted(CoefArray);

    private protected override string Name => nameof(RidgeCV<T>);

    /// <summary>Reads a saved estimator.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="folder">What <see cref="Estimator{T}.Save"/> wrote.</param>
    /// <exception cref="IOException">
    /// A file is missing, damaged, of another estimator or type, or of a newer version.
    /// </exception>
    public static RidgeCV<T> Load(IBackend backend, string folder)
    {
        (CrossValidatedOptions options, ModelSizes sizes) =
            EstimatorFolder.Open<T, CrossValidatedOptions>(folder, nameof(RidgeCV<T>));
        RidgeCV<T> estimator = new(backend, options);
        estimator.Restore(folder, sizes);
        return estimator;
    }

    /// <summary>Fits the model to one matrix of features, samples x features; see the other overload.</summary>
    public RidgeCV<T> Fit(
        MatrixView<T> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default) =>
        Fit([X], Y, progress, cancellation);

    /// <inheritdoc/>
    public override RidgeCV<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(X);
        ArgumentNullException.ThrowIfNull(Y);
        RequireSingle(X);
        FitBy(CoefArray, X[0].Columns, Y, ColumnsOf(X), withDeltas: false, coef => RidgeCV.Solve(
            Backend, X[0], Y, FoldsOf(Y.Samples), SearchFor(WeightKind.Primal), coef, progress, cancellation));
        return this;
    }

    private protected override IEnumerable<ArrayShape> Layout(ModelSizes sizes) =>
        [.. SharedLayout(sizes), new(CoefArray, sizes.TotalFeatures(), (nint)sizes.Targets)];

    private protected override TilePredictor<T> CreatePredictor(
        IReadOnlyList<MatrixView<T>> X, CancellationToken cancellation)
    {
        RequireInputs(X, i => (nint)Sizes.Features[i]);
        return new PrimalPredictor<T>(Backend, X, Coef.View);
    }
}
