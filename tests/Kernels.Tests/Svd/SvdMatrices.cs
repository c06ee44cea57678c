using System.Numerics;

namespace VemKernels.Tests.Svd;

/// <summary>Matrix families chosen to hurt, after LAPACK's test suite (xLATMS).</summary>
internal static class SvdMatrices
{
    /// <summary>The families of <see cref="Make"/>.</summary>
    public static readonly string[] Families =
    [
        "random", "graded", "clustered", "half rank", "rank one", "zero", "diagonal", "identity", "tiny", "huge",
        "barely normal",
        "graded columns", "graded rows", "equal columns", "zero columns", "upper bidiagonal", "Hilbert",
    ];

    private const double SmallestNormalSingle = 1.1754943508222875e-38;
    private const double SmallestNormalDouble = 2.2250738585072014e-308;

    /// <summary>A matrix of a family, in double; the caller rounds it.</summary>
    public static double[,] Make(string family, int rows, int columns, bool single)
    {
        Random random = new(rows + (1000 * columns));
        int k = Math.Min(rows, columns);
        double least = single ? 1e-6 : 1e-12;
        double smallest = single ? SmallestNormalSingle : SmallestNormalDouble;
        return family switch
        {
            "random" => Generate(rows, columns, (_, _) => Normal(random)),
            "graded" => WithSingularValues(random, rows, columns, j => Math.Pow(least, (double)j / Math.Max(1, k - 1))),
            "clustered" => WithSingularValues(random, rows, columns, j => j < k / 2 ? 1 : 1 - (1e-9 * j)),
            "half rank" => WithSingularValues(random, rows, columns, j => j < (k + 1) / 2 ? 1 + j : 0),
            "rank one" => Generate(rows, columns, (i, j) => (i + 1.0) * (j - 2.5)),
            "zero" => new double[rows, columns],
            "diagonal" => Generate(rows, columns, (i, j) => i == j ? ((i * 7) % 11) - 5 : 0),
            "identity" => Generate(rows, columns, (i, j) => i == j ? 1 : 0),
            "tiny" => Generate(rows, columns, (_, _) => Normal(random) * (single ? 1e-35 : 1e-300)),
            "huge" => Generate(rows, columns, (_, _) => Normal(random) * (single ? 1e34 : 1e302)),
            "barely normal" => Generate(rows, columns, (_, _) => Normal(random) * 4 * smallest),
            "graded columns" =>
                Generate(rows, columns, (_, j) => Normal(random) * Math.Pow(least, (double)j / columns)),
            "graded rows" =>
                Generate(rows, columns, (i, _) => Normal(random) * Math.Pow(least, (double)(rows - i) / rows)),
            "equal columns" => EqualColumns(random, rows, columns),
            "zero columns" => Generate(rows, columns, (i, j) => j % 3 == 1 || i % 5 == 0 ? 0 : Normal(random)),
            "upper bidiagonal" => Generate(rows, columns, (i, j) => j == i || j == i + 1 ? Normal(random) : 0),
            "Hilbert" => Generate(rows, columns, (i, j) => 1.0 / (i + j + 1)),
            _ => throw new ArgumentException(family, nameof(family)),
        };
    }

    /// <summary>U0 diag(s) V0' with random orthonormal U0 and V0.</summary>
    public static double[,] WithSingularValues(Random random, int rows, int columns, Func<int, double> value)
    {
        int k = Math.Min(rows, columns);
        double[,] U = Orthonormal(random, rows, k);
        double[,] V = Orthonormal(random, columns, k);
        return Generate(rows, columns, (i, j) =>
        {
            double sum = 0;
            for (int l = 0; l < k; l++)
            {
                sum += U[i, l] * value(l) * V[j, l];
            }

            return sum;
        });
    }

    public static Matrix<T> Round<T>(double[,] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> matrix = new(values.GetLength(0), values.GetLength(1));
        for (int i = 0; i < values.GetLength(0); i++)
        {
            for (int j = 0; j < values.GetLength(1); j++)
            {
                matrix.View[i, j] = T.CreateChecked(values[i, j]);
            }
        }

        return matrix;
    }

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static double[,] Generate(int rows, int columns, Func<int, int, double> element)
    {
        double[,] matrix = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                matrix[i, j] = element(i, j);
            }
        }

        return matrix;
    }

    private static double[,] EqualColumns(Random random, int rows, int columns)
    {
        double[] column = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            column[i] = Normal(random);
        }

        return Generate(rows, columns, (i, j) => column[i] * (j % 2 == 0 ? 1 : -2));
    }

    /// <summary>Modified Gram-Schmidt, twice.</summary>
    private static double[,] Orthonormal(Random random, int rows, int columns)
    {
        double[][] vectors = new double[columns][];
        for (int j = 0; j < columns; j++)
        {
            double[] v = vectors[j] = new double[rows];
            for (int i = 0; i < rows; i++)
            {
                v[i] = Normal(random);
            }

            for (int pass = 0; pass < 2; pass++)
            {
                for (int l = 0; l < j; l++)
                {
                    double dot = Dot(vectors[l], v);
                    for (int i = 0; i < rows; i++)
                    {
                        v[i] -= dot * vectors[l][i];
                    }
                }

                double norm = Math.Sqrt(Dot(v, v));
                for (int i = 0; i < rows; i++)
                {
                    v[i] /= norm;
                }
            }
        }

        return Generate(rows, columns, (i, j) => vectors[j][i]);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
