using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers;

/// <summary>
/// Responses made ready for a fit as they are read, so that responses larger than memory need no prepared copy:
/// z-scored inside runs, then some samples selected, then means over the training samples subtracted.
/// </summary>
/// <remarks>
/// <code>
/// source (samples x targets)  ->  z-score each run  ->  keep rows  ->  subtract means over mean rows  ->  tile
/// </code>
/// <para>Reading is safe from several threads at once where it is for the source, and each column comes out the same
/// whatever tile it is read in. A read uses up to <see cref="ScratchBytes"/> (or one column) of scratch memory, which
/// is kept for the next one.</para>
/// <para>Features (samples x features) are prepared just so: read the whole as one tile.</para>
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed class PreparedTargets<T> : TargetSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Cap on the scratch memory of one read, in bytes.</summary>
    public const long ScratchBytes = 16L << 20;

    private readonly TargetSource<T> _source;
    private readonly RunLabels? _zscoreRuns;
    private readonly int[] _rows;
    private readonly int[]? _meanRows;
    private Scratch? _idle;

    /// <summary>Wraps a source.</summary>
    /// <param name="source">samples x targets; must stay valid as long as this one is used.</param>
    /// <param name="zscoreRuns">Runs to z-score inside; null for no z-scores. See <see cref="ZScore.ByRun"/>.</param>
    /// <param name="rows">The samples to keep, in the order wanted.</param>
    /// <param name="meanRows">
    /// The samples whose mean is subtracted (the training samples); null to subtract nothing.
    /// </param>
    /// <exception cref="ArgumentException">
    /// Runs of another number of samples, a run with one sample, no rows, or a row that does not exist.
    /// </exception>
    public PreparedTargets(TargetSource<T> source, RunLabels? zscoreRuns, int[] rows, int[]? meanRows)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(rows);
        zscoreRuns?.RequireSamples(source.Samples, nameof(source));
        zscoreRuns?.RequireSeveralSamplesEach();
        ColumnMeans.RequireRows(rows, source.Samples, nameof(rows));
        if (meanRows is not null)
        {
            ColumnMeans.RequireRows(meanRows, source.Samples, nameof(meanRows));
        }

        _source = source;
        _zscoreRuns = zscoreRuns;
        _rows = [.. rows];
        _meanRows = meanRows is null ? null : [.. meanRows];
    }

    /// <summary>What is done with all samples of some targets, z-scored where asked for.</summary>
    private interface IChunkAction
    {
        /// <summary>Does it.</summary>
        /// <param name="offset">The chunk's first target, counted from the first that is read.</param>
        /// <param name="zscored">Samples of the source x targets of the chunk.</param>
        /// <param name="scratch">Its means are free to use.</param>
        void Run(nint offset, MatrixView<T> zscored, Scratch scratch);
    }

    /// <inheritdoc/>
    public override nint Samples => _rows.Length;

    /// <inheritdoc/>
    public override nint Targets => _source.Targets;

    /// <summary>
    /// The means that reading subtracts: what a model adds back to its predictions. Zeros where nothing is subtracted.
    /// </summary>
    /// <param name="first">The first target.</param>
    /// <param name="means">Receives a mean for each of the targets first, first + 1, ...</param>
    /// <exception cref="ArgumentException">Targets that do not exist.</exception>
    public unsafe void ReadMeans(nint first, Span<double> means)
    {
        if (first < 0 || means.Length > Targets - first)
        {
            throw new ArgumentException(
                $"Means of {means.Length} targets from target {first}; there are {Targets}.", nameof(means));
        }

        if (_meanRows is null)
        {
            means.Clear();
            return;
        }

        fixed (double* destination = means)
        {
            ReadInChunks(first, means.Length, new WriteMeans(_meanRows, destination));
        }
    }

    /// <inheritdoc/>
    protected override void ReadTile(nint first, MatrixView<T> tile) =>
        ReadInChunks(first, tile.Columns, new WriteTile(this, tile));

    /// <summary>
    /// Hands all samples of the targets, z-scored where asked for, to an action, a chunk of targets at a time.
    /// </summary>
    private unsafe void ReadInChunks<TAction>(nint first, nint targets, TAction action)
        where TAction : struct, IChunkAction
    {
        nint width = (nint)Math.Clamp(ScratchBytes / (_source.Samples * sizeof(T)), 1, Math.Max(1, targets));
        MatrixView<T>? inPlace = _zscoreRuns is null ? _source.View : null;

        // Taken while it is in use: a second reader makes its own.
        Scratch scratch = Interlocked.Exchange(ref _idle, null) ?? new Scratch();
        try
        {
            for (nint offset = 0; offset < targets; offset += width)
            {
                nint count = Math.Min(width, targets - offset);
                if (inPlace is { } all)
                {
                    action.Run(offset, all.SliceColumns(first + offset, count), scratch);
                    continue;
                }

                MatrixView<T> chunk = scratch.Samples.View(_source.Samples, count);
                _source.Read(first + offset, chunk);
                if (_zscoreRuns is not null)
                {
                    ZScore.ByRun(chunk, _zscoreRuns);
                }

                action.Run(offset, chunk, scratch);
            }
        }
        finally
        {
            Interlocked.Exchange(ref _idle, scratch)?.Free();
        }
    }

    private readonly unsafe struct WriteMeans(int[] meanRows, double* destination) : IChunkAction
    {
        private readonly double* _destination = destination;

        public void Run(nint offset, MatrixView<T> zscored, Scratch scratch) =>
            ColumnMeans.Compute(zscored, meanRows, new Span<double>(_destination + offset, (int)zscored.Columns));
    }

    private readonly struct WriteTile(PreparedTargets<T> targets, MatrixView<T> tile) : IChunkAction
    {
        public void Run(nint offset, MatrixView<T> zscored, Scratch scratch)
        {
            MatrixView<T> destination = tile.SliceColumns(offset, zscored.Columns);
            int[] rows = targets._rows;
            for (int i = 0; i < rows.Length; i++)
            {
                zscored.SliceRows(rows[i], 1).CopyTo(destination.SliceRows(i, 1));
            }

            if (targets._meanRows is { } meanRows)
            {
                Span<double> means = scratch.Means.View(1, zscored.Columns).RowSpan(0);
                ColumnMeans.Compute(zscored, meanRows, means);
                ColumnMeans.Subtract(destination, means);
            }
        }
    }

    /// <summary>What a read needs for itself.</summary>
    private sealed class Scratch
    {
        public HostBuffer<T> Samples { get; } = new();

        public HostBuffer<double> Means { get; } = new();

        public void Free()
        {
            Samples.Dispose();
            Means.Dispose();
        }
    }
}
