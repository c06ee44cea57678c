using VemKernels.Cli.Fit;
using VemKernels.Cli.Options;

namespace VemKernels.Cli.Report;

/// <summary>The sections of a fit's page on held-out data: scores, and how they split over spaces.</summary>
/// <param name="body">Where to write.</param>
/// <param name="options">What was asked for.</param>
/// <param name="summary">What was fitted.</param>
/// <param name="findings">What was found.</param>
internal sealed class TestSections(ReportBody body, FitOptions options, FitSummary summary, FitFindings findings)
{
    private IReadOnlyList<ReportGroup> Spaces => ReportGroup.OfSpaces(findings.Parts);

    private bool HasSeveralParts => findings.Parts.Count > 1;

    /// <summary>Adds the sections.</summary>
    /// <param name="missing">Takes what cannot be shown, and why.</param>
    public void Add(List<(string What, string Why)> missing)
    {
        if (findings is not { TestR2: { } r2, TestCorrelation: { } correlation })
        {
            missing.Add((
                "Scores on held-out data, and how they split over spaces",
                "there are no test data: name runs with --test-runs"));
            return;
        }

        string samples = Counted.Text(summary.Sizes.TestSamples, "sample");
        (IReadOnlyList<ReportGroup> groups, IReadOnlyList<int> ofTarget, string by) = TestGroups(r2);
        body.Figure(
            "How well are test samples predicted that no fit has seen?",
            $"Correlation of predicted and measured responses over {samples}{by}.{ScoreWords.NotNumbers(correlation)}",
            groups,
            Histogram.Draw(
                correlation, ofTarget, groups.Count > 0 ? groups : All(),
                new("Histogram of test correlations", "correlation on the test samples", "target")));
        body.Figure(
            "How much of their variance is explained?",
            $"R\u00b2 over {samples}{by}; under 0, predictions are worse than the mean.{ScoreWords.Tail(r2)}", groups,
            Histogram.Draw(
                r2, ofTarget, groups.Count > 0 ? groups : All(),
                new("Histogram of test R2", "R\u00b2 on the test samples", "target")));
        AddSplit(r2, missing);
    }

    /// <summary>With several spaces, targets are coloured by the one that explains most of them.</summary>
    private (IReadOnlyList<ReportGroup> Groups, IReadOnlyList<int> OfTarget, string By) TestGroups(float[] r2) =>
        findings.TestR2Split is { } split && HasSeveralParts
            ? (ReportGroup.OfSpaces(findings.Parts, "none (R\u00b2 not over 0)"), BestParts(split, r2),
                ", coloured by the space with the largest share of it")
            : ([], new int[r2.Length], "");

    private static IReadOnlyList<ReportGroup> All() => ReportGroup.OfSpaces(["all"]);

    private static int[] BestParts(float[][] split, float[] r2) =>
    [
        .. Enumerable.Range(0, r2.Length).Select(target => !(r2[target] > 0) ? split.Length
            : Enumerable.Range(0, split.Length).MaxBy(part => split[part][target])),
    ];

    private void AddSplit(float[] r2, List<(string What, string Why)> missing)
    {
        if (findings.TestR2Split is not { } split || !HasSeveralParts)
        {
            missing.Add((
                "Scores split over spaces", options.Features.Count > 1
                    ? $"--model {options.Model.Word()} takes all spaces as one" : "there is one space"));
            return;
        }

        int[] best = BestParts(split, r2);
        int[] explained = [.. Enumerable.Range(0, r2.Length).Where(target => r2[target] > 0)];
        List<ShareRow> rows = [RowOf("all with R\u00b2 over 0", explained)];
        for (int part = 0; part < split.Length; part++)
        {
            int[] own = [.. explained.Where(target => best[target] == part)];
            if (own.Length > 0)
            {
                rows.Add(RowOf($"most: {findings.Parts[part]} ({own.Length:N0})", own));
            }
        }

        body.Figure(
            "Which space explains what?",
            $"Share of each space in the explained variance (R\u00b2 split by the product measure) of the "
            + $"{Counted.Text(explained.Length, "target")} with a test R\u00b2 over 0: of all, and of those of which a "
            + "space explains most (which were chosen by the same scores, so their shares are flattered). On the right "
            + "their mean R\u00b2.",
            Spaces, ShareBars.Draw(rows, Spaces));
        body.Table(
            "Split R\u00b2 by space", "Over all targets, explained or not.",
            ["space", "median", "best", "targets it explains most of"],
            findings.Parts.Select((name, part) => (string[])
            [
                ReportBody.Swatch(Spaces[part]) + ReportBody.Escape(name),
                ReportBody.Cell(Frame.Number(ScoreSummary.Of(split[part]).Median, "F4")),
                ReportBody.Cell(Frame.Number(ScoreSummary.Of(split[part]).Best, "F4")),
                ReportBody.Cell($"{best.Count(chosen => chosen == part):N0}"),
            ]));

        ShareRow RowOf(string label, int[] targets) => new(
            label,
            ExplainedShares.Of(
                Mean(r2, targets), [.. split.Select(part => Mean(part, targets))]), "nothing is explained");
    }

    private static double Mean(float[] values, int[] targets) =>
        targets.Sum(target => (double)values[target]) / Math.Max(1, targets.Length);
}
