using System.Numerics;

namespace VemKernels.Reference;

/// <content>Statistics of columns.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public double FrobeniusNorm<T>(DeviceView<T> A)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Math.Sqrt(Read(A).Sum(row => Dense.Dot(row, row)));

    /// <inheritdoc/>
    public void ColumnMeans<T>(DeviceView<T> A, DeviceView<T> means)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] a = Read(A);
        Own(means, nameof(means));
        Shapes.Require(means, 1, A.Columns, nameof(means));
        RequireDisjoint(A, means);
        double[] mean = new double[A.Columns];
        for (int j = 0; j < mean.Length; j++)
        {
            mean[j] = ColumnScore.Mean(Dense.Column(a, j));
        }

        Write([mean], means);
    }

    /// <inheritdoc/>
    public void SubtractRow<T>(DeviceView<T> A, DeviceView<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] a = Read(A);
        double[][] r = Read(row);
        Shapes.Require(row, 1, A.Columns, nameof(row));
        RequireDisjoint(row, A);
        for (int i = 0; i < A.Rows; i++)
        {
            for (int j = 0; j < A.Columns; j++)
            {
                a[i][j] -= r[0][j];
            }
        }

        Write(a, A);
    }

    /// <inheritdoc/>
    public void ZScoreColumns<T>(DeviceView<T> A)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] a = Read(A);
        for (int j = 0; j < A.Columns; j++)
        {
            double[] column = Dense.Column(a, j);
            double mean = ColumnScore.Mean(column);
            double deviation = Math.Sqrt(ColumnScore.SquaredDeviations(column) / column.Length);
            bool constant = ColumnScore.IsConstant(column);
            for (int i = 0; i < A.Rows; i++)
            {
                a[i][j] = constant ? 0 : (column[i] - mean) / deviation;
            }
        }

        Write(a, A);
    }

    /// <inheritdoc/>
    public void CenterKernel<T>(DeviceView<T> K)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] k = Read(K);
        Shapes.RequireSquare(K, nameof(K));
        double[] rowMeans = [.. k.Select(ColumnScore.Mean)];
        double[] columnMeans = [.. Dense.Transpose(k, k.Length).Select(ColumnScore.Mean)];
        double mean = ColumnScore.Mean(rowMeans);
        for (int i = 0; i < k.Length; i++)
        {
            for (int j = 0; j < k.Length; j++)
            {
                k[i][j] += mean - rowMeans[i] - columnMeans[j];
            }
        }

        Write(k, K);
    }

    /// <inheritdoc/>
    public void Score<T>(ScoreKind kind, DeviceView<T> truth, DeviceView<T> predictions, DeviceView<double> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] y = Read(truth);
        double[][] p = Read(predictions);
        Own(scores, nameof(scores));
        Shapes.Require(predictions, truth.Rows, truth.Columns, nameof(predictions));
        Shapes.Require(scores, 1, truth.Columns, nameof(scores));
        RequireDisjoint(truth, scores);
        RequireDisjoint(predictions, scores);
        Write([Scores(kind, y, p, (int)truth.Columns)], scores);
    }

    /// <inheritdoc/>
    public void SplitMoments<T>(DeviceView<T> truth, DeviceView<T> predictions, int spaces, DeviceView<double> moments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] y = Read(truth);
        double[][] p = Read(predictions);
        Own(moments, nameof(moments));
        ArgumentOutOfRangeException.ThrowIfNegative(spaces);
        Shapes.Require(predictions, spaces * truth.Rows, truth.Columns, nameof(predictions));
        Shapes.Require(moments, 1 + spaces + ((nint)spaces * spaces), truth.Columns, nameof(moments));
        RequireDisjoint(truth, moments);
        RequireDisjoint(predictions, moments);
        int n = y.Length;
        double[][] sums = Dense.Zeros((int)moments.Rows, (int)moments.Columns);
        for (int j = 0; j < truth.Columns; j++)
        {
            double[] truthColumn = Dense.Column(y, j);
            double[][] spaceColumns = [.. Enumerable.Range(0, spaces).Select(i => Dense.Column(Dense.Rows(p, i * n, n), j))];
            sums[0][j] = Dense.Dot(truthColumn, truthColumn);
            for (int i = 0; i < spaces; i++)
            {
                sums[1 + i][j] = Dense.Dot(truthColumn, spaceColumns[i]);
                for (int k = 0; k < spaces; k++)
                {
                    sums[1 + spaces + (i * spaces) + k][j] = Dense.Dot(spaceColumns[i], spaceColumns[k]);
                }
            }
        }

        Write(sums, moments);
    }

    /// <summary>The scores of all columns.</summary>
    private static double[] Scores(ScoreKind kind, double[][] truth, double[][] predictions, int columns)
    {
        double[] scores = new double[columns];
        for (int j = 0; j < columns; j++)
        {
            scores[j] = ColumnScore.Of(kind, Dense.Column(truth, j), Dense.Column(predictions, j));
        }

        return scores;
    }
}
