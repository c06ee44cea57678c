using System.Numerics;
using System.Runtime.InteropServices;

namespace VemKernels.Solvers;

/// <summary>
/// Plain products and moments in double for simulated data: every element is summed in one order, without fused
/// multiply-adds, so that a seed gives the same data on every machine.
/// </summary>
internal static class DenseLoops
{
    /// <summary>Y += X W; rows of W and Y are contiguous.</summary>
    public static void AddProduct(MatrixView<double> X, MatrixView<double> W, MatrixView<double> Y)
    {
        for (nint i = 0; i < X.Rows; i++)
        {
            Span<double> y = Y.RowSpan(i);
            for (nint k = 0; k < X.Columns; k++)
            {
                AddScaled(X[i, k], W.RowSpan(k), y);
            }
        }
    }

    /// <summary>Population standard deviation of each column.</summary>
    public static double[] StandardDeviations(MatrixView<double> X)
    {
        double[] means = Means(X);
        double[] deviations = new double[means.Length];
        for (nint i = 0; i < X.Rows; i++)
        {
            Span<double> x = X.RowSpan(i);
            for (int j = 0; j < means.Length; j++)
            {
                double deviation = x[j] - means[j];
                deviations[j] += deviation * deviation;
            }
        }

        for (int j = 0; j < deviations.Length; j++)
        {
            deviations[j] = Math.Sqrt(deviations[j] / X.Rows);
        }

        return deviations;
    }

    /// <summary>X(i, j) -= mean of column j.</summary>
    public static void Center(MatrixView<double> X) => ColumnMeans.Subtract(X, Means(X));

    /// <summary>X(i, j) /= divisors(j).</summary>
    public static void Divide(MatrixView<double> X, ReadOnlySpan<double> divisors)
    {
        for (nint i = 0; i < X.Rows; i++)
        {
            Span<double> x = X.RowSpan(i);
            for (int j = 0; j < x.Length; j++)
            {
                x[j] /= divisors[j];
            }
        }
    }

    /// <summary>A copy, rounded to another type.</summary>
    public static Matrix<T> Convert<T>(MatrixView<double> X)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> converted = Matrix<T>.Uninitialized(X.Rows, X.Columns);
        MatrixView<T> destination = converted.View;
        for (nint i = 0; i < X.Rows; i++)
        {
            for (nint j = 0; j < X.Columns; j++)
            {
                destination[i, j] = T.CreateTruncating(X[i, j]);
            }
        }

        return converted;
    }

    private static double[] Means(MatrixView<double> X)
    {
        double[] means = new double[X.Columns];
        for (nint i = 0; i < X.Rows; i++)
        {
            AddScaled(1.0, X.RowSpan(i), means);
        }

        for (int j = 0; j < means.Length; j++)
        {
            means[j] /= X.Rows;
        }

        return means;
    }

    private static void AddScaled(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        ReadOnlySpan<Vector<double>> xs = MemoryMarshal.Cast<double, Vector<double>>(x);
        Span<Vector<double>> ys = MemoryMarshal.Cast<double, Vector<double>>(y);
        for (int v = 0; v < xs.Length; v++)
        {
            ys[v] += a * xs[v];
        }

        for (int j = xs.Length * Vector<double>.Count; j < x.Length; j++)
        {
            y[j] += a * x[j];
        }
    }
}
