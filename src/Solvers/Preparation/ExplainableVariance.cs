using System.Numerics;
using System.Runtime.InteropServices;

namespace VemKernels.Solvers;

/// <summary>Options of <see cref="ExplainableVariance"/>.</summary>
public sealed record ExplainableVarianceOptions
{
    /// <summary>
    /// Whether to take off what the mean of finitely many repeats shares with them by chance: ev - (1 - ev) / (repeats
    /// - 1).
    /// </summary>
    public bool BiasCorrection { get; init; } = true;

    /// <summary>
    /// Whether each repeat of each target is z-scored over samples first. Off where it is so already.
    /// </summary>
    public bool ZScore { get; init; } = true;

    /// <summary>Cap on the workspace: it sets how many targets are read at a time.</summary>
    public MemoryBudget Memory { get; init; } = MemoryBudget.Default;
}

/// <summary>
/// The share of a target's variance that repeats when the experiment is repeated, and what that means for the best
/// score that a model can have.
/// </summary>
/// <remarks>
/// ev = var(mean over repeats) / mean over repeats(var), variances over samples, with n - 1. Corrected for bias it
/// estimates the variance of the signal over that of one repeat. Sources: Sahani and Linden, "How linear are auditory
/// cortical responses?", NIPS 15 (2003); Hsu, Borst and Theunissen, Network 15 (2004); Schoppe et al., Frontiers in
/// Computational Neuroscience 10 (2016). Equals <c>explainable_variance</c> of the package voxelwise_tutorials, but a
/// target that is constant in every repeat gives 0 instead of NaN.
/// </remarks>
public static class ExplainableVariance
{
    /// <summary>Targets at a time at most; a multiple of <see cref="ColumnBlock.Width"/>.</summary>
    private const int LargestTile = 4096;

    /// <summary>Explainable variance of each target, summed in double.</summary>
    /// <param name="repeats">Responses to the same stimuli, at least two: samples x targets each.</param>
    /// <param name="options">Correction and z-scoring; null for the defaults.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    /// <returns>1 x targets: up to 1; corrected, it may be negative.</returns>
    /// <exception cref="ArgumentException">
    /// Fewer than two repeats, different shapes, or fewer than two samples.
    /// </exception>
    /// <exception cref="MemoryBudgetException">The budget does not hold one tile.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static Matrix<T> Compute<T>(
        IReadOnlyList<TargetSource<T>> repeats, ExplainableVarianceOptions? options = null,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(repeats);
        options ??= new ExplainableVarianceOptions();
        nint samples = repeats[0].Samples;
        nint targets = repeats[0].Targets;
        nint tile = TileFor<T>(samples, targets, options.Memory);
        using Matrix<T> raw = Matrix<T>.Uninitialized(samples, tile);
        using Matrix<double> mean = Matrix<double>.Uninitialized(samples, Blocks(tile) * ColumnBlock.Width);
        double[] meanVariance = new double[mean.Columns];
        Matrix<T> result = Matrix<T>.Uninitialized(1, targets);
        for (nint first = 0; first < targets; first += tile)
        {
            nint count = Math.Min(tile, targets - first);
            MatrixView<T> values = raw.View.SliceColumns(0, count);
            mean.View.Fill(0);
            Array.Clear(meanVariance);
            foreach (TargetSource<T> repeat in repeats)
            {
                cancellation.ThrowIfCancellationRequested();
                repeat.Read(first, values);
                AddRepeat(values, options.ZScore, 1.0 / repeats.Count, mean.View, meanVariance);
            }

            for (nint j = 0; j < count; j++)
            {
                double ev = meanVariance[j] == 0 ? 0 : VarianceOfColumn(mean.View, j) / meanVariance[j];
                ev -= options.BiasCorrection && meanVariance[j] != 0 ? (1 - ev) / (repeats.Count - 1) : 0;
                result.View[0, first + j] = T.CreateTruncating(ev);
            }

            progress?.Report(new FitProgress("explainable variance", (double)(first + count) / targets));
        }

