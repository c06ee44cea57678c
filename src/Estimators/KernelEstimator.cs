using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// What estimators with weights of training samples share: kernels that are given, or made of features, which are then
/// kept.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public abstract class KernelEstimator<T> : Estimator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected const string DualCoefArray = "dual_coef";
    private readonly IReadOnlyList<PairwiseKernel> _kernels;
    private readonly KernelSource<T> _source;

    private protected KernelEstimator(
        IBackend backend, IReadOnlyList<PairwiseKernel> kernels, KernelColumns<T>? columns)
        : base(backend)
    {
        ArgumentNullException.ThrowIfNull(kernels, "Kernels");
        bool given = kernels.Contains(PairwiseKernel.Precomputed);
        if (kernels.Count == 0 || (given && kernels.Any(kernel => !kernel.IsPrecomputed)))
        {
            throw new ArgumentException(
                $"{(given ? "Some kernels are precomputed and some are not" : "No kernel")}; "
                    + "expected kernels of features, or Precomputed alone.",
                "Kernels");
        }

        _kernels = kernels;
        _source = columns is not null ? new ColumnKernels<T>(backend, columns)
            : given ? new GivenKernels<T>()
            : new FeatureKernels<T>(backend, kernels);
    }

    /// <summary>Weights of the training samples, training samples x targets.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> DualCoef => Fitted(DualCoefArray);

    /// <summary>
    /// The training features, one matrix each as they were given to the fit; empty where they were sparse or kernels
    /// were given.
    /// </summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public IReadOnlyList<Matrix<T>> XFit =>
        Sizes.Sparse ? [] : [.. Sizes.Features.Select((_, i) => Fitted(KernelSource<T>.FeaturesArray(i)))];

    /// <summary>Log kernel weights that predictions apply; null for none.</summary>
    private protected abstract Matrix<T>? PredictionDeltas { get; }

    /// <summary>
    /// Weights of the features, from those of training samples, where all kernels are linear: features of all spaces x
    /// targets, such that predictions are X b + intercept; computed at each call, the caller disposes it. Of columns
    /// with preprocessing: of the features that it returns. himalaya's <c>get_primal_coef</c>.
    /// </summary>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="InvalidOperationException">
    /// The estimator is not fitted, a kernel is not linear, or kernels were given.
    /// </exception>
    public Matrix<T> PrimalCoef(CancellationToken cancellation = default) =>
        _source.Primal(Model, DualCoef.View, PredictionDeltas?.View, Backend, cancellation);

    private protected override IReadOnlyList<SavedSpace>? SavedSpaces => _source.SavedSpaces(Model);

    /// <summary>Sets the sizes of a fit and makes the kernels between training samples.</summary>
    private protected KernelSet<T> TrainingKernels(
        FittedModel<T> model, IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y, bool checkFinite,
        CancellationToken cancellation)
    {
        RequireSpaces(X);
        return _source.Training(model, X, Y, checkFinite, cancellation);
    }

    /// <summary>Memory for the weights of the training samples.</summary>
    private protected static MatrixView<T> AllocateDual(FittedModel<T> model, TargetSource<T> Y) =>
        model.Allocate(DualCoefArray, Y.Samples, Y.Targets);

    /// <summary>
    /// Makes weights of the training samples those of the given problem, where that had sample weights, and adds the
    /// intercept.
    /// </summary>
    private protected void Unscale(
        FittedModel<T> model, WeightedProblem<T>? weighted, MatrixView<T> dual, MatrixView<T>? deltas,
        CancellationToken cancellation)
    {
        if (weighted is null)
        {
            return;
        }

        weighted.ToGiven(dual);
        if (HasIntercept)
        {
            model.Add(InterceptArray, weighted.Intercept(Backend, dual, deltas, cancellation));
        }
    }

    /// <summary>Adds the arrays of a fit to one kernel, or to several with deltas.</summary>
    private protected override IEnumerable<ArrayShape> Layout(ModelSizes sizes) =>
    [
        .. base.Layout(sizes),
        new(DualCoefArray, (nint)sizes.Samples, (nint)sizes.Targets),
        .. sizes.Features.Where(_ => !sizes.Sparse).Select((count, i) =>
            new ArrayShape(KernelSource<T>.FeaturesArray(i), (nint)sizes.Samples, (nint)count)),
    ];

    private protected override bool Agrees(ModelSizes sizes) => _source.Agrees(sizes);

    private protected override void AfterRestore(FittedModel<T> model, IReadOnlyList<SavedSpace>? spaces) =>
        _source.Restore(model, spaces);

    private protected override void RequireSavable()
    {
        if (_source is FeatureKernels<T> && _kernels.Any(kernel => kernel.Function is not null))
        {
            throw new InvalidOperationException(
                $"This {Name} has a kernel of the caller's own, which cannot be saved. "
                    + "(As a space of KernelColumns it can: Load takes it again.)");
        }
    }

    private protected override TilePredictor<T> CreatePredictor(
        IReadOnlyList<MatrixView<T>> X, CancellationToken cancellation)
    {
        using KernelSet<T> kernels = _source.New(Model, X, cancellation);
        return new DualPredictor<T>(Backend, kernels.Views, DualCoef.View, PredictionDeltas?.View);
    }
}
