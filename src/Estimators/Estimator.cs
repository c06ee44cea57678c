using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// A model with its options, and once fitted with its weights: a thin face over the functions of the solvers, for those
/// who know it from himalaya or scikit-learn.
/// </summary>
/// <remarks>
/// <para>A new estimator is one file: a class that fits by a solver, says which arrays it keeps (<see cref="Layout"/>)
/// and how it predicts (<see cref="CreatePredictor"/>). All else is here.</para>
/// <para>Not safe for use from several threads while it is being fitted. The backend stays the caller's.</para>
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public abstract class Estimator<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Targets at a time at most.</summary>
    private const int LargestTile = 2048;

    /// <summary>Names of arrays that several estimators keep.</summary>
    private protected const string InterceptArray = "intercept";
    private protected const string BestAlphasArray = "best_alphas";
    private protected const string CvScoresArray = "cv_scores";
    private protected const string DeltasArray = "deltas";

    private FittedModel<T>? _model;

    private protected Estimator(IBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        Backend = backend;
    }

    /// <summary>Where to compute.</summary>
    public IBackend Backend { get; }

    /// <summary>Whether the estimator was fitted, or loaded.</summary>
    public bool IsFitted => _model is not null;

    /// <summary>The sizes of the fit.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public ModelSizes Sizes => Model.Sizes;

    /// <summary>Intercepts, 1 x targets; null where none was fitted.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T>? Intercept => Model.Arrays.GetValueOrDefault(InterceptArray);

    /// <summary>The class's name, under which it is saved.</summary>
    private protected abstract string Name { get; }

    /// <summary>The options, for saving.</summary>
    private protected abstract object SavedOptions { get; }

    /// <summary>Cap on the workspace of predictions.</summary>
    private protected abstract MemoryBudget Memory { get; }

    /// <summary>Whether a fit has an intercept.</summary>
    private protected abstract bool HasIntercept { get; }

    /// <summary>What to save of spaces beside the options; null for nothing.</summary>
    private protected virtual IReadOnlyList<SavedSpace>? SavedSpaces => null;

    /// <summary>The fit.</summary>
    private protected FittedModel<T> Model =>
        _model ?? throw new InvalidOperationException($"This {Name} is not fitted: call Fit first.");

    /// <summary>Fits the model. If that fails or is cancelled, the estimator stays as it was.</summary>
    /// <param name="X">One matrix a space or kernel, as the estimator's own documentation says.</param>
    /// <param name="Y">Responses, samples x targets; read a tile of targets at a time.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <returns>This estimator.</returns>
    /// <exception cref="ArgumentException">Data or options that the solver refuses.</exception>
    /// <exception cref="MemoryBudgetException">The budget does not hold one tile.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public abstract Estimator<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default);

    /// <summary>Predicts the responses of new samples.</summary>
    /// <param name="X">One matrix a space or kernel, with as many columns as in the fit.</param>
    /// <param name="split">
    /// Whether by space: (spaces samples) x targets, stacked; they add up to the joint prediction less the intercept.
    /// </param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <returns>samples x targets, or stacked by space.</returns>
    /// <exception cref="ArgumentException">Shapes other than those of the fit.</exception>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> Predict(
        IReadOnlyList<MatrixView<T>> X, bool split = false,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(X);
        using TilePredictor<T> predictor = CreatePredictor(X, cancellation);
        return Predict(predictor, split, progress, cancellation);
    }

    /// <summary>Predicts new samples and scores them against measured responses; no prediction is kept.</summary>
    /// <param name="X">One matrix a space or kernel, with as many columns as in the fit.</param>
    /// <param name="Y">Measured responses, samples x targets. For split r2, zero-mean over samples.</param>
    /// <param name="split">
    /// Whether to split the score over spaces, by the product measure; see <see cref="Scores"/>.
    /// </param>
    /// <param name="score">Which score; <see cref="ScoreKind.NegativeSquaredError"/> cannot be split.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <returns>1 x targets, or spaces x targets, which add up to the joint score.</returns>
    /// <exception cref="ArgumentException">
    /// Shapes other than those of the fit, or a score that cannot be split.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The estimator is not fitted, or r2 is to be split and there is an intercept, which belongs to no space.
    /// </exception>
    public Matrix<T> Score(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y, bool split = false, ScoreKind score = ScoreKind.R2,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(X);
        ArgumentNullException.ThrowIfNull(Y);
        CheckScore(split, score);
        using TilePredictor<T> predictor = CreatePredictor(X, cancellation);
        return Score(predictor, Y, split, score, progress, cancellation);
    }

    /// <summary>Saves the fitted estimator: options as JSON, arrays as .npy files.</summary>
    /// <param name="folder">
    /// The folder to appear, whole or not at all. An earlier output in its place is replaced; anything else is not.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// The estimator is not fitted, or has a kernel of the caller's own.
    /// </exception>
    /// <exception cref="IOException">The folder cannot be written, or something else is in its place.</exception>
    public void Save(string folder)
    {
        FittedModel<T> model = Model;
        RequireSavable();
        EstimatorFolder.Save(folder, Name, SavedOptions, model, SavedSpaces);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _model?.Dispose();
        _model = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>The arrays that a fit of such sizes keeps.</summary>
    private protected virtual IEnumerable<ArrayShape> Layout(ModelSizes sizes) =>
        HasIntercept ? [new ArrayShape(InterceptArray, 1, (nint)sizes.Targets)] : [];

    /// <summary>Whether a fit with the estimator's options can have such sizes.</summary>
    private protected abstract bool Agrees(ModelSizes sizes);

    /// <summary>Checks new samples and makes what predicts them.</summary>
    private protected abstract TilePredictor<T> CreatePredictor(
        IReadOnlyList<MatrixView<T>> X, CancellationToken cancellation);

    /// <summary>Throws where a fit cannot be saved.</summary>
    private protected virtual void RequireSavable()
    {
    }

    /// <summary>Makes ready what a saved fit does not hold.</summary>
    private protected virtual void AfterRestore(FittedModel<T> model, IReadOnlyList<SavedSpace>? spaces)
    {
    }

    /// <summary>An array of the fit.</summary>
    private protected Matrix<T> Fitted(string array) => Model.Arrays[array];

    /// <summary>Fits anew, in place of an earlier fit, which stays where the new one fails.</summary>
    /// <param name="X">What is fitted to; checked for null.</param>
    /// <param name="Y">Responses; checked for null.</param>
    /// <param name="fit">Sets the sizes of the model that it is given and adds its arrays.</param>
    private protected void Refit(object X, TargetSource<T> Y, Action<FittedModel<T>> fit)
    {
        ArgumentNullException.ThrowIfNull(X);
        ArgumentNullException.ThrowIfNull(Y);
        FittedModel<T> model = new();
        try
        {
            fit(model);
        }
        catch (Exception exception)
        {
            model.Dispose();
            if (InOwnNames(exception) is { } own)
            {
                throw own;
            }

            throw;
        }

        Adopt(model);
    }

    /// <summary>
    /// A solver's refusal of data with the names that an estimator has for them: a solver calls features[0] and targets
    /// what was given as X[0] and Y. Null where it names neither.
    /// </summary>
    private static ArgumentException? InOwnNames(Exception exception)
    {
        if (exception is not ArgumentException { ParamName: { } name }
            || !exception.Message.StartsWith(name, StringComparison.Ordinal))
        {
            return null;
        }

        string? own = name switch
        {
            "targets" => "Y",
            "features" => "X[0]",
            _ when name.StartsWith("features[", StringComparison.Ordinal) => $"X{name["features".Length..]}",
            _ => null,
        };
        string problem = exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal);
        return own is null ? null : new ArgumentException(own + problem[name.Length..], own, exception);
    }

    /// <summary>Keeps what a search over alphas found, less its weights, which it wrote where it was told to.</summary>
    private protected static void Keep(FittedModel<T> model, RandomSearchResult<T> result, bool withDeltas)
    {
        model.Sizes = model.Sizes with { ScoreRows = result.CvScores.Rows };
        model.Keep(BestAlphasArray, result.BestAlphas);
        model.Keep(CvScoresArray, result.CvScores);
        model.Keep(DeltasArray, withDeltas ? result.Deltas : null);
        model.Keep(InterceptArray, result.Intercept);
    }

    /// <summary>Shapes of what <see cref="Keep"/> keeps, but for the intercept.</summary>
    private protected static IEnumerable<ArrayShape> SearchLayout(ModelSizes sizes, bool withDeltas)
    {
        nint targets = (nint)sizes.Targets;
        yield return new ArrayShape(BestAlphasArray, 1, targets);
        yield return new ArrayShape(CvScoresArray, (nint)sizes.ScoreRows, targets);
        if (withDeltas)
        {
            yield return new ArrayShape(DeltasArray, sizes.Spaces, targets);
        }
    }

    /// <summary>Reads the arrays of a saved fit.</summary>
    private protected void Restore(string folder, EstimatorDescription description)
    {
        if (!Agrees(description.Sizes))
        {
            throw EstimatorFolder.Contradiction(folder);
        }

        FittedModel<T> model = EstimatorFolder.ReadArrays<T>(folder, description.Sizes, Layout(description.Sizes));
        try
        {
            AfterRestore(model, description.Spaces);
        }
        catch
        {
            model.Dispose();
            throw;
        }

        Adopt(model);
    }

    /// <summary>Predicts tile by tile.</summary>
    private protected Matrix<T> Predict(
        TilePredictor<T> predictor, bool split, IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        nint targets = (nint)Sizes.Targets;
        nint rows = split ? predictor.Samples * predictor.Spaces : predictor.Samples;
        Matrix<T> predictions = Matrix<T>.Uninitialized(rows, targets);
        try
        {
            foreach ((nint first, nint count) in Tiles(predictor, split))
            {
                cancellation.ThrowIfCancellationRequested();
                PredictTile(predictor, first, split, predictions.View.SliceColumns(first, count));
                progress?.Report(new FitProgress("prediction", (double)(first + count) / targets));
            }
        }
        catch
        {
            predictions.Dispose();
            throw;
        }

        return predictions;
    }

    /// <summary>Predicts tile by tile, and scores each tile.</summary>
    private protected Matrix<T> Score(
        TilePredictor<T> predictor, TargetSource<T> Y, bool split, ScoreKind score,
        IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        nint targets = (nint)Sizes.Targets;
        Shapes.RequireSame(predictor.Samples, targets, Y.Samples, Y.Targets, nameof(Y));
        Matrix<T> scores = Matrix<T>.Uninitialized(split ? predictor.Spaces : 1, targets);
        try
        {
            foreach ((nint first, nint count) in Tiles(predictor, split))
            {
                cancellation.ThrowIfCancellationRequested();
                using Matrix<T> truth = Matrix<T>.Uninitialized(predictor.Samples, count);
                using Matrix<T> predictions = Matrix<T>.Uninitialized(predictor.Samples * scores.Rows, count);
                Y.Read(first, truth.View);
                PredictTile(predictor, first, split, predictions.View);
                using Matrix<T> tile = !split ? Scores.Of(Backend, score, truth.View, predictions.View)
                    : score == ScoreKind.R2 ? Scores.R2Split(Backend, truth.View, predictions.View, predictor.Spaces)
                    : Scores.CorrelationSplit(Backend, truth.View, predictions.View, predictor.Spaces);
                tile.View.CopyTo(scores.View.SliceColumns(first, count));
                progress?.Report(new FitProgress("scores", (double)(first + count) / targets));
            }
        }
        catch
        {
            scores.Dispose();
            throw;
        }

        return scores;
    }

    /// <summary>Requires at least one matrix to fit to.</summary>
    private protected static void RequireSpaces(IReadOnlyList<MatrixView<T>> X)
    {
        if (X.Count == 0)
        {
            throw new ArgumentException("No matrix was given; expected one a space.", nameof(X));
        }
    }

    /// <summary>Requires one matrix to fit to.</summary>
    private protected void RequireSingle(IReadOnlyList<MatrixView<T>> X)
    {
        if (X.Count != 1)
        {
            throw new ArgumentException($"{X.Count} matrices; a {Name} is fitted to one.", nameof(X));
        }
    }

    /// <summary>Requires one matrix a space, of equally many samples and of given numbers of columns.</summary>
    private protected void RequireInputs(IReadOnlyList<MatrixView<T>> X, Func<int, nint> columns)
    {
        if (X.Count != Sizes.Spaces)
        {
            throw new ArgumentException($"{X.Count} matrices; the {Name} was fitted to {Sizes.Spaces}.", nameof(X));
        }

        for (int i = 0; i < X.Count; i++)
        {
            Shapes.Require(X[i], X[0].Rows, columns(i), $"X[{i}]");
        }
    }

    /// <summary>Makes a new fit the estimator's own, in place of an earlier one.</summary>
    private void Adopt(FittedModel<T> model)
    {
        _model?.Dispose();
        _model = model;
    }

    private void CheckScore(bool split, ScoreKind score)
    {
        if (split && score == ScoreKind.NegativeSquaredError)
        {
            throw new ArgumentException($"{score} cannot be split; expected R2 or Correlation.", nameof(score));
        }

        if (split && score == ScoreKind.R2 && Intercept is not null)
        {
            throw new InvalidOperationException(
                "R2 cannot be split with an intercept: centre features and responses, and fit without.");
        }
    }

    private void PredictTile(TilePredictor<T> predictor, nint first, bool split, MatrixView<T> tile)
    {
        predictor.Predict(first, split, tile);
        if (split || Intercept is not { } intercept)
        {
            return;
        }

        MatrixView<T> offset = intercept.View;
        for (nint i = 0; i < tile.Rows; i++)
        {
            for (nint j = 0; j < tile.Columns; j++)
            {
                tile[i, j] += offset[0, first + j];
            }
        }
    }

    /// <summary>Tiles of targets whose workspace stays in the budget.</summary>
    private IEnumerable<(nint First, nint Count)> Tiles(TilePredictor<T> predictor, bool split)
    {
        // A tile holds its predictions twice (device and host), the truth, and the weights.
        nint rows = predictor.Samples * ((split ? 2 * predictor.Spaces : 2) + 1);
        nint weights = (nint)Sizes.Samples + Sizes.TotalFeatures();
        int size = typeof(T) == typeof(float) ? sizeof(float) : sizeof(double);
        nint tile = (nint)Math.Clamp(Memory.Bytes / Math.Max(1, (long)(rows + weights) * size), 1, LargestTile);
        for (nint first = 0; first < (nint)Sizes.Targets; first += tile)
        {
            yield return (first, Math.Min(tile, (nint)Sizes.Targets - first));
        }
    }
}
