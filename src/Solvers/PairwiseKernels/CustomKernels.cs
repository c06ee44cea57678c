using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>Kernels by a caller's own function, a pair of samples at a time, on the calling thread.</summary>
internal static class CustomKernels
{
    public static void Fill<T>(
        CustomKernel function, MatrixView<T> X, MatrixView<T>? Y, MatrixView<T> K, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] x = new double[X.Columns];
        double[] y = new double[X.Columns];
        MatrixView<T> others = Y ?? X;
        for (nint i = 0; i < X.Rows; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Read(X, i, x);
            nint end = Y is null ? i + 1 : others.Rows;
            for (nint j = 0; j < end; j++)
            {
                Read(others, j, y);
                K[i, j] = T.CreateTruncating(function(x, y));
                if (Y is null)
                {
                    K[j, i] = K[i, j];
                }
            }
        }
    }

    private static void Read<T>(MatrixView<T> X, nint row, double[] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int j = 0; j < values.Length; j++)
        {
            values[j] = double.CreateTruncating(X[row, j]);
        }
    }
}
