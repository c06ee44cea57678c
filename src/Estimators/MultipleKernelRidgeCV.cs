using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Multiple-kernel ridge regression by random search, by hyper-gradient descent, or by one and then the other
/// (himalaya's <c>MultipleKernelRidgeCV</c>). The face of <see cref="MultipleKernelRidge"/> and <see
/// cref="HyperGradientDescent"/>.
/// </summary>
/// <remarks>
/// <see cref="KernelEstimator{T}.DualCoef"/> is alpha (sum_i gamma_i K_i + alpha I)^-1 y, so that predictions
/// are sum_i exp(delta_i) K_i w, as in that package.
/// </remarks>
/// <example><code>
/// KernelColumns&lt;float&gt; columns = new(
/// [
///     new("motion", ColumnSelection.Range(..100), new() { Kernel = PairwiseKernel.Linear }),
///     new("semantic", ColumnSelection.Range(100..), new() { Kernel = PairwiseKernel.Rbf() }),
/// ]);
/// using MultipleKernelRidgeCV&lt;float&gt; model = new(backend, new() { Search = new() { Alphas = alphas } },
/// columns); model.Fit([features.View], responses);
/// </code></example>
/// <param name="backend">Where to compute.</param>
/// <param name="options">Kernels, solver, candidates, alphas, splits; null for the defaults.</param>
/// <param name="columns">
/// Spaces of columns of one matrix, each with its kernel; null for the kernels of the options.
/// </param>
/// <typeparam name="T">float or double.</typeparam>
public sealed class MultipleKernelRidgeCV<T>(
    IBackend backend, MultipleKernelRidgeCVOptions? options = null, KernelColumns<T>? columns = null)
    : KernelEstimator<T>(backend, (options ?? new()).Kernels, columns)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The options.</summary>
    public MultipleKernelRidgeCVOptions Options { get; } = options ?? new MultipleKernelRidgeCVOptions();

    /// <summary>Log kernel weights, log(gamma / alpha) of a random search: kernels x targets.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> Deltas => Fitted(DeltasArray);

    /// <summary>
    /// The alpha chosen for each target by a random search, 1 x targets; null after a descent, which has none: its
    /// weights are those of alpha 1.
    /// </summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T>? BestAlphas => Model.Arrays.GetValueOrDefault(BestAlphasArray);

    /// <summary>
    /// Cross-validation scores, averaged over folds: of the best alpha of each candidate, candidates x targets; or of
    /// the descent, before each step, steps x targets.
    /// </summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> CvScores => Fitted(CvScoresArray);

    private protected override string Name => nameof(MultipleKernelRidgeCV<T>);

    private protected override object SavedOptions => Options;

    private protected override MemoryBudget Memory =>
        Options.Descends ? Options.HyperGradient.Memory : Options.Search.Memory;

    private protected override bool HasIntercept =>
        Options.Descends ? Options.HyperGradient.FitIntercept : Options.Search.FitIntercept;

    private protected override Matrix<T>? PredictionDeltas => Deltas;

    /// <summary>Reads a saved estimator.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="folder">What <see cref="Estimator{T}.Save"/> wrote.</param>
    /// <param name="columns">
    /// The columns that were fitted to, where some have preprocessing or a kernel of the caller's own; else null.
    /// </param>
    /// <exception cref="IOException">
    /// A file is missing, damaged, of another estimator or type, or of a newer version.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// Columns other than those of the fit, or none where they are needed.
    /// </exception>
    public static MultipleKernelRidgeCV<T> Load(
        IBackend backend, string folder, KernelColumns<T>? columns = null)
    {
        (MultipleKernelRidgeCVOptions options, EstimatorDescription description) =
            EstimatorFolder.Open<T, MultipleKernelRidgeCVOptions>(folder, nameof(MultipleKernelRidgeCV<T>));
        MultipleKernelRidgeCV<T> estimator =
            new(backend, options, KernelColumns<T>.Restored(description.Spaces, columns));
        estimator.Restore(folder, description);
        return estimator;
    }

    /// <inheritdoc/>
    public override MultipleKernelRidgeCV<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default) =>
        FitWeighted(X, Y, null, progress, cancellation);

    /// <summary>Fits the model with weights of the samples; see the other overload.</summary>
    /// <remarks>
    /// Cross-validation scores are those of the scaled problem: kernels times sqrt(s_i s_j), responses times sqrt(s_i).
    /// With an intercept, folds are centred by the weighted mean of all samples.
    /// </remarks>
    /// <param name="X">Features or kernels, as the options say.</param>
    /// <param name="Y">Responses, samples x targets.</param>
    /// <param name="sampleWeights">Weights s of the samples' squared errors, each at least 0, not all 0.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">
    /// Weights that are negative, not finite, all 0 or not one a sample, or what the other overload refuses.
    /// </exception>
    public MultipleKernelRidgeCV<T> Fit(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y, IReadOnlyList<double> sampleWeights,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sampleWeights);
        return FitWeighted(X, Y, sampleWeights, progress, cancellation);
    }

    private protected override IEnumerable<ArrayShape> Layout(ModelSizes sizes) =>
    [
        .. base.Layout(sizes),
        .. SearchLayout(sizes, withDeltas: true)
            .Where(shape => !Options.Descends || shape.Name != BestAlphasArray),
    ];

    private MultipleKernelRidgeCV<T> FitWeighted(
        IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y, IReadOnlyList<double>? sampleWeights,
        IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        Refit(X, Y, model =>
        {
            RequireOptions();
            SampleWeights.Require(sampleWeights, checked((int)Y.Samples));
            bool checkFinite = Options.Searches ? Options.Search.CheckFinite : Options.HyperGradient.CheckFinite;
            using KernelSet<T> kernels = TrainingKernels(model, X, Y, checkFinite, cancellation);
            using WeightedProblem<T>? weighted =
                WeightedProblem<T>.Of(kernels.Views, Y, sampleWeights, HasIntercept, cancellation);
            MatrixView<T> dual = AllocateDual(model, Y);
            Solve(
                model, weighted?.Kernels ?? kernels.Views, weighted?.Targets ?? Y, dual,
                HasIntercept && weighted is null, progress, cancellation);
            Unscale(model, weighted, dual, model.Arrays[DeltasArray].View, cancellation);
        });
        return this;
    }

    private void Solve(
        FittedModel<T> model, IReadOnlyList<MatrixView<T>> kernels, TargetSource<T> Y, MatrixView<T> dual,
        bool intercept, IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        IReadOnlyList<Fold> folds = Options.FoldsOf(Y.Samples);
        if (!Options.Descends)
        {
            using RandomSearchResult<T> found = Search(kernels, Y, folds, dual, intercept, progress, cancellation);
            Keep(model, found, withDeltas: true);
            return;
        }

        using HyperGradientResult<T> result = Descend(kernels, Y, folds, dual, intercept, progress, cancellation);
        model.Sizes = model.Sizes with { ScoreRows = result.CvScores.Rows };
        model.Keep(CvScoresArray, result.CvScores);
        model.Keep(DeltasArray, result.Deltas);
        model.Keep(InterceptArray, result.Intercept);
    }

    private void RequireOptions()
    {
        if (Options.Searches && Options.Descends && Options.Search.FitIntercept != Options.HyperGradient.FitIntercept)
        {
            throw new ArgumentException(
                $"Search.FitIntercept is {Options.Search.FitIntercept} and HyperGradient.FitIntercept is "
                    + $"{Options.HyperGradient.FitIntercept}; expected the same.",
                nameof(Options.HyperGradient));
        }

        if (Options.InitialRidgeCV && Options.InitialDeltas is not null)
        {
            throw new ArgumentException(
                "InitialDeltas are given and InitialRidgeCV is set; expected one of them.",
                nameof(Options.InitialDeltas));
        }

        if (Options.Searches && (Options.InitialRidgeCV || Options.InitialDeltas is not null))
        {
            throw new ArgumentException(
                $"InitialDeltas are for {MultipleKernelSolver.HyperGradient}; "
                    + $"with {Options.Solver} there is a random search.",
                nameof(Options.InitialDeltas));
        }
    }

    private RandomSearchResult<T> Search(
        IReadOnlyList<MatrixView<T>> kernels, TargetSource<T> Y, IReadOnlyList<Fold> folds, MatrixView<T>? dual,
        bool intercept, IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        using Matrix<double> gammas = Options.Candidates(kernels.Count);
        RandomSearchOptions options = Options.Search with { Weights = WeightKind.Dual, FitIntercept = intercept };
        return MultipleKernelRidge.Solve(
            Backend, kernels, Y, gammas.View, folds, options, null, dual, progress, cancellation);
    }

    private HyperGradientResult<T> Descend(
        IReadOnlyList<MatrixView<T>> kernels, TargetSource<T> Y, IReadOnlyList<Fold> folds, MatrixView<T> dual,
        bool intercept, IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        HyperGradientOptions options =
            Options.HyperGradient with { Weights = WeightKind.Dual, FitIntercept = intercept };
        if (Options.Searches)
        {
            using RandomSearchResult<T> search = Search(kernels, Y, folds, null, intercept, progress, cancellation);
            return HyperGradientDescent.Refine(
                Backend, kernels, Y, search, folds, options, null, dual, progress, cancellation);
        }

        using Matrix<T> start = StartingDeltas(kernels.Count, Y.Targets);
        InitialDeltas<T> initial =
            Options.InitialRidgeCV ? InitialDeltas<T>.RidgeCV : InitialDeltas<T>.Given(start.View);
        return HyperGradientDescent.Solve(
            Backend, kernels, Y, folds, options, initial, null, dual, progress, cancellation);
    }

    /// <summary>Log kernel weights to begin at, kernels x targets.</summary>
    private Matrix<T> StartingDeltas(int kernels, nint targets)
    {
        using Matrix<T> deltas =
            DeltaRows.ToMatrix<T>(Options.InitialDeltas, kernels, targets, nameof(Options.InitialDeltas));
        return DeltaRows.ForTargets(deltas.View, targets);
    }
}
