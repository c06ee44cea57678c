using System.Numerics;

namespace VemKernels.Estimators;

/// <summary>
/// What estimators with weights of training samples share: kernels that are given, or linear ones of features that are
/// kept.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TOptions">The estimator's options.</typeparam>
public abstract class KernelEstimator<T, TOptions> : CrossValidatedEstimator<T, TOptions>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptions : CrossValidatedOptions, new()
{
    private protected const string DualCoefArray = "dual_coef";

    private protected KernelEstimator(IBackend backend, TOptions? options)
        : base(backend, options)
    {
    }

    /// <summary>Weights of the training samples, training samples x targets.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public Matrix<T> DualCoef => Fitted(DualCoefArray);

    /// <summary>What is given: features or kernels.</summary>
    private protected abstract KernelInput Input { get; }

    /// <summary>Log kernel weights that predictions apply; null for none.</summary>
    private protected abstract Matrix<T>? PredictionDeltas { get; }

    /// <summary>The kernels between training samples.</summary>
    private protected KernelSet<T> TrainingKernels(IReadOnlyList<MatrixView<T>> X, CancellationToken cancellation) =>
        Input == KernelInput.Precomputed ? KernelSet<T>.Given(X) : KernelSet<T>.Linear(Backend, X, X, cancellation);

    /// <summary>Features of each space, none where kernels are given.</summary>
    private protected long[] FeaturesOf(IReadOnlyList<MatrixView<T>> X) =>
        Input == KernelInput.Precomputed ? [] : ColumnsOf(X);

    /// <summary>Keeps a copy of the training features where predictions need them.</summary>
    private protected void KeepFeatures(FittedModel<T> model, IReadOnlyList<MatrixView<T>> X)
    {
        if (Input == KernelInput.Precomputed)
        {
            return;
        }

        for (int i = 0; i < X.Count; i++)
        {
            model.Add(FeaturesArray(i), Matrix<T>.From(X[i]));
        }
    }

    /// <summary>Shapes of the arrays that all have.</summary>
    private protected IEnumerable<ArrayShape> KernelLayout(ModelSizes sizes) =>
    [
        .. SharedLayout(sizes),
        new(DualCoefArray, (nint)sizes.Samples, (nint)sizes.Targets),
        .. sizes.Features.Select((count, i) => new ArrayShape(FeaturesArray(i), (nint)sizes.Samples, (nint)count)),
    ];

    private protected override TilePredictor<T> CreatePredictor(
        IReadOnlyList<MatrixView<T>> X, CancellationToken cancellation)
    {
        RequireInputs(X, i => Input == KernelInput.Precomputed ? (nint)Sizes.Samples : (nint)Sizes.Features[i]);
        using KernelSet<T> kernels = Input == KernelInput.Precomputed ? KernelSet<T>.Given(X)
            : KernelSet<T>.Linear(Backend, X, [.. X.Select((_, i) => Fitted(FeaturesArray(i)).View)], cancellation);
        return new DualPredictor<T>(Backend, kernels.Views, DualCoef.View, PredictionDeltas?.View);
    }

    private static string FeaturesArray(int space) => $"x_fit_{space}";
}
