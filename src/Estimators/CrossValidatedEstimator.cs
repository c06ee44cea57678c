using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>What estimators that choose alphas by cross-validation share.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TOptions">The estimator's options.</typeparam>
public abstract class CrossValidatedEstimator<T, TOptions> : Estimator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptions : CrossValidatedOptions, new()
{
    private const string BestAlphasArray = "best_alphas";
    private const string CvScoresArray = "cv_scores";
    private protected const string DeltasArray = "deltas";

    private protected CrossValidatedEstimator(IBackend backend, TOptions? options)
        : base(backend) => Options = options ?? new TOptions();

    /// <summary>The options.</summary>
    public TOptions Options { get; }

    /// <summary>The alpha chosen for each target, 1 x targets.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> BestAlphas => Fitted(BestAlphasArray);

    /// <summary>
    /// Cross-validation scores, averaged over folds, of the best alpha of each candidate: candidates x targets.
    /// </summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> CvScores => Fitted(CvScoresArray);

    private protected override object SavedOptions => Options;

    private protected override MemoryBudget Memory => Options.Search.Memory;

    /// <summary>The solver's options, with the weights that the estimator keeps.</summary>
    private protected RandomSearchOptions SearchFor(WeightKind weights) => Options.Search with { Weights = weights };

    /// <summary>The splits: the caller's, or contiguous folds.</summary>
    private protected IReadOnlyList<Fold> FoldsOf(nint samples) =>
        Options.Folds ?? CrossValidationSplits.KFold(checked((int)samples), CrossValidatedOptions.DefaultFolds);

    /// <summary>Shapes of the arrays that all have.</summary>
    private protected IEnumerable<ArrayShape> SharedLayout(ModelSizes sizes)
    {
        nint targets = (nint)sizes.Targets;
        yield return new ArrayShape(BestAlphasArray, 1, targets);
        yield return new ArrayShape(CvScoresArray, (nint)sizes.ScoreRows, targets);
        if (Options.Search.FitIntercept)
        {
            yield return new ArrayShape(InterceptArray, 1, targets);
        }
    }

    /// <summary>Fits by a solver that writes weights to memory it is given; nothing changes where it fails.</summary>
    /// <param name="weightsArray">Name of the array of weights.</param>
    /// <param name="rows">Rows of the weights.</param>
    /// <param name="Y">Responses.</param>
    /// <param name="features">Features of each space; none where kernels are given.</param>
    /// <param name="withDeltas">Whether deltas are kept.</param>
    /// <param name="solve">The solver.</param>
    /// <param name="finish">What is to be done with the model before it is adopted, where there is something.</param>
    private protected void FitBy(
        string weightsArray, nint rows, TargetSource<T> Y, IReadOnlyList<long> features, bool withDeltas,
        Func<MatrixView<T>, RandomSearchResult<T>> solve, Action<FittedModel<T>>? finish = null)
    {
        Matrix<T> weights = Matrix<T>.Uninitialized(rows, Y.Targets);
        FittedModel<T>? model = null;
        try
        {
            using RandomSearchResult<T> result = solve(weights.View);
            model = ToModel(result, Y.Samples, features, withDeltas);
            finish?.Invoke(model);
            model.Add(weightsArray, weights);
        }
        catch
        {
            weights.Dispose();
            model?.Dispose();
            throw;
        }

        Adopt(model);
    }

    /// <summary>Columns of each matrix.</summary>
    private protected static long[] ColumnsOf(IReadOnlyList<MatrixView<T>> X) => [.. X.Select(x => (long)x.Columns)];

    private static FittedModel<T> ToModel(
        RandomSearchResult<T> result, nint samples, IReadOnlyList<long> features, bool withDeltas)
    {
        FittedModel<T> model = new(new ModelSizes
        {
            Samples = samples,
            Targets = result.BestAlphas.Columns,
            Spaces = (int)result.Deltas.Rows,
            Features = features,
            ScoreRows = result.CvScores.Rows,
        });
        model.Add(BestAlphasArray, Matrix<T>.From(result.BestAlphas.View));
        model.Add(CvScoresArray, Matrix<T>.From(result.CvScores.View));
        if (withDeltas)
        {
            model.Add(DeltasArray, Matrix<T>.From(result.Deltas.View));
        }

        if (result.Intercept is { } intercept)
        {
            model.Add(InterceptArray, Matrix<T>.From(intercept.View));
        }

        return model;
    }
}
