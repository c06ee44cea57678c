using System.Numerics;

namespace VemKernels.Benchmark.Inputs;

/// <summary>Inputs of workloads: what they hold depends on their sizes and seed alone.</summary>
internal static class SeededMatrices
{
    /// <summary>How many features drive each target.</summary>
    private const int DrivingFeatures = 3;

    /// <summary>Features that drive one target are this far apart.</summary>
    private const int FeatureStep = 7;

    /// <summary>Noise has so many sizes: that of target j is 1 + j mod this.</summary>
    private const int NoiseSizes = 10;

    /// <summary>Standard normal numbers.</summary>
    public static Matrix<T> Normal<T>(nint rows, nint columns, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> result = Matrix<T>.Uninitialized(rows, columns);
        NormalNumbers.ForEachRow(seed, rows, checked((int)columns), (i, numbers) =>
        {
            Span<T> row = result.View.RowSpan(i);
            for (int j = 0; j < row.Length; j++)
            {
                row[j] = T.CreateTruncating(numbers[j]);
            }
        });
        return result;
    }

    /// <summary>Symmetric matrices of normal numbers, stacked, (count n) x n.</summary>
    /// <param name="n">Order of each.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="definite">
    /// Whether the diagonal is raised beyond the spectral radius, sqrt(4 n) by Wigner's law, so that they are positive
    /// definite.
    /// </param>
    public static Matrix<T> Symmetric<T>(nint n, int count, int seed, bool definite)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> result = Normal<T>(count * n, n, seed);
        T raise = T.CreateTruncating(definite ? 3 * Math.Sqrt(n) : 0);
        Parallel.For(0, (int)(count * n), row =>
        {
            MatrixView<T> block = result.View.SliceRows(row - (row % n), n);
            nint i = row % n;
            for (nint j = 0; j < i; j++)
            {
                block[j, i] = block[i, j];
            }

            block[i, i] += raise;
        });
        return result;
    }

    /// <summary>
    /// Responses: each target is a sum of a few features of one space, and noise whose size differs from target to
    /// target.
    /// </summary>
    /// <param name="spaces">Features, samples x features each.</param>
    /// <param name="targets">How many.</param>
    /// <param name="seed">Seed of the noise.</param>
    public static Matrix<float> Targets(IReadOnlyList<MatrixView<float>> spaces, nint targets, int seed)
    {
        nint samples = spaces[0].Rows;
        Matrix<float> result = Matrix<float>.Uninitialized(samples, targets);
        NormalNumbers.ForEachRow(seed, samples, checked((int)targets), (i, numbers) =>
        {
            Span<float> row = result.View.RowSpan(i);
            for (int j = 0; j < row.Length; j++)
            {
                ReadOnlySpan<float> features = spaces[j % spaces.Count].RowSpan(i);
                double value = (1 + (j % NoiseSizes)) * numbers[j];
                for (int k = 0; k < DrivingFeatures; k++)
                {
                    value += features[(j + (k * FeatureStep)) % features.Length];
                }

                row[j] = (float)value;
            }
        });
        return result;
    }
}
