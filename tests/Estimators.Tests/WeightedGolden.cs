using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators.Tests;

/// <summary>
/// The problem of the sample weights' golden values: drawn from numpy's RandomState(5) in the order X1 (20 x 3), X2
/// (20 x 2), N1 (2 x 3), N2 (2 x 2), W1 (3 x 3), W2 (2 x 3), noise (20 x 3), weights 3 rand(20), of which the fifth is
/// 0; Y = X1 W1 + X2 W2 + noise.
/// </summary>
internal sealed class WeightedGolden<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 20;

    private readonly List<Matrix<T>> _owned = [];

    public WeightedGolden()
    {
        RandomState random = new(5);
        using Matrix<double> X1 = random.Randn(Samples, 3), X2 = random.Randn(Samples, 2);
        using Matrix<double> N1 = random.Randn(2, 3), N2 = random.Randn(2, 2);
        using Matrix<double> W1 = random.Randn(3, 3), W2 = random.Randn(2, 3), noise = random.Randn(Samples, 3);
        Weights = new double[Samples];
        random.Rand(Weights);
        Weights = [.. Weights.Select((weight, i) => i == 4 ? 0 : 3 * weight)];
        Y = new MatrixTargetSource<T>(
            Own(Samples, 3, (i, j) =>
                Dot(X1, i, W1.View.Transposed, j) + Dot(X2, i, W2.View.Transposed, j) + noise[i, j]));
        Kernels =
        [
            Own(Samples, Samples, (i, j) => Dot(X1, i, X1.View, j)),
            Own(Samples, Samples, (i, j) => Dot(X2, i, X2.View, j)),
        ];
        KernelsNew =
        [
            Own(2, Samples, (i, j) => Dot(N1, i, X1.View, j)),
            Own(2, Samples, (i, j) => Dot(N2, i, X2.View, j)),
        ];
        Sum = Own(Samples, Samples, (i, j) => Dot(X1, i, X1.View, j) + Dot(X2, i, X2.View, j));
        SumNew = Own(2, Samples, (i, j) => Dot(N1, i, X1.View, j) + Dot(N2, i, X2.View, j));
    }

    public double[] Weights { get; }

    public MatrixTargetSource<T> Y { get; }

    public IReadOnlyList<MatrixView<T>> Kernels { get; }

    public IReadOnlyList<MatrixView<T>> KernelsNew { get; }

    /// <summary>The kernels' sum.</summary>
    public MatrixView<T> Sum { get; }

    public MatrixView<T> SumNew { get; }

    public void Dispose() => _owned.ForEach(matrix => matrix.Dispose());

    private static double Dot(Matrix<double> A, nint i, MatrixView<double> B, nint j)
    {
        double sum = 0;
        for (nint k = 0; k < A.Columns; k++)
        {
            sum += A[i, k] * B[j, k];
        }

        return sum;
    }

    private MatrixView<T> Own(int rows, int columns, Func<int, int, double> value)
    {
        Matrix<T> matrix = new(rows, columns);
        _owned.Add(matrix);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                matrix[i, j] = T.CreateTruncating(value(i, j));
            }
        }

        return matrix.View;
    }
}
