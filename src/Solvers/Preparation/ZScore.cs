using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>
/// Standardises columns inside runs: z = (x - mean) / standard deviation, with the run's own moments.
/// </summary>
/// <remarks>
/// Moments are summed in double whatever the data's type, the mean relative to the run's first row (so that a constant
/// column has exactly its value as mean), the variance around the mean (so that a large mean costs no digits). A block
/// of columns is read from memory once; the two later passes over its rows find it in cache.
/// </remarks>
public static class ZScore
{
    /// <summary>
    /// Standardises, in place, each column of each run by its mean and population standard deviation.
    /// </summary>
    /// <param name="X">samples x columns.</param>
    /// <param name="runs">The runs of the samples.</param>
    /// <remarks>
    /// A column that is constant in a run becomes zeros there: its standard deviation is no larger than the rounding of
    /// its mean to T. A column with NaN or infinity in a run becomes NaN there.
    /// </remarks>
    /// <exception cref="ArgumentException">Runs of another number of samples, or a run with one sample.</exception>
    public static void ByRun<T>(MatrixView<T> X, RunLabels runs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(runs);
        runs.RequireSamples(X.Rows, nameof(X));
        runs.RequireSeveralSamplesEach();
        Workspace workspace = new(stackalloc Vector<double>[Workspace.Vectors]);
        foreach (RunSegment run in runs.Segments)
        {
            MatrixView<T> rows = X.SliceRows(run.First, run.Count);
            for (nint j = 0; j < X.Columns; j += ColumnBlock.Width)
            {
                Standardize(rows.SliceColumns(j, Math.Min(ColumnBlock.Width, X.Columns - j)), workspace);
            }
        }
    }

    private static void Standardize<T>(MatrixView<T> X, Workspace workspace)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ComputeMean(X, workspace);
        ComputeVariance(X, workspace);
        Span<Vector<double>> x = workspace.Row;
        Span<Vector<double>> mean = workspace.Mean;
        Span<Vector<double>> scale = workspace.Scale;
        Vector<double> rounding = new(0.5 * double.CreateTruncating(T.BitIncrement(T.One) - T.One));
        for (int v = 0; v < scale.Length; v++)
        {
            Vector<double> deviation = Vector.SquareRoot(scale[v]);
            Vector<long> constant = Vector.LessThanOrEqual(deviation, rounding * Vector.Abs(mean[v]));
            scale[v] = Vector.ConditionalSelect(constant, Vector<double>.Zero, Vector<double>.One / deviation);
        }

        for (nint i = 0; i < X.Rows; i++)
        {
            ColumnBlock.Load(X, i, x);
            for (int v = 0; v < x.Length; v++)
            {
                x[v] = (x[v] - mean[v]) * scale[v];
            }

            ColumnBlock.Store(x, X, i);
        }
    }

    /// <summary>Leaves the means of the columns in the workspace; its scale is used up.</summary>
    private static void ComputeMean<T>(MatrixView<T> X, Workspace workspace)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<Vector<double>> x = workspace.Row;
        Span<Vector<double>> mean = workspace.Mean;
        Span<Vector<double>> origin = workspace.Scale;
        ColumnBlock.Load(X, 0, origin);
        mean.Clear();
        for (nint i = 1; i < X.Rows; i++)
        {
            ColumnBlock.Load(X, i, x);
            for (int v = 0; v < x.Length; v++)
            {
                mean[v] += x[v] - origin[v];
            }
        }

        Vector<double> rows = new(X.Rows);
        for (int v = 0; v < mean.Length; v++)
        {
            mean[v] = origin[v] + (mean[v] / rows);
        }
    }

    /// <summary>Leaves the population variances of the columns in the workspace, as its scale.</summary>
    private static void ComputeVariance<T>(MatrixView<T> X, Workspace workspace)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<Vector<double>> x = workspace.Row;
        Span<Vector<double>> mean = workspace.Mean;
        Span<Vector<double>> variance = workspace.Scale;
        variance.Clear();
        for (nint i = 0; i < X.Rows; i++)
        {
            ColumnBlock.Load(X, i, x);
            for (int v = 0; v < x.Length; v++)
            {
                Vector<double> deviation = x[v] - mean[v];
                variance[v] += deviation * deviation;
            }
        }

        Vector<double> rows = new(X.Rows);
        for (int v = 0; v < variance.Length; v++)
        {
            variance[v] /= rows;
        }
    }

    /// <summary>Three blocks of columns, on the stack.</summary>
    private readonly ref struct Workspace(Span<Vector<double>> blocks)
    {
        private readonly Span<Vector<double>> _blocks = blocks;

        public static int Vectors => 3 * ColumnBlock.Vectors;

        public Span<Vector<double>> Row => Block(0);

        public Span<Vector<double>> Mean => Block(1);

        public Span<Vector<double>> Scale => Block(2);

        private Span<Vector<double>> Block(int index) =>
            _blocks.Slice(index * ColumnBlock.Vectors, ColumnBlock.Vectors);
    }
}
