using System.Numerics;

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
/// whatever tile it is read in. A read uses up to <see cref="ScratchBytes"/> (or one column) of scratch memory, freed
/// when it returns.</para>
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

    private delegate void Chunk(nint first, MatrixView<T> zscored);

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

        fixed (double* pointer = means)
        {
            double* destination = pointer;
            ReadInChunks(first, means.Length, (offset, zscored) =>
                ColumnMeans.Compute(zscored, _meanRows, new Span<double>(destination + offset, (int)zscored.Columns)));
        }
    }

    /// <inheritdoc/>
    protected override void ReadTile(nint first, MatrixView<T> tile) => ReadInChunks(
        first, tile.Columns, (offset, zscored) => Prepare(zscored, tile.SliceColumns(offset, zscored.Columns)));

    private void Prepare(MatrixView<T> zscored, MatrixView<T> tile)
    {
        for (int i = 0; i < _rows.Length; i++)
        {
            zscored.SliceRows(_rows[i], 1).CopyTo(tile.SliceRows(i, 1));
        }

        if (_meanRows is not null)
        {
            double[] means = new double[zscored.Columns];
            ColumnMeans.Compute(zscored, _meanRows, means);
            ColumnMeans.Subtract(tile, means);
        }
    }

    /// <summary>
    /// Hands all samples of the targets, z-scored where asked for, to an action, a chunk of targets at a time.
    /// </summary>
    private unsafe void ReadInChunks(nint first, nint targets, Chunk action)
    {
        nint width = (nint)Math.Clamp(ScratchBytes / (_source.Samples * sizeof(T)), 1, Math.Max(1, targets));
        bool inPlace = _zscoreRuns is null && _source.View is not null;
        using Matrix<T>? scratch = inPlace ? null : Matrix<T>.Uninitialized(_source.Samples, width);
        for (nint offset = 0; offset < targets; offset += width)
        {
            nint count = Math.Min(width, targets - offset);
            if (scratch is null)
            {
                action(offset, _source.View!.Value.SliceColumns(first + offset, count));
                continue;
            }

            MatrixView<T> chunk = scratch.View.SliceColumns(0, count);
            _source.Read(first + offset, chunk);
            if (_zscoreRuns is not null)
            {
                ZScore.ByRun(chunk, _zscoreRuns);
            }

            action(offset, chunk);
        }
    }
}
