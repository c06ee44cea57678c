using System.Numerics;

namespace VemKernels.Reference;

/// <content>Pairwise kernels by their formulas, an element at a time.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void PairwiseKernel<T>(
        KernelFunction function, DeviceView<T> A, DeviceView<T> B, DeviceView<T> K, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] a = Read(A);
        double[][] b = Read(B);
        Own(K, nameof(K));
        Shapes.Require(B, B.Rows, A.Columns, nameof(B));
        Shapes.Require(K, A.Rows, B.Rows, nameof(K));
        RequireDisjoint(A, K);
        RequireDisjoint(B, K);
        double[][] k = Dense.Zeros(a.Length, b.Length);
        for (int i = 0; i < a.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int j = 0; j < b.Length; j++)
            {
                k[i][j] = Kernel(function, a[i], b[j]);
            }
        }

        Write(k, K);
    }

    /// <inheritdoc/>
    public void CenterKernel<T>(DeviceView<T> K, DeviceView<double> trainingColumnMeans, double trainingMean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] k = Read(K);
        double[][] columnMeans = Read(trainingColumnMeans);
        Shapes.Require(trainingColumnMeans, 1, K.Columns, nameof(trainingColumnMeans));
        RequireDisjoint(trainingColumnMeans, K);
        foreach (double[] row in k)
        {
            double rowMean = ColumnScore.Mean(row);
            for (int j = 0; j < row.Length; j++)
            {
                row[j] += trainingMean - rowMean - columnMeans[0][j];
            }
        }

        Write(k, K);
    }

    /// <inheritdoc/>
    public void ColumnMeansInDouble<T>(DeviceView<T> A, DeviceView<double> means)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] a = Read(A);
        Own(means, nameof(means));
        Shapes.Require(means, 1, A.Columns, nameof(means));
        RequireDisjoint(A, means);
        Write([[.. Enumerable.Range(0, (int)A.Columns).Select(j => ColumnScore.Mean(Dense.Column(a, j)))]], means);
    }

    private static double Kernel(KernelFunction function, double[] x, double[] z) => function.Kind switch
    {
        KernelKind.Linear => Dense.Dot(x, z),
        KernelKind.Polynomial => Math.Pow((function.Gamma * Dense.Dot(x, z)) + function.Coef0, function.Degree),
        KernelKind.Rbf => Math.Exp(-function.Gamma * SquaredDistance(x, z)),
        KernelKind.Sigmoid => Math.Tanh((function.Gamma * Dense.Dot(x, z)) + function.Coef0),
        KernelKind.Cosine => Cosine(x, z),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function.Kind, "Not a kernel."),
    };

    private static double SquaredDistance(double[] x, double[] z)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double difference = x[i] - z[i];
            sum += difference * difference;
        }

        return sum;
    }

    private static double Cosine(double[] x, double[] z)
    {
        double[] u = Direction(x);
        double[] v = Direction(z);
        double cosine = Dense.Dot(u, v);

        // Of a row with itself it is 1 (or 0) but for rounding, which the contract does not allow.
        return u.AsSpan().SequenceEqual(v) ? Math.Round(cosine) : cosine;
    }

    /// <summary>x / |x|, the elements brought to at most 1 first so that no square overflows; zeros of zeros.</summary>
    private static double[] Direction(double[] x)
    {
        double largest = x.Select(Math.Abs).DefaultIfEmpty().Max();
        if (largest == 0)
        {
            return x;
        }

        double[] scaled = [.. x.Select(value => value / largest)];
        double length = Math.Sqrt(Dense.Dot(scaled, scaled));
        return [.. scaled.Select(value => value / length)];
    }
}
