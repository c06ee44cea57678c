using VemKernels.Cli.Demo;
using VemKernels.Cli.Fit;

namespace VemKernels.Cli.Report;

/// <summary>
/// The page that <c>vem demo</c> writes: one file, no network, light or dark as its reader's system is.
/// </summary>
/// <param name="summary">What was fitted.</param>
/// <param name="recovery">What was found.</param>
/// <param name="timings">Seconds by stage.</param>
/// <param name="correlations">Test correlation of each voxel.</param>
/// <param name="groups">What drives each voxel: a space, or the number of spaces for noise.</param>
/// <param name="shares">Explained variance of each group.</param>
/// <param name="curve">Scores against alpha.</param>
internal sealed class DemoReport(
    FitSummary summary,
    Recovery recovery,
    IReadOnlyDictionary<string, double> timings,
    IReadOnlyList<float> correlations,
    IReadOnlyList<int> groups,
    IReadOnlyList<ExplainedShares> shares,
    AlphaCurve curve)
{
    private readonly ReportBody _body = new();

    private IReadOnlyList<ReportGroup> Groups =>
        ReportGroup.OfSpaces(recovery.Spaces.SkipLast(1).Select(space => space.Name), recovery.Spaces[^1].Name);

    /// <summary>The page.</summary>
    public string ToHtml()
    {
        AddHeader();
        AddRecovery();
        _body.Figure(
            "Does each voxel predict data it has never seen?",
            $"Correlation between predicted and simulated responses on the test run ({summary.Sizes.TestSamples} "
            + "samples), by what drives the voxel. Noise stays around zero; a voxel counts as explained beyond the "
            + "dashed line.",
            Groups,
            Histogram.Draw(
                correlations, groups, Groups,
                new("Histogram of test correlations", "correlation on the test run", "voxel"),
                recovery.Threshold, "p < 0.001"));
        _body.Figure(
            "How much regularisation?",
            "Cross-validated R\u00b2 (one run left out at a time) at each alpha of the grid, mean over the first 120 "
            + "voxels of each group; features of the space that drives them alone, for noise of all spaces. Large dots "
            + "mark the best alphas: the more features, the more regularisation. Too little fits noise, too much fits "
            + "nothing.",
            Groups, AlphaChart.Draw(curve.Alphas, curve.Scores, Groups));
        _body.Figure(
            "Which space explains what?",
            "Share of each feature space in the variance explained on the test run (R\u00b2 split by the product "
            + "measure), for the voxels that each space drives; on the right the mean R\u00b2.",
            Groups, ShareBars.Draw([.. shares.Select(Row)], Groups));
        _body.Timings("Where the time went", "", timings);
        _body.Footer($"vem {ReportBody.Escape(summary.Version)}. Everything on this page is simulated; the seed is "
            + $"{ReportBody.Escape($"{summary.Options["seed"]}")}. "
            + "The files beside it are what <code>vem fit</code> writes.");
        return ReportPage.Of("vem demo", $"{_body}");
    }

    private ShareRow Row(ExplainedShares share, int group) => new(
        group == Groups.Count - 1 ? $"voxels of {Groups[group].Name}" : $"driven by {Groups[group].Name}", share,
        "nothing is explained, as it should be");

    private void AddHeader()
    {
        FitSizes sizes = summary.Sizes;
        int driven = recovery.Spaces.SkipLast(1).Sum(space => space.Driven);
        int found = recovery.Spaces.SkipLast(1).Sum(space => space.Found);
        _body.Header(
            "vem demo", "A simulated brain, and what banded ridge finds in it",
            $"{sizes.Targets:N0} voxels, each driven by one of {sizes.Spaces.Count} feature spaces or by nothing but "
            + $"noise; {sizes.TrainingSamples:N0} samples to learn from, {sizes.TestSamples:N0} to test on. For every "
            + $"voxel, cross-validation chose among {sizes.Candidates} weightings of the spaces and {sizes.Alphas} "
            + "regularisations.");
        _body.Tiles(
            ($"{(double)found / Math.Max(1, driven):P1}", "of driven voxels: the right space found"),
            (Frame.Number(MedianOfDriven(), "F2"), "median test correlation of driven voxels"),
            ($"{timings.Values.Sum():F1} s", "from nothing to this page"),
            (summary.Backend.InstructionSet, $"{summary.Backend.Threads} threads of {summary.Backend.Name}"));
    }

    private double MedianOfDriven() => ScoreSummary.Of(
        [.. Enumerable.Range(0, groups.Count).Where(voxel => groups[voxel] < Groups.Count - 1).Select(
            voxel => correlations[voxel])]).Median;

    private void AddRecovery() => _body.Table(
        "What was put in, what came out", "",
        ["space", "features", "voxels it drives", "voxels it explains best", "found again", "recovered"],
        recovery.Spaces.Select((space, i) => (string[])
        [
            ReportBody.Swatch(Groups[i]) + ReportBody.Escape(space.Name),
            ReportBody.Cell(i < summary.Sizes.Spaces.Count ? $"{summary.Sizes.Spaces[i].Features}" : "\u2013"),
            ReportBody.Cell($"{space.Driven:N0}"), ReportBody.Cell($"{space.Best:N0}"),
            ReportBody.Cell($"{space.FoundShare:P1}"),
            space.IsRecovered ? ReportBody.Cell("yes", "yes") : ReportBody.Cell("no", "no"),
        ]));
}
