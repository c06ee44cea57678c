using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>
/// The linear kernel of sparse features and its primal weights, without ever making them dense, summed in double, on
/// the host's processors. What they cost grows with the entries that are there, not with samples x features.
/// </summary>
/// <remarks>
/// Sparse with sparse, row i of K: for each entry (i, k) of X, the entries of column k of Y are added, times it, to a
/// dense row of sums (the row-wise product of Gustavson 1978, "Two fast algorithms for sparse matrices", ACM TOMS
/// 4(3)). Sparse with dense: products of sparse rows with dense ones, a block of sparse rows to each dense row, which
/// so stays in cache. A row of K is one task's: the same bits for any number of threads.
/// </remarks>
public static class SparseKernels
{
    /// <summary>Rows of X in a task.</summary>
    private const int RowsPerTask = 16;

    /// <summary>K = X Y', or X X' (symmetric to the bit).</summary>
    /// <param name="X">samples x features.</param>
    /// <param name="Y">other samples x features; null for X itself.</param>
    /// <param name="cancellation">Stops the work before the next rows.</param>
    /// <returns>samples of X x samples of Y; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">Different numbers of features.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static Matrix<T> Linear<T>(CsrMatrix<T> X, CsrMatrix<T>? Y = null, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(X);
        return Filled<T>(X.Rows, (Y ?? X).Rows, K => Linear(X, Y, K, cancellation));
    }

    /// <summary>The same into memory of the caller's.</summary>
    /// <param name="X">samples x features.</param>
    /// <param name="Y">other samples x features; null for X itself.</param>
    /// <param name="K">samples of X x samples of Y.</param>
    /// <param name="cancellation">Stops the work before the next rows; K is then undefined.</param>
    /// <exception cref="ArgumentException">Different numbers of features, K of another shape.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static void Linear<T>(
        CsrMatrix<T> X, CsrMatrix<T>? Y, MatrixView<T> K, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(X);
        CsrMatrix<T> others = Y ?? X;
        RequireFeatures(X, others.Columns, nameof(Y));
        Shapes.Require(K, X.Rows, others.Rows, nameof(K));
        CsrMatrix<T> columnsOfY = others.Transpose();
        ForRows(X.Rows, (first, end) => SparseRows(X, columnsOfY, first, end, K), cancellation);
        if (Y is null)
        {
            // Entries in any order are summed in that order: the two triangles may differ by rounding.
            MirrorLower(K);
        }
    }

    /// <summary>K = X Y' of dense Y.</summary>
    /// <param name="X">samples x features.</param>
    /// <param name="Y">other samples x features.</param>
    /// <param name="cancellation">Stops the work before the next rows.</param>
    /// <returns>samples of X x samples of Y; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">Different numbers of features, NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static Matrix<T> Linear<T>(CsrMatrix<T> X, MatrixView<T> Y, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(X);
        return Filled<T>(X.Rows, Y.Rows, K => Linear(X, Y, K, cancellation));
    }

    /// <summary>The same into memory of the caller's.</summary>
    /// <param name="X">samples x features.</param>
    /// <param name="Y">other samples x features.</param>
    /// <param name="K">samples of X x samples of Y.</param>
    /// <param name="cancellation">Stops the work before the next rows; K is then undefined.</param>
    /// <exception cref="ArgumentException">
    /// Different numbers of features, K of another shape, NaN or infinity.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static void Linear<T>(
        CsrMatrix<T> X, MatrixView<T> Y, MatrixView<T> K, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(X);
        RequireFeatures(X, Y.Columns, nameof(Y));
        Shapes.Require(K, X.Rows, Y.Rows, nameof(K));
        FiniteCheck.Require(Y, nameof(Y), cancellation);
        ForRows(X.Rows, (first, end) => DenseRows(X, Y, first, end, K), cancellation);
    }

    /// <summary>X' w, the primal weights of a linear kernel: summed in double, rounded once.</summary>
    /// <param name="X">samples x features.</param>
    /// <param name="dualWeights">samples x targets.</param>
    /// <param name="primalWeights">features x targets, written.</param>
    /// <param name="cancellation">Stops the work before the next features.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static void PrimalWeights<T>(
        CsrMatrix<T> X, MatrixView<T> dualWeights, MatrixView<T> primalWeights,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(X);
        Shapes.Require(dualWeights, X.Rows, dualWeights.Columns, nameof(dualWeights));
        Shapes.Require(primalWeights, X.Columns, dualWeights.Columns, nameof(primalWeights));
        // Rows of the transpose are features: each is summed by itself, over its samples in their order.
        CsrMatrix<T> features = X.Transpose();
        ForRows(
            X.Columns, (first, end) => WeightedRows(features, dualWeights, first, end, primalWeights), cancellation);
    }

    private static void SparseRows<T>(CsrMatrix<T> X, CsrMatrix<T> columnsOfY, int first, int end, MatrixView<T> K)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> x = X.Values.Span;
        ReadOnlySpan<int> features = X.ColumnIndices.Span;
        ReadOnlySpan<int> rows = X.RowPointers.Span;
        ReadOnlySpan<T> y = columnsOfY.Values.Span;
        ReadOnlySpan<int> samples = columnsOfY.ColumnIndices.Span;
        ReadOnlySpan<int> columns = columnsOfY.RowPointers.Span;
        double[] sums = new double[columnsOfY.Columns];
        for (int i = first; i < end; i++)
        {
            Array.Clear(sums);
            for (int entry = rows[i]; entry < rows[i + 1]; entry++)
            {
                double value = double.CreateTruncating(x[entry]);
                int feature = features[entry];
                for (int other = columns[feature]; other < columns[feature + 1]; other++)
                {
                    sums[samples[other]] += value * double.CreateTruncating(y[other]);
                }
            }

            for (int j = 0; j < sums.Length; j++)
            {
                K[i, j] = T.CreateTruncating(sums[j]);
            }
        }
    }

    private static void DenseRows<T>(CsrMatrix<T> X, MatrixView<T> Y, int first, int end, MatrixView<T> K)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> x = X.Values.Span;
        ReadOnlySpan<int> features = X.ColumnIndices.Span;
        ReadOnlySpan<int> rows = X.RowPointers.Span;
        for (nint j = 0; j < Y.Rows; j++)
        {
            for (int i = first; i < end; i++)
            {
                double sum = 0;
                for (int entry = rows[i]; entry < rows[i + 1]; entry++)
                {
                    sum += double.CreateTruncating(x[entry]) * double.CreateTruncating(Y[j, features[entry]]);
                }

                K[i, j] = T.CreateTruncating(sum);
            }
        }
    }

    private static void WeightedRows<T>(
        CsrMatrix<T> X, MatrixView<T> weights, int first, int end, MatrixView<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> x = X.Values.Span;
        ReadOnlySpan<int> columns = X.ColumnIndices.Span;
        ReadOnlySpan<int> rows = X.RowPointers.Span;
        double[] sums = new double[weights.Columns];
        for (int i = first; i < end; i++)
        {
            Array.Clear(sums);
            for (int entry = rows[i]; entry < rows[i + 1]; entry++)
            {
                double value = double.CreateTruncating(x[entry]);
                for (int j = 0; j < sums.Length; j++)
                {
                    sums[j] += value * double.CreateTruncating(weights[columns[entry], j]);
                }
            }

            for (int j = 0; j < sums.Length; j++)
            {
                result[i, j] = T.CreateTruncating(sums[j]);
            }
        }
    }

    /// <summary>A new matrix, filled; disposed where that fails.</summary>
    private static Matrix<T> Filled<T>(int rows, nint columns, Action<MatrixView<T>> fill)
        where T : unmanaged
    {
        Matrix<T> K = Matrix<T>.Uninitialized(rows, columns);
        try
        {
            fill(K.View);
            return K;
        }
        catch
        {
            K.Dispose();
            throw;
        }
    }

    /// <summary>body(first row, end), blocks of rows on all processors.</summary>
    private static void ForRows(int rows, Action<int, int> body, CancellationToken cancellation)
    {
        int tasks = (rows + RowsPerTask - 1) / RowsPerTask;
        ParallelOptions options = new() { CancellationToken = cancellation };
        Parallel.For(0, tasks, options, task => body(task * RowsPerTask, Math.Min(rows, (task + 1) * RowsPerTask)));
    }

    private static void MirrorLower<T>(MatrixView<T> K)
        where T : unmanaged
    {
        for (nint i = 0; i < K.Rows; i++)
        {
            for (nint j = 0; j < i; j++)
            {
                K[j, i] = K[i, j];
            }
        }
    }

    private static void RequireFeatures<T>(CsrMatrix<T> X, nint features, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (features != X.Columns)
        {
            throw new ArgumentException($"{name} has {features} features; expected {X.Columns}, as many as X.", name);
        }
    }
}
