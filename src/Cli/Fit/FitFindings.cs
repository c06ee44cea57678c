using System.Numerics;
using VemKernels.Cli.Fit.Models;
using VemKernels.Cli.Score;

namespace VemKernels.Cli.Fit;

/// <summary>What a report shows of a fit beside its summary; a number a target, in the order of the targets.</summary>
internal sealed record FitFindings
{
    /// <summary>The names of the rows of deltas and of split scores: the spaces, or all of them as one.</summary>
    public required IReadOnlyList<string> Parts { get; init; }

    /// <summary>The cross-validation score of what was chosen; null without cross-validation.</summary>
    public float[]? ChosenScores { get; init; }

    /// <summary>R2 on the test samples; null without test.</summary>
    public float[]? TestR2 { get; init; }

    /// <summary>Correlation on the test samples; null without test.</summary>
    public float[]? TestCorrelation { get; init; }

    /// <summary>R2 on the test samples split over parts, parts x targets; null without test.</summary>
    public float[][]? TestR2Split { get; init; }

    /// <summary>Log kernel weights, parts x targets; null where the model has none.</summary>
    public float[][]? Deltas { get; init; }

    /// <summary>What was chosen from grids.</summary>
    public IReadOnlyList<GridChoice> Choices { get; init; } = [];

    /// <summary>Scores of cross-validation by row; null where there was none.</summary>
    public CandidateScores? Candidates { get; init; }

    /// <summary>What a fit found.</summary>
    /// <param name="parts">The names of its parts.</param>
    /// <param name="fitted">The fit.</param>
    /// <param name="scores">Its test; null for none.</param>
    public static FitFindings Of<T>(IReadOnlyList<string> parts, FittedModel<T> fitted, ModelScores<T>? scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
    {
        Parts = parts,
        ChosenScores = fitted.ChosenScores() is { } chosen ? Single<T>(chosen) : null,
        TestR2 = scores is null ? null : Single<T>(scores.R2.View.RowSpan(0)),
        TestCorrelation = scores is null ? null : Single<T>(scores.Correlation.View.RowSpan(0)),
        TestR2Split = scores?.R2Split is { } split ? Rows(split.View) : null,
        Deltas = fitted.Deltas is { } deltas ? Rows(deltas) : null,
        Choices = fitted.Choices,
        Candidates = fitted.CvScores is { } cv
            ? CandidateScores.Of(cv, areCandidates: fitted.BestCandidates is not null) : null,
    };

    private static float[][] Rows<T>(MatrixView<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, (int)matrix.Rows).Select(row => Single<T>(matrix.RowSpan(row)))];

    private static float[] Single<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        float[] single = new float[values.Length];
        for (int i = 0; i < single.Length; i++)
        {
            single[i] = float.CreateTruncating(values[i]);
        }

        return single;
    }
}

/// <summary>What a fit gives the command.</summary>
/// <param name="Summary">What summary.json holds.</param>
/// <param name="Findings">What a report shows beside it; null where none was wanted.</param>
internal sealed record FitOutcome(FitSummary Summary, FitFindings? Findings);
