using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>Kernels between samples, from their features: K(i, j) = k(x_i, y_j). himalaya's pairwise_kernels.</summary>
public static class PairwiseKernels
{
    /// <summary>The kernel between two sets of samples.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="kernel">Which kernel.</param>
    /// <param name="X">samples x features; of a precomputed kernel, the kernel itself.</param>
    /// <param name="Y">other samples x features; null for X itself, whose kernel is symmetric to the bit.</param>
    /// <param name="checkFinite">Whether to look for NaN and infinity first.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <returns>samples of X x samples of Y; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">
    /// Different numbers of features; NaN or infinity; a precomputed kernel that is not square, or comes with a Y.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static Matrix<T> Compute<T>(
        IBackend backend, PairwiseKernel kernel, MatrixView<T> X, MatrixView<T>? Y = null, bool checkFinite = true,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(kernel, X, Y, checkFinite, cancellation);
        Matrix<T> K = Matrix<T>.Uninitialized(X.Rows, Y?.Rows ?? X.Rows);
        try
        {
            Fill(backend, kernel, X, Y, K.View, cancellation);
            return K;
        }
        catch
        {
            K.Dispose();
            throw;
        }
    }

    /// <summary>The same, into memory of the caller; see the other overload.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="kernel">Which kernel.</param>
    /// <param name="X">samples x features.</param>
    /// <param name="Y">other samples x features; null for X itself.</param>
    /// <param name="K">Receives the kernel: samples of X x samples of Y. Must overlap neither.</param>
    /// <param name="checkFinite">Whether to look for NaN and infinity first.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">As of the other overload; a K of another shape.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static void Compute<T>(
        IBackend backend, PairwiseKernel kernel, MatrixView<T> X, MatrixView<T>? Y, MatrixView<T> K,
        bool checkFinite = true,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(kernel, X, Y, checkFinite, cancellation);
        Shapes.Require(K, X.Rows, Y?.Rows ?? X.Rows, nameof(K));
        Fill(backend, kernel, X, Y, K, cancellation);
    }

    /// <summary>The same of matrices in the memory of the backend, where the kernel is written too.</summary>
    /// <param name="backend">Where they lie, and where to compute.</param>
    /// <param name="kernel">Which kernel: one that the backend computes itself.</param>
    /// <param name="X">samples x features.</param>
    /// <param name="Y">other samples x features; null for X itself.</param>
    /// <param name="K">Receives the kernel: samples of X x samples of Y. Must overlap neither.</param>
    /// <param name="checkFinite">Whether to look for NaN and infinity first.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <exception cref="ArgumentException">
    /// Different numbers of features; NaN or infinity; a K of another shape; a kernel that is precomputed, or the
    /// caller's own function.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static void Compute<T>(
        IBackend backend, PairwiseKernel kernel, DeviceView<T> X, DeviceView<T>? Y, DeviceView<T> K,
        bool checkFinite = true, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(kernel);
        if (kernel.IsPrecomputed || kernel.Function is not null)
        {
            throw new ArgumentException(
                "The kernel is precomputed, or a function of the caller's; expected one of the backend's.",
                nameof(kernel));
        }

        DeviceView<T> right = Y ?? X;
        Shapes.Require(right, right.Rows, X.Columns, nameof(Y));
        Shapes.Require(K, X.Rows, right.Rows, nameof(K));
        if (checkFinite)
        {
            FiniteCheck.Require(backend, X, nameof(X), "column", cancellation);
            FiniteCheck.Require(backend, right, nameof(Y), "column", cancellation);
        }

        backend.PairwiseKernel(kernel.Resolve(X.Columns)!.Value, X, right, K, cancellation);
    }

    private static void Check<T>(
        PairwiseKernel kernel, MatrixView<T> X, MatrixView<T>? Y, bool checkFinite, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(kernel);
        if (kernel.IsPrecomputed && Y is not null)
        {
            throw new ArgumentException(
                "A precomputed kernel is between its rows and columns already; it takes no Y.", nameof(Y));
        }

        if (kernel.IsPrecomputed)
        {
            Shapes.Require(X, X.Rows, X.Rows, nameof(X));
        }

        if (Y is { } other)
        {
            Shapes.Require(other, other.Rows, X.Columns, nameof(Y));
        }

        if (checkFinite)
        {
            FiniteCheck.Require(X, nameof(X), cancellation);
            if (Y is { } others)
            {
                FiniteCheck.Require(others, nameof(Y), cancellation);
            }
        }
    }

    private static void Fill<T>(
        IBackend backend, PairwiseKernel kernel, MatrixView<T> X, MatrixView<T>? Y, MatrixView<T> K,
        CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (kernel.IsPrecomputed)
        {
            X.CopyTo(K);
        }
        else if (kernel.Function is { } function)
        {
            CustomKernels.Fill(function, X, Y, K, cancellation);
        }
        else
        {
            KernelFunction resolved = kernel.Resolve(X.Columns)!.Value;
            using DeviceMatrix<T> x = OnDevice.Input(backend, X);
            using DeviceMatrix<T>? y = Y is { } other ? OnDevice.Input(backend, other) : null;
            DeviceView<T> right = y?.View ?? x.View;
            OnDevice.Write(
                backend, K, updates: false, k => backend.PairwiseKernel(resolved, x.View, right, k, cancellation));
        }
    }
}