        return result;
    }

    /// <summary>
    /// The noise ceiling: the score of a model that knows the signal exactly, when it is judged by the mean of some
    /// repeats; averaging leaves 1 / repeats of the noise's variance: r2 = k ev / (1 + (k - 1) ev) for k repeats, and
    /// the correlation is its root.
    /// </summary>
    /// <param name="explainableVariance">1 x targets, corrected for bias.</param>
    /// <param name="repeats">How many repeats the measured responses are the mean of; 1 for a single recording.</param>
    /// <param name="score"><see cref="ScoreKind.R2"/> or <see cref="ScoreKind.Correlation"/>.</param>
    /// <returns>1 x targets; 0 where nothing is explainable.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one repeat, or another score.</exception>
    public static Matrix<T> NoiseCeiling<T>(MatrixView<T> explainableVariance, int repeats, ScoreKind score)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        Shapes.Require(explainableVariance, 1, explainableVariance.Columns, nameof(explainableVariance));
        if (score is not (ScoreKind.R2 or ScoreKind.Correlation))
        {
            throw new ArgumentOutOfRangeException(
                nameof(score), $"{score} has no noise ceiling; expected R2 or Correlation.");
        }

        Matrix<T> ceiling = Matrix<T>.Uninitialized(1, explainableVariance.Columns);
        for (nint j = 0; j < ceiling.Columns; j++)
        {
            double ev = Math.Max(0, double.CreateTruncating(explainableVariance[0, j]));
            double r2 = repeats * ev / (1 + ((repeats - 1) * ev));
            ceiling.View[0, j] = T.CreateTruncating(score == ScoreKind.R2 ? r2 : Math.Sqrt(r2));
        }

        return ceiling;
    }

    /// <summary>Adds one repeat's share to the mean over repeats and to the mean of the variances.</summary>
    private static void AddRepeat<T>(
        MatrixView<T> values, bool zscore, double share, MatrixView<double> mean, Span<double> meanVariance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<Vector<double>> x = new Vector<double>[ColumnBlock.Vectors];
        Span<Vector<double>> center = new Vector<double>[ColumnBlock.Vectors];
        Span<Vector<double>> scale = new Vector<double>[ColumnBlock.Vectors];
        for (nint j = 0; j < values.Columns; j += ColumnBlock.Width)
        {
            int width = (int)Math.Min(ColumnBlock.Width, values.Columns - j);
            MatrixView<T> block = values.SliceColumns(j, width);
            Means(block, x, scale, center);
            SquaredDeviations(block, x, center, scale);
            ToScale(scale, block.Rows, zscore, share, meanVariance.Slice((int)j, ColumnBlock.Width));
            for (nint i = 0; i < block.Rows; i++)
            {
                ColumnBlock.Load(block, i, x);
                Span<Vector<double>> sum = MemoryMarshal.Cast<double, Vector<double>>(
                    mean.SliceColumns(j, ColumnBlock.Width).RowSpan(i));
                for (int v = 0; v < x.Length; v++)
                {
                    sum[v] += (x[v] - center[v]) * scale[v];
                }
            }
        }
    }

    /// <summary>
    /// Means of the columns of a block, relative to its first row: the mean of a constant is exactly its value.
    /// </summary>
    private static void Means<T>(
        MatrixView<T> block, Span<Vector<double>> x, Span<Vector<double>> origin, Span<Vector<double>> means)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ColumnBlock.Load(block, 0, origin);
        means.Clear();
        for (nint i = 1; i < block.Rows; i++)
        {
            ColumnBlock.Load(block, i, x);
            for (int v = 0; v < x.Length; v++)
            {
                means[v] += x[v] - origin[v];
            }
        }

        for (int v = 0; v < means.Length; v++)
        {
            means[v] = origin[v] + (means[v] / new Vector<double>(block.Rows));
        }
    }

    /// <summary>Sums of squared deviations from the means.</summary>
    private static void SquaredDeviations<T>(
        MatrixView<T> block, Span<Vector<double>> x, ReadOnlySpan<Vector<double>> means, Span<Vector<double>> squares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        squares.Clear();
        for (nint i = 0; i < block.Rows; i++)
        {
            ColumnBlock.Load(block, i, x);
            for (int v = 0; v < x.Length; v++)
            {
                Vector<double> deviation = x[v] - means[v];
                squares[v] += deviation * deviation;
            }
        }
    }

    /// <summary>
    /// Turns sums of squared deviations into what deviations are multiplied with on their way to the mean over repeats,
    /// and adds to the mean variance.
    /// </summary>
    private static void ToScale(Span<Vector<double>> squares, nint rows, bool zscore, double share,
        Span<double> meanVariance)
    {
        Span<double> values = MemoryMarshal.Cast<Vector<double>, double>(squares);
        for (int c = 0; c < values.Length; c++)
        {
            // z-scores have population variance 1, so rows / (rows - 1) with n - 1; those of a constant are zeros.
            bool constant = values[c] == 0;
            double variance = (zscore ? (constant ? 0 : rows) : values[c]) / (rows - 1);
            meanVariance[c] += share * variance;
            values[c] = zscore ? (constant ? 0 : share / Math.Sqrt(values[c] / rows)) : share;
        }
    }

    /// <summary>Variance with n - 1 of a column whose mean is zero but for rounding.</summary>
    private static double VarianceOfColumn(MatrixView<double> deviations, nint column)
    {
        double squares = 0;
        for (nint i = 0; i < deviations.Rows; i++)
        {
            squares += deviations[i, column] * deviations[i, column];
        }

        return squares / (deviations.Rows - 1);
    }

    private static nint Blocks(nint columns) => (columns + ColumnBlock.Width - 1) / ColumnBlock.Width;

    /// <summary>As many targets as the budget holds one repeat and the mean of, in whole blocks.</summary>
    private static nint TileFor<T>(nint samples, nint targets, MemoryBudget memory)
        where T : unmanaged
    {
        int size = typeof(T) == typeof(float) ? sizeof(float) : sizeof(double);
        long block = (long)samples * ColumnBlock.Width * (size + sizeof(double));
        long blocks = Math.Min(memory.Bytes / Math.Max(1, block), LargestTile / ColumnBlock.Width);
        return blocks > 0 ? (nint)Math.Min(blocks * ColumnBlock.Width, (long)targets)
            : throw new MemoryBudgetException(memory, block);
    }

    private static void Check<T>(IReadOnlyList<TargetSource<T>> repeats)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (repeats.Count < 2)
        {
            throw new ArgumentException($"{repeats.Count} repeats; expected at least two.", nameof(repeats));
        }

        if (repeats[0].Samples < 2 || repeats[0].Targets < 1)
        {
            throw new ArgumentException(
                $"repeats[0] is {repeats[0].Samples} x {repeats[0].Targets}; expected at least two samples, one target.",
                nameof(repeats));
        }

        for (int i = 1; i < repeats.Count; i++)
        {
            Shapes.RequireSame(repeats[0].Samples, repeats[0].Targets, repeats[i].Samples, repeats[i].Targets,
                $"repeats[{i}]");
        }
    }
}
