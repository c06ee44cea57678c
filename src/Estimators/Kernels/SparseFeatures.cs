using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>Sparse training features of a linear kernel: never made dense.</summary>
internal static class SparseFeatures
{
    /// <summary>A copy, whose arrays are nobody else's.</summary>
    public static CsrMatrix<T> Copy<T>(CsrMatrix<T> X)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(X.Rows, X.Columns, X.Values.ToArray(), X.ColumnIndices.ToArray(), X.RowPointers.ToArray());

    /// <summary>The kernel between dense new samples and sparse training samples, new x training.</summary>
    public static KernelSet<T> Kernel<T>(MatrixView<T> X, CsrMatrix<T> training, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> transposed = SparseKernels.Linear(training, X, cancellation);
        return new KernelSet<T>([transposed.View.Transposed], [transposed]);
    }

    /// <summary>X' w in double, rounded once: features x targets; the caller disposes it.</summary>
    public static Matrix<T> Primal<T>(CsrMatrix<T> X, MatrixView<T> dual, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> primal = Matrix<T>.Uninitialized(X.Columns, dual.Columns);
        try
        {
            SparseKernels.PrimalWeights(X, dual, primal.View, cancellation);
            return primal;
        }
        catch
        {
            primal.Dispose();
            throw;
        }
    }
}
