using System.Numerics;

namespace VemKernels.Solvers.Tests.RandomSearch;

/// <summary>A small seeded regression problem: features by space, their kernels, responses.</summary>
internal sealed class SmallProblem<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public SmallProblem(int seed, int samples, int targets, int[] features, double offset = 0, double noise = 1)
    {
        RandomState random = new(seed);
        Features = [.. features.Select(count => Gaussian(random, samples, count, offset))];
        Y = new Matrix<T>(samples, targets);
        double[,] signal = new double[samples, targets];
        foreach (Matrix<T> X in Features)
        {
            using Matrix<T> weights = Gaussian(random, (int)X.Columns, targets, 0);
            for (int i = 0; i < samples; i++)
            {
                for (int j = 0; j < targets; j++)
                {
                    for (int k = 0; k < X.Columns; k++)
                    {
                        signal[i, j] += double.CreateTruncating(X[i, k] * weights[k, j]) / Math.Sqrt(X.Columns);
                    }
                }
            }
        }

        for (int i = 0; i < samples; i++)
        {
            for (int j = 0; j < targets; j++)
            {
                Y[i, j] = T.CreateTruncating(signal[i, j] + (noise * random.Randn()) + offset);
            }
        }

        Kernels = [.. Features.Select(Gram)];
    }

    public Matrix<T>[] Features { get; }

    public Matrix<T>[] Kernels { get; }

    public Matrix<T> Y { get; }

    public TargetSource<T> Targets => new MatrixTargetSource<T>(Y.View);

    public IReadOnlyList<MatrixView<T>> FeatureViews => [.. Features.Select(x => x.View)];

    public IReadOnlyList<MatrixView<T>> KernelViews => [.. Kernels.Select(k => k.View)];

    /// <summary>sum_i gamma_i K_i in double: of the kernels as T rounds them, or of the features' own.</summary>
    public double[,] Kernel(double[] gamma, bool fromFeatures)
    {
        int n = (int)Y.Rows;
        double[,] K = new double[n, n];
        for (int m = 0; m < gamma.Length; m++)
        {
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    K[i, j] += gamma[m] * (fromFeatures ? Product(Features[m], i, j) : double.CreateTruncating(Kernels[m][i, j]));
                }
            }
        }

        return K;
    }

    public double[,] Responses()
    {
        double[,] values = new double[Y.Rows, Y.Columns];
        for (int i = 0; i < Y.Rows; i++)
        {
            for (int j = 0; j < Y.Columns; j++)
            {
                values[i, j] = double.CreateTruncating(Y[i, j]);
            }
        }

        return values;
    }

    public void Dispose()
    {
        Y.Dispose();
        foreach (Matrix<T> matrix in Features.Concat(Kernels))
        {
            matrix.Dispose();
        }
    }

    public static Matrix<T> Gaussian(RandomState random, int rows, int columns, double offset)
    {
        Matrix<T> matrix = new(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                matrix[i, j] = T.CreateTruncating(random.Randn() + offset);
            }
        }

        return matrix;
    }

    private static Matrix<T> Gram(Matrix<T> X)
    {
        Matrix<T> K = new(X.Rows, X.Rows);
        for (int i = 0; i < X.Rows; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                K[i, j] = K[j, i] = T.CreateTruncating(Product(X, i, j));
            }
        }

        return K;
    }

    private static double Product(Matrix<T> X, int i, int j)
    {
        double sum = 0;
        for (int k = 0; k < X.Columns; k++)
        {
            sum += double.CreateTruncating(X[i, k]) * double.CreateTruncating(X[j, k]);
        }

        return sum;
    }
}
