using System.Numerics;

namespace VemKernels.Tests.Svd;

/// <summary>
/// LAPACK's test ratios (xBDT01, xORT01), formed in double: each is a small number where the decomposition is stable.
/// </summary>
internal static class SvdResiduals
{
    /// <summary>
    /// What the ratios may be: LAPACK allows 50 with half this eps; every case here measured under 2.
    /// </summary>
    public const double Limit = 5;

    /// <summary>abs(A - U diag(s) Vt) / (max(m, n) eps abs(A)), Frobenius norms.</summary>
    public static double Decomposition<T>(MatrixView<T> A, MatrixView<T> U, T[] s, MatrixView<T> Vt)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // By the largest element, so that squares of tiny and huge matrices are numbers.
        double scale = 0;
        foreach ((nint i, nint j) in Indices(A.Rows, A.Columns))
        {
            scale = Math.Max(scale, Math.Abs(At(A, i, j)));
        }

        double unit = scale == 0 ? 1 : scale;
        double error = 0;
        double norm = 0;
        double[] row = new double[A.Columns];
        for (nint i = 0; i < A.Rows; i++)
        {
            Array.Clear(row);
            for (nint l = 0; l < s.Length; l++)
            {
                double weight = At(U, i, l) * (double.CreateChecked(s[l]) / unit);
                for (nint j = 0; j < A.Columns; j++)
                {
                    row[j] += weight * At(Vt, l, j);
                }
            }

            for (nint j = 0; j < A.Columns; j++)
            {
                double value = At(A, i, j) / unit;
                error += (value - row[j]) * (value - row[j]);
                norm += value * value;
            }
        }

        double ratio = Math.Sqrt(error) / (Math.Max(A.Rows, A.Columns) * Epsilon<T>());
        return norm == 0 ? ratio : ratio / Math.Sqrt(norm);
    }

    /// <summary>abs(I - Q'Q) / (m eps), Frobenius norm over sqrt(k), Q m x k.</summary>
    public static double Orthonormality<T>(MatrixView<T> Q)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Q.IsEmpty)
        {
            return 0;
        }

        int k = (int)Q.Columns;
        double[] gram = new double[k * k];
        double[] row = new double[k];
        for (nint i = 0; i < Q.Rows; i++)
        {
            for (int j = 0; j < k; j++)
            {
                row[j] = At(Q, i, j);
            }

            for (int a = 0; a < k; a++)
            {
                for (int b = 0; b < k; b++)
                {
                    gram[(a * k) + b] += row[a] * row[b];
                }
            }
        }

        double error = 0;
        for (int a = 0; a < k; a++)
        {
            for (int b = 0; b < k; b++)
            {
                double difference = gram[(a * k) + b] - (a == b ? 1 : 0);
                error += difference * difference;
            }
        }

        return Math.Sqrt(error / k) / (Q.Rows * Epsilon<T>());
    }

    public static double Epsilon<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => double.CreateChecked(T.BitIncrement(T.One) - T.One);

    private static double At<T>(MatrixView<T> A, nint i, nint j)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => double.CreateChecked(A[i, j]);

    private static IEnumerable<(nint I, nint J)> Indices(nint rows, nint columns)
    {
        for (nint i = 0; i < rows; i++)
        {
            for (nint j = 0; j < columns; j++)
            {
                yield return (i, j);
            }
        }
    }
}
