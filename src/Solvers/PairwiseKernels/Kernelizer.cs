using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>
/// Turns features into kernels with the training samples: remembers those it was fitted on. himalaya's Kernelizer. Owns its copy of the training
/// features.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="backend">Where to compute.</param>
/// <param name="kernel">Which kernel; null for the linear one.</param>
public sealed class Kernelizer<T>(IBackend backend, PairwiseKernel? kernel = null) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Matrix<T>? _training;

    /// <summary>Which kernel.</summary>
    public PairwiseKernel Kernel { get; } = kernel ?? PairwiseKernel.Linear;

    /// <summary>Features of the training samples (or how many training samples, of a precomputed kernel); null before the fit.</summary>
    public nint? FeaturesIn { get; private set; }

    /// <summary>The training features (get_X_fit); null before the fit and of a precomputed kernel.</summary>
    public MatrixView<T>? XFit => _training?.View;

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
        _training?.Dispose();
        _training = training;
        FeaturesIn = X.Columns;
    }

    /// <summary>Remembers the training samples and returns their kernel, samples x samples, symmetric to the bit; the caller disposes it.</summary>
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
        if (_training is null)
        {
            FiniteCheck.Require(X, nameof(X), cancellation);
            return Matrix<T>.From(X);
        }

        return PairwiseKernels.Compute(backend, Kernel, X, _training.View, cancellation: cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _training?.Dispose();
}
