using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit;

/// <summary>Finds columns without variance over the training samples; with z-scores, none inside any run.</summary>
internal sealed class ConstantColumns
{
    private readonly int[] _train;

    /// <summary>The sample that each training sample has to be equal to: the first, or the first of its run.</summary>
    private readonly int[] _references;

    /// <summary>Makes a finder.</summary>
    /// <param name="train">The training samples.</param>
    /// <param name="zscoreRuns">Runs inside of which columns are z-scored; null for none.</param>
    public ConstantColumns(int[] train, RunLabels? zscoreRuns)
    {
        _train = train;
        if (zscoreRuns is null)
        {
            _references = [.. Enumerable.Repeat(train[0], train.Length)];
            return;
        }

        Dictionary<int, int> first = [];
        int[] labels = zscoreRuns.LabelsOf(train);
        for (int i = 0; i < train.Length; i++)
        {
            first.TryAdd(labels[i], train[i]);
        }

        _references = Array.ConvertAll(labels, label => first[label]);
    }

    /// <summary>Finds the columns; most are done with after two samples.</summary>
    /// <param name="columns">All samples x columns, as they were measured, finite.</param>
    /// <param name="cancellation">Stops the work before the next sample.</param>
    /// <returns>Ascending, counted from 0.</returns>
    public IReadOnlyList<int> Find<T>(MatrixView<T> columns, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<int> constant = [.. Enumerable.Range(0, (int)columns.Columns)];
        for (int i = 0; i < _train.Length && constant.Count > 0; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            (int sample, int reference) = (_train[i], _references[i]);
            if (sample != reference)
            {
                constant.RemoveAll(column => columns[sample, column] != columns[reference, column]);
            }
        }

        return constant;
    }
}
