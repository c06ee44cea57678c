using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Banded ridge regression by random search (himalaya's <c>GroupRidgeCV</c>, <c>BandedRidgeCV</c>): one matrix of
/// features a space, samples x features. The face of <see cref="BandedRidge"/>.
/// </summary>
/// <example><code>
/// using BandedRidgeCV&lt;float&gt; model = new(backend, new() { Search = new() { Alphas = alphas }, Seed = 0 });
/// model.Fit([motion.View, semantic.View], responses);
/// using Matrix&lt;float&gt; r2 = model.Score([motionTest.View, semanticTest.View], responsesTest, split: true);
/// </code></example>
/// <param name="backend">Where to compute.</param>
/// <param name="options">Candidates, alphas, splits; null for the defaults.</param>
/// <typeparam name="T">float or double.</typeparam>
public sealed class BandedRidgeCV<T>(IBackend backend, RandomSearchCVOptions? options = null)
    : CrossValidatedEstimator<T, RandomSearchCVOptions>(backend, options)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string CoefArray = "coef";

    /// <summary>Log weights of the spaces, log(gamma / alpha): spaces x targets.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> Deltas => Fitted(DeltasArray);

    /// <summary>Weights of the features as they were given, features of all spaces x targets.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> Coef => Fitted(CoefArray);

    private protected override string Name => nameof(BandedRidgeCV<T>);

    /// <summary>Reads a saved estimator.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="folder">What <see cref="Estimator{T}.Save"/> wrote.</param>
    /// <exception cref="IOException">
    /// A file is missing, damaged, of another estimator or type, or of a newer version.
    /// </exception>
    public static BandedRidgeCV<T> Load(IBackend backend, string folder)
    {
        (RandomSearchCVOptions options, ModelSizes sizes) =
            EstimatorFolder.Open<T, RandomSearchCVOptions>(folder, nameof(BandedRidgeCV<T>));
        BandedRidgeCV<T> estimator = new(backend, options);
        estimator.Restore(folder, sizes);
        return estimator;
    }

    /// <inheritdoc/>
    public override BandedRidgeCV<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(X);
        ArgumentNullException.ThrowIfNull(Y);
        RequireSpaces(X);
        using Matrix<double> gammas = Options.Candidates(X.Count);
        long[] features = ColumnsOf(X);
        FitBy(CoefArray, (nint)features.Sum(), Y, features, withDeltas: true, coef => BandedRidge.Solve(
            Backend, X, Y, gammas.View, FoldsOf(Y.Samples), SearchFor(WeightKind.Primal), coef,
            progress, cancellation));
        return this;
    }

    private protected override IEnumerable<ArrayShape> Layout(ModelSizes sizes) =>
    [
        .. SharedLayout(sizes),
        new(DeltasArray, sizes.Spaces, (nint)sizes.Targets),
        new(CoefArray, sizes.TotalFeatures(), (nint)sizes.Targets),
    ];

    private protected override TilePredictor<T> CreatePredictor(
        IReadOnlyList<MatrixView<T>> X, CancellationToken cancellation)
    {
        RequireInputs(X, i => (nint)Sizes.Features[i]);
        return new PrimalPredictor<T>(Backend, X, Coef.View);
    }
}
