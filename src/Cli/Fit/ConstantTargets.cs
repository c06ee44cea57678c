using System.Numerics;
using VemKernels.Cli.Inputs;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit;

/// <summary>
/// Targets whose training responses have no variance (with z-scores, none inside any run): nothing can be learned of
/// them, and their scores say nothing.
/// </summary>
/// <param name="Count">How many there are.</param>
/// <param name="First">The first of them, counted from 0; null for none.</param>
/// <param name="CvScore">Their cross-validation scores; null without cross-validation.</param>
/// <param name="TestR2">Their R2 on the test samples; null without test.</param>
/// <param name="TestCorrelation">Their correlation on the test samples; null without test.</param>
internal sealed record ConstantTargets(
    int Count, int? First, ScoreSummary? CvScore, ScoreSummary? TestR2, ScoreSummary? TestCorrelation)
{
    /// <summary>Scratch for responses that are not in memory, in bytes.</summary>
    private const long ScratchBytes = 16L << 20;

    /// <summary>Scores of the targets.</summary>
    /// <param name="targets">Which they are.</param>
    /// <param name="cvScores">The cross-validation score of every target; null for none.</param>
    /// <param name="r2">The test R2 of every target; null for none.</param>
    /// <param name="correlation">The test correlation of every target; null for none.</param>
    public static ConstantTargets Of<T>(int[] targets, T[]? cvScores, T[]? r2, T[]? correlation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        return targets.Length == 0
            ? new(0, null, null, null, null)
            : new(targets.Length, targets[0], Scores(cvScores), Scores(r2), Scores(correlation));

        ScoreSummary? Scores(T[]? all) => all is null ? null
            : ScoreSummary.Of<T>([.. targets.Select(target => all[target])]);
    }

    /// <summary>Finds the targets.</summary>
    /// <param name="responses">The responses as they were measured, finite.</param>
    /// <param name="train">The training samples.</param>
    /// <param name="zscoreRuns">Runs inside of which responses are z-scored; null for none.</param>
    /// <param name="cancellation">Stops the work before the next sample.</param>
    /// <returns>Ascending, counted from 0.</returns>
    public static unsafe int[] Find<T>(
        Responses<T> responses, int[] train, RunLabels? zscoreRuns, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TargetSource<T> source = responses.Source;
        ConstantColumns columns = new(train, zscoreRuns);
        if (source.View is { } all)
        {
            return [.. columns.Find(all, cancellation)];
        }

        List<int> found = [];
        nint width = (nint)Math.Clamp(ScratchBytes / (source.Samples * sizeof(T)), 1, source.Targets);
        using Matrix<T> scratch = Matrix<T>.Uninitialized(source.Samples, width);
        for (nint first = 0; first < source.Targets; first += width)
        {
            MatrixView<T> tile = scratch.View.SliceColumns(0, Math.Min(width, source.Targets - first));
            source.Read(first, tile);
            found.AddRange(columns.Find(tile, cancellation).Select(target => (int)first + target));
        }

        return [.. found];
    }
}
