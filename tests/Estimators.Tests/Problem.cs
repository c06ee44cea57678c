using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators.Tests;

/// <summary>
/// A small seeded regression problem: two feature spaces, their kernels, responses; training and new samples.
/// </summary>
internal sealed class Problem<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const int Train = 40;
    public const int New = 12;
    public const int Targets = 9;

    private static readonly int[] FeaturesBySpace = [6, 4];

    private readonly List<Matrix<T>> _owned = [];

    public Problem(IBackend backend, double offset = 0)
    {
        RandomState random = new(21);
        const int Samples = Train + New;
        Matrix<T>[] features = [.. FeaturesBySpace.Select(count => Own(Gaussian(random, Samples, count, offset)))];
        Matrix<T> Y = Own(new Matrix<T>(Samples, Targets));
        for (int j = 0; j < Targets; j++)
        {
            foreach (Matrix<T> X in features)
            {
                for (int k = 0; k < X.Columns; k++)
                {
                    T weight = T.CreateTruncating(random.Randn());
                    for (int i = 0; i < Samples; i++)
                    {
                        Y[i, j] += weight * X[i, k];
                    }
                }
            }

            for (int i = 0; i < Samples; i++)
            {
                Y[i, j] += T.CreateTruncating(random.Randn() + offset);
            }
        }

        X = [.. features.Select(x => x.View.SliceRows(0, Train))];
        XNew = [.. features.Select(x => x.View.SliceRows(Train, New))];
        K = [.. X.Select(x => Own(Predictions.LinearKernel(backend, x, x)).View)];
        KNew = [.. X.Zip(XNew, (x, xNew) => Own(Predictions.LinearKernel(backend, xNew, x)).View)];
        MatrixView<T> side = Own(new Matrix<T>(Samples, FeaturesBySpace.Sum())).View;
        features[0].View.CopyTo(side.SliceColumns(0, FeaturesBySpace[0]));
        features[1].View.CopyTo(side.SliceColumns(FeaturesBySpace[0], FeaturesBySpace[1]));
        (Side, SideNew) = (side.SliceRows(0, Train), side.SliceRows(Train, New));
        this.Y = new MatrixTargetSource<T>(Y.View.SliceRows(0, Train));
        Matrix<T> centred = Own(Matrix<T>.From(Y.View.SliceRows(Train, New)));
        double[] means = new double[Targets];
        ColumnMeans.Compute(centred.View, [.. Enumerable.Range(0, New)], means);
        ColumnMeans.Subtract(centred.View, means);
        YNew = new MatrixTargetSource<T>(centred.View);
    }

    public IReadOnlyList<MatrixView<T>> X { get; }

    public IReadOnlyList<MatrixView<T>> XNew { get; }

    /// <summary>Features of both spaces side by side.</summary>
    public MatrixView<T> Side { get; }

    public MatrixView<T> SideNew { get; }

    public IReadOnlyList<MatrixView<T>> K { get; }

    public IReadOnlyList<MatrixView<T>> KNew { get; }

    public MatrixTargetSource<T> Y { get; }

    /// <summary>Responses of the new samples, zero-mean.</summary>
    public MatrixTargetSource<T> YNew { get; }

    public void Dispose()
    {
        foreach (Matrix<T> matrix in _owned)
        {
            matrix.Dispose();
        }
    }

    private static Matrix<T> Gaussian(RandomState random, int rows, int columns, double offset)
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

    private Matrix<T> Own(Matrix<T> matrix)
    {
        _owned.Add(matrix);
        return matrix;
    }
}
