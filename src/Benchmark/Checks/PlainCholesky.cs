using System.Numerics;

namespace VemKernels.Benchmark.Checks;

/// <summary>
/// Cholesky factorisation and solution in double, row by row with inner products: on purpose none of the code that it
/// checks.
/// </summary>
internal sealed class PlainCholesky
{
    private readonly double[][] _rows;

    /// <summary>
    /// Factors a symmetric matrix, of which row i has at least i + 1 elements; the rows are overwritten.
    /// </summary>
    /// <exception cref="ArithmeticException">A pivot is not positive.</exception>
    public PlainCholesky(double[][] rows)
    {
        _rows = rows;
        for (int i = 0; i < rows.Length; i++)
        {
            double[] row = rows[i];
            for (int j = 0; j < i; j++)
            {
                row[j] = (row[j] - Dot(row, rows[j], j)) / rows[j][j];
            }

            double pivot = row[i] - Dot(row, row, i);
            if (!(pivot > 0))
            {
                throw new ArithmeticException($"Pivot {i} of the check's own Cholesky factorisation is {pivot}.");
            }

            row[i] = Math.Sqrt(pivot);
        }
    }

    /// <summary>Solves L L' x = b.</summary>
    public double[] Solve(double[] b)
    {
        double[] x = [.. b];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (x[i] - Dot(_rows[i], x, i)) / _rows[i][i];
        }

        for (int i = x.Length - 1; i >= 0; i--)
        {
            x[i] /= _rows[i][i];
            for (int j = 0; j < i; j++)
            {
                x[j] -= _rows[i][j] * x[i];
            }
        }

        return x;
    }

    /// <summary>The inner product of the first elements of two arrays.</summary>
    public static double Dot(double[] a, double[] b, int count)
    {
        Vector<double> first = Vector<double>.Zero, second = Vector<double>.Zero;
        int width = Vector<double>.Count;
        int i = 0;
        for (; i <= count - (2 * width); i += 2 * width)
        {
            first += new Vector<double>(a, i) * new Vector<double>(b, i);
            second += new Vector<double>(a, i + width) * new Vector<double>(b, i + width);
        }

        double sum = Vector.Sum(first + second);
        for (; i < count; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
