using System.Numerics;

namespace VemKernels.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void IndexedKernelProduct<T>(
        DeviceView<T> Ks, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, DeviceView<T>? offsets, DeviceView<T> weights, DeviceView<T> W,
        DeviceView<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][][] P = ProductsByKernel(Ks, rows, columns, offsets, weights, W);
        Shapes.Require(result, rows.Length, W.Columns, nameof(result));
        foreach (DeviceView<T> input in (DeviceView<T>[])[Ks, weights, W])
        {
            RequireDisjoint(input, result);
        }

        Write(Sum(P, rows.Length, (int)W.Columns), result);
    }

    /// <inheritdoc/>
    public void KernelProductMoments<T>(
        DeviceView<T> Ks, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, DeviceView<T>? offsets, DeviceView<T> weights, DeviceView<T> W,
        DeviceView<T> Y, DeviceView<T> predictions, DeviceView<double> gradient, DeviceView<double> hessian)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][][] P = ProductsByKernel(Ks, rows, columns, offsets, weights, W);
        double[][] y = Read(Y);
        int m = P.Length;
        int t = (int)W.Columns;
        Shapes.Require(Y, rows.Length, t, nameof(Y));
        Shapes.Require(predictions, rows.Length, t, nameof(predictions));
        Shapes.Require(gradient, m, t, nameof(gradient));
        Shapes.Require(hessian, m * m, t, nameof(hessian));
        foreach (DeviceView<T> input in (DeviceView<T>[])[Ks, weights, W, Y])
        {
            RequireDisjoint(input, predictions);
            RequireDisjoint(input, gradient);
            RequireDisjoint(input, hessian);
        }

        double[][] sum = Sum(P, rows.Length, t);
        double[][] slopes = Dense.Zeros(m, t);
        double[][] curvatures = Dense.Zeros(m * m, t);
        for (int r = 0; r < rows.Length; r++)
        {
            for (int j = 0; j < t; j++)
            {
                double residual = sum[r][j] - y[r][j];
                for (int i = 0; i < m; i++)
                {
                    slopes[i][j] += P[i][r][j] * residual;
                    curvatures[(i * m) + i][j] += P[i][r][j] * residual;
                    for (int k = 0; k < m; k++)
                    {
                        curvatures[(i * m) + k][j] += P[i][r][j] * P[k][r][j];
                    }
                }
            }
        }

        Write(sum, predictions);
        Write(slopes, gradient);
        Write(curvatures, hessian);
    }

    /// <inheritdoc/>
    public void KernelProductDots<T>(
        DeviceView<T> Ks, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, DeviceView<T>? offsets, DeviceView<T> weights, DeviceView<T> W,
        DeviceView<T> V, DeviceView<double> dots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][][] P = ProductsByKernel(Ks, rows, columns, offsets, weights, W);
        double[][] v = Read(V);
        int t = (int)W.Columns;
        Shapes.Require(V, rows.Length, t, nameof(V));
        Shapes.Require(dots, P.Length, t, nameof(dots));
        foreach (DeviceView<T> input in (DeviceView<T>[])[Ks, weights, W, V])
        {
            RequireDisjoint(input, dots);
        }

        double[][] sums = Dense.Zeros(P.Length, t);
        for (int i = 0; i < P.Length; i++)
        {
            for (int r = 0; r < rows.Length; r++)
            {
                for (int j = 0; j < t; j++)
                {
                    sums[i][j] += P[i][r][j] * v[r][j];
                }
            }
        }

        Write(sums, dots);
    }

    /// <inheritdoc/>
    public void GatherColumns<T>(DeviceView<T> source, ReadOnlySpan<int> indices, DeviceView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] from = Read(source);
        Shapes.Require(destination, source.Rows, indices.Length, nameof(destination));
        RequireIndices(indices, source.Columns, nameof(indices));
        RequireDisjoint(source, destination);
        double[][] to = Dense.Zeros(from.Length, indices.Length);
        for (int i = 0; i < from.Length; i++)
        {
            for (int j = 0; j < indices.Length; j++)
            {
                to[i][j] = from[i][indices[j]];
            }
        }

        Write(to, destination);
    }

    /// <inheritdoc/>
    public void ScatterColumns<T>(DeviceView<T> source, ReadOnlySpan<int> indices, DeviceView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] from = Read(source);
        double[][] to = Read(destination);
        Shapes.Require(source, destination.Rows, indices.Length, nameof(source));
        RequireIndices(indices, destination.Columns, nameof(indices));
        RequireDisjoint(source, destination);
        for (int i = 0; i < from.Length; i++)
        {
            for (int j = 0; j < indices.Length; j++)
            {
                to[i][indices[j]] = from[i][j];
            }
        }

        Write(to, destination);
    }

    /// <summary>P_i = weights(i, :) . (K_i W), kernel by kernel.</summary>
    private double[][][] ProductsByKernel<T>(
        DeviceView<T> Ks, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, DeviceView<T>? offsets, DeviceView<T> weights, DeviceView<T> W)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] ks = Read(Ks);
        double[][] kernelWeights = Read(weights);
        double[][] w = Read(W);
        double[]? shift = offsets is { } given ? ReadVector(given, Ks.Columns, nameof(offsets)) : null;
        int n = ks.Length;
        Shapes.Require(Ks, n, weights.Rows * n, nameof(Ks));
        Shapes.Require(W, columns.Length, W.Columns, nameof(W));
        Shapes.Require(weights, weights.Rows, W.Columns, nameof(weights));
        RequireIndices(rows, n, nameof(rows));
        RequireIndices(columns, n, nameof(columns));
        double[][][] P = new double[kernelWeights.Length][][];
        for (int i = 0; i < P.Length; i++)
        {
            P[i] = Dense.Zeros(rows.Length, (int)W.Columns);
            for (int r = 0; r < rows.Length; r++)
            {
                for (int c = 0; c < columns.Length; c++)
                {
                    int at = (i * n) + columns[c];
                    double entry = ks[rows[r]][at] - (shift?[at] ?? 0);
                    for (int j = 0; j < P[i][r].Length; j++)
                    {
                        P[i][r][j] += entry * kernelWeights[i][j] * w[c][j];
                    }
                }
            }
        }

        return P;
    }

    private static double[][] Sum(double[][][] P, int rows, int columns)
    {
        double[][] sum = Dense.Zeros(rows, columns);
        foreach (double[][] product in P)
        {
            for (int r = 0; r < rows; r++)
            {
                for (int j = 0; j < columns; j++)
                {
                    sum[r][j] += product[r][j];
                }
            }
        }

        return sum;
    }

    private static void RequireIndices(ReadOnlySpan<int> indices, nint count, string name)
    {
        foreach (int i in indices)
        {
            if (i < 0 || i >= count)
            {
                throw new ArgumentException($"Index {i} is outside 0..{count - 1}.", name);
            }
        }
    }
}
