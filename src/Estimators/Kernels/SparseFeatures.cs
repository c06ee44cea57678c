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
        // Rows of the transpose are features: each is summed by itself, over its samples in their order.
        CsrMatrix<T> features = X.Transpose();
        ReadOnlySpan<T> values = features.Values.Span;
        ReadOnlySpan<int> samples = features.ColumnIndices.Span;
        ReadOnlySpan<int> pointers = features.RowPointers.Span;
        Matrix<T> primal = new(X.Columns, dual.Columns);
        double[] sums = new double[dual.Columns];
        for (int feature = 0; feature < X.Columns; feature++)
        {
            if (cancellation.IsCancellationRequested)
            {
                primal.Dispose();
                cancellation.ThrowIfCancellationRequested();
            }

            Array.Clear(sums);
            for (int entry = pointers[feature]; entry < pointers[feature + 1]; entry++)
            {
                double value = double.CreateTruncating(values[entry]);
                for (int j = 0; j < sums.Length; j++)
                {
                    sums[j] += value * double.CreateTruncating(dual[samples[entry], j]);
                }
            }

            for (int j = 0; j < sums.Length; j++)
            {
                primal[feature, j] = T.CreateTruncating(sums[j]);
            }
        }

        return primal;
    }
}
