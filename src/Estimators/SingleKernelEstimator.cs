using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>What estimators of one kernel share: features may be sparse where the kernel is linear.</summary>
/// <typeparam name="T">float or double.</typeparam>
public abstract class SingleKernelEstimator<T> : KernelEstimator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PairwiseKernel _kernel;

    private protected SingleKernelEstimator(IBackend backend, PairwiseKernel kernel)
        : base(backend, [kernel], null) => _kernel = kernel;

    /// <summary>The training features where they were sparse; else null.</summary>
    /// <exception cref="InvalidOperationException">The estimator is not fitted.</exception>
    public CsrMatrix<T>? XFitSparse => Model.Sparse;

    private protected override Matrix<T>? PredictionDeltas => null;

    /// <summary>
    /// Predicts the responses of new samples of sparse features; the fit may have been to dense ones.
    /// </summary>
    /// <param name="X">New samples x features.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <returns>samples x targets.</returns>
    /// <exception cref="ArgumentException">Another number of features than in the fit.</exception>
    /// <exception cref="InvalidOperationException">
    /// The estimator is not fitted, or its kernel is not linear.
    /// </exception>
    public Matrix<T> Predict(
        CsrMatrix<T> X, IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        using TilePredictor<T> predictor = CreatePredictor(X, cancellation);
        return Predict(predictor, split: false, progress, cancellation);
    }

    /// <summary>Predicts new samples of sparse features and scores them; no prediction is kept.</summary>
    /// <param name="X">New samples x features.</param>
    /// <param name="Y">Measured responses, samples x targets.</param>
    /// <param name="score">Which score.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <returns>1 x targets.</returns>
    /// <exception cref="ArgumentException">Shapes other than those of the fit.</exception>
    /// <exception cref="InvalidOperationException">
    /// The estimator is not fitted, or its kernel is not linear.
    /// </exception>
    public Matrix<T> Score(
        CsrMatrix<T> X, TargetSource<T> Y, ScoreKind score = ScoreKind.R2,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(Y);
        using TilePredictor<T> predictor = CreatePredictor(X, cancellation);
        return Score(predictor, Y, split: false, score, progress, cancellation);
    }

    /// <summary>Sets the sizes of a fit to sparse features, keeps a copy of them, and makes their kernel.</summary>
    private protected Matrix<T> SparseTrainingKernel(
        FittedModel<T> model, CsrMatrix<T> X, TargetSource<T> Y, CancellationToken cancellation)
    {
        if (_kernel != PairwiseKernel.Linear)
        {
            throw new ArgumentException(
                $"The kernel of sparse features is linear; Kernel is {_kernel.Name}.", "Kernel");
        }

        if (X.Rows != Y.Samples)
        {
            throw new ArgumentException($"X has {X.Rows} samples; expected {Y.Samples}, as many as Y.", nameof(X));
        }

        model.Sizes = new ModelSizes
        {
            Samples = Y.Samples,
            Targets = Y.Targets,
            Spaces = 1,
            Features = [X.Columns],
            ScoreRows = 0,
            Sparse = true,
        };
        model.Sparse = SparseFeatures.Copy(X);
        return SparseKernels.Linear(X, cancellation: cancellation);
    }

    private DualPredictor<T> CreatePredictor(CsrMatrix<T> X, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(X);
        FittedModel<T> model = Model;
        if (_kernel != PairwiseKernel.Linear)
        {
            throw new InvalidOperationException($"The kernel of sparse features is linear; Kernel is {_kernel.Name}.");
        }

        if (X.Columns != model.Sizes.Features[0])
        {
            throw new ArgumentException(
                $"X has {X.Columns} features; expected {model.Sizes.Features[0]}, as many as in the fit.", nameof(X));
        }

        using Matrix<T> kernel = model.Sparse is { } training
            ? SparseKernels.Linear(X, training, cancellation)
            : SparseKernels.Linear(X, XFit[0].View, cancellation);
        return new DualPredictor<T>(Backend, [kernel.View], DualCoef.View, null);
    }
}
