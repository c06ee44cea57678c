using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>
/// Turns features into kernels with the training samples: remembers those it was fitted on. himalaya's Kernelizer. Owns
/// its copy of the training features.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="backend">Where to compute.</param>
/// <param name="kernel">Which kernel; null for the linear one.</param>
public sealed class Kernelizer<T>(IBackend backend, PairwiseKernel? kernel = null) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Matrix<T>? _training;
    private CsrMatrix<T>? _sparseTraining;

    /// <summary>Which kernel.</summary>
    public PairwiseKernel Kernel { get; } = kernel ?? PairwiseKernel.Linear;

    /// <summary>
    /// Features of the training samples (or how many training samples, of a precomputed kernel); null before the fit.
    /// </summary>
    public nint? FeaturesIn { get; private set; }

    /// <summary>
    /// The training features (get_X_fit); null before the fit, of a precomputed kernel and of sparse features.
    /// </summary>
    public MatrixView<T>? XFit => _training?.View;

    /// <summary>The training features where they are sparse.</summary>
    public CsrMatrix<T>? SparseXFit => _sparseTraining;

    /// <summary>Remembers the training samples.</summary>
    /// <param name="X">samples x features, or a precomputed kernel, samples x samples.</param>
    /// <exception cref="ArgumentException">NaN or infinity, a precomputed kernel that is not square.</exception>
    public void Fit(MatrixView<T> X)
    {
        FiniteCheck.Require(X, nameof(X));
        if (Kernel.IsPrecomputed)
        {
            Shapes.Require(X, X.Rows, X.Rows, nameof(X));
        }

        Matrix<T>? training = Kernel.IsPrecomputed ? null : Matrix<T>.From(X);
        Remember(training, null, X.Columns);
    }

    /// <summary>Remembers sparse training samples, for the linear kernel.</summary>
    /// <param name="X">samples x features; its arrays are copied.</param>
    /// <exception cref="ArgumentException">The kernel is not the linear one.</exception>
    public void Fit(CsrMatrix<T> X)
    {
        ArgumentNullException.ThrowIfNull(X);
        RequireLinear(nameof(X));
        Remember(null, X.Copy(), X.Columns);
    }

    /// <summary>
    /// Remembers sparse training samples and returns their kernel, samples x samples, symmetric to the bit; the caller
    /// disposes it.
    /// </summary>
    /// <param name="X">samples x features; its arrays are copied.</param>
    /// <param name="cancellation">Stops the work before the next rows.</param>
    /// <exception cref="ArgumentException">The kernel is not the linear one.</exception>
    public Matrix<T> FitTransform(CsrMatrix<T> X, CancellationToken cancellation = default)
    {
        Fit(X);
        return SparseKernels.Linear(X, cancellation: cancellation);
    }

    /// <summary>
    /// Remembers the training samples and returns their kernel, samples x samples, symmetric to the bit; the caller
    /// disposes it.
    /// </summary>
    /// <param name="X">samples x features, or a precomputed kernel, samples x samples.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">NaN or infinity, a precomputed kernel that is not square.</exception>
    public Matrix<T> FitTransform(MatrixView<T> X, CancellationToken cancellation = default)
    {
        Fit(X);
        return PairwiseKernels.Compute(backend, Kernel, X, checkFinite: false, cancellation: cancellation);
    }

    /// <summary>The kernel between new samples and the training samples; the caller disposes it.</summary>
    /// <param name="X">new samples x features, or a precomputed kernel, new samples x training samples.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <returns>new samples x training samples.</returns>
    /// <exception cref="InvalidOperationException">There was no fit.</exception>
    /// <exception cref="ArgumentException">Another number of features than in the fit, NaN or infinity.</exception>
    public Matrix<T> Transform(MatrixView<T> X, CancellationToken cancellation = default)
    {
        if (FeaturesIn is not { } features)
        {
            throw new InvalidOperationException("The kernelizer was not fitted.");
        }

        Shapes.Require(X, X.Rows, features, nameof(X));
        if (_sparseTraining is not null)
        {
            using Matrix<T> K = SparseKernels.Linear(_sparseTraining, X, cancellation);
            return Matrix<T>.From(K.View.Transposed);
        }

        if (_training is null)
        {
            FiniteCheck.Require(X, nameof(X), cancellation);
            return Matrix<T>.From(X);
        }

        return PairwiseKernels.Compute(backend, Kernel, X, _training.View, cancellation: cancellation);
    }

    /// <summary>
    /// The linear kernel between new, sparse samples and the training samples, sparse or not; the caller disposes it.
    /// </summary>
    /// <param name="X">new samples x features.</param>
    /// <param name="cancellation">Stops the work before the next rows.</param>
    /// <returns>new samples x training samples.</returns>
    /// <exception cref="InvalidOperationException">There was no fit.</exception>
    /// <exception cref="ArgumentException">
    /// Another number of features than in the fit, or the kernel is not the linear one.
    /// </exception>
    public Matrix<T> Transform(CsrMatrix<T> X, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(X);
        if (FeaturesIn is not { } features)
        {
            throw new InvalidOperationException("The kernelizer was not fitted.");
        }

        RequireLinear(nameof(X));
        if (X.Columns != features)
        {
            throw new ArgumentException($"X has {X.Columns} features; expected {features}, as in the fit.", nameof(X));
        }

        return _sparseTraining is { } sparse
            ? SparseKernels.Linear(X, sparse, cancellation)
            : SparseKernels.Linear(X, _training!.View, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _training?.Dispose();

    private void Remember(Matrix<T>? training, CsrMatrix<T>? sparse, nint features)
    {
        _training?.Dispose();
        _training = training;
        _sparseTraining = sparse;
        FeaturesIn = features;
    }

    private void RequireLinear(string name)
    {
        if (!Kernel.IsLinear)
        {
            throw new ArgumentException(
                $"Sparse features serve the linear kernel only; this one is {Kernel.Name}.", name);
        }
    }
}
