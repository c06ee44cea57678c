using System.Net;
using System.Text;
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
    private readonly StringBuilder _body = new();

    private IReadOnlyList<string> Names => [.. recovery.Spaces.Select(space => space.Name)];

    /// <summary>The page.</summary>
    public string ToHtml()
    {
        _body.Clear();
        AddHeader();
        AddRecovery();
        AddFigure(
            "Does each voxel predict data it has never seen?",
            $"Correlation between predicted and simulated responses on the test run ({summary.Sizes.TestSamples} "
            + "samples), by what drives the voxel. Noise stays around zero; a voxel counts as explained beyond the "
            + "dashed line.",
            ScoreHistogram.Draw(correlations, groups, Names, recovery.Threshold, "p < 0.001"));
        AddFigure(
            "How much regularisation?",
            "Cross-validated R\u00b2 (one run left out at a time) at each alpha of the grid, mean over the first 120 "
            + "voxels of each group; features of the space that drives them alone, for noise of all spaces. Large dots "
            + "mark the best alphas: the more features, the more regularisation. Too little fits noise, too much fits "
            + "nothing.",
            AlphaChart.Draw(curve.Alphas, curve.Scores, Names));
        AddFigure(
            "Which space explains what?",
            "Share of each feature space in the variance explained on the test run (R\u00b2 split by the product "
            + "measure), for the voxels that each space drives; on the right the mean R\u00b2.",
            ShareBars.Draw(shares, Names));
        AddTimings();
        return ReportPage.Of("vem demo", $"{_body}");
    }

    private void AddHeader()
    {
        FitSizes sizes = summary.Sizes;
        int driven = recovery.Spaces.SkipLast(1).Sum(space => space.Driven);
        int found = recovery.Spaces.SkipLast(1).Sum(space => space.Found);
        _body.Append($"""
            <header>
            <p class="kicker">vem demo</p>
            <h1>A simulated brain, and what banded ridge finds in it</h1>
            <p class="lead">{sizes.Targets:N0} voxels, each driven by one of {sizes.Spaces.Count} feature spaces or by nothing but noise;
            {sizes.TrainingSamples:N0} samples to learn from, {sizes.TestSamples:N0} to test on. For every voxel, cross-validation chose
            among {sizes.Candidates} weightings of the spaces and {sizes.Alphas} regularisations.</p>
            </header>
            <section class="tiles">
            {Tile($"{(double)found / Math.Max(1, driven):P1}", "of driven voxels: the right space found")}
            {Tile(Frame.Number(MedianOfDriven(), "F2"), "median test correlation of driven voxels")}
            {Tile($"{timings.Values.Sum():F1} s", "from nothing to this page")}
            {Tile(summary.Backend.InstructionSet, $"{summary.Backend.Threads} threads of {summary.Backend.Name}")}
            </section>

            """);
    }

    private double MedianOfDriven() => ScoreSummary.Of(
        [.. Enumerable.Range(0, groups.Count).Where(voxel => groups[voxel] < Names.Count - 1).Select(
            voxel => correlations[voxel])]).Median;

    private void AddRecovery()
    {
        _body.Append("""
            <section>
            <h2>What was put in, what came out</h2>
            <table>
            <thead><tr><th>space</th><th>features</th><th>voxels it drives</th><th>voxels it explains best</th><th>found again</th><th>recovered</th></tr></thead>
            <tbody>

            """);
        for (int i = 0; i < recovery.Spaces.Count; i++)
        {
            SpaceRecovery space = recovery.Spaces[i];
            string features = i < summary.Sizes.Spaces.Count ? $"{summary.Sizes.Spaces[i].Features}" : "\u2013";
            string verdict = space.IsRecovered ? "<td class=\"yes\">yes</td>" : "<td class=\"no\">no</td>";
            _body.Append($"<tr><th scope=\"row\"><span class=\"swatch "
                + $"bg-{i}\"></span>{Escape(space.Name)}</th><td>{features}</td>"
                + $"<td>{space.Driven:N0}</td><td>{space.Best:N0}</td><td>{space.FoundShare:P1}</td>{verdict}</tr>\n");
        }

        _body.Append("</tbody>\n</table>\n</section>\n");
    }

    private void AddFigure(string title, string caption, string picture)
    {
        _body.Append($"<section>\n<h2>{Escape(title)}</h2>\n<p class=\"caption\">{Escape(caption)}</p>\n<figure>\n<div "
            + "class=\"legend\">");
        for (int i = 0; i < Names.Count; i++)
        {
            _body.Append($"<span><span class=\"swatch bg-{i}\"></span>{Escape(Names[i])}</span>");
        }

        _body.Append($"</div>\n{picture}</figure>\n</section>\n");
    }

    private void AddTimings()
    {
        double longest = timings.Values.Max();
        _body.Append("<section>\n<h2>Where the time went</h2>\n<table class=\"timings\">\n<tbody>\n");
        foreach ((string stage, double seconds) in timings)
        {
            _body.Append($"<tr><th scope=\"row\">{Escape(stage)}</th><td>{seconds:F2} s</td>"
                + $"<td class=\"bar\"><span style=\"width:{100 * seconds / longest:F1}%\"></span></td></tr>\n");
        }

        _body.Append("</tbody>\n</table>\n</section>\n");
        _body.Append($"<footer>vem {Escape(summary.Version)}. Everything on this page is simulated; the seed is "
            + $"{Escape($"{summary.Options["seed"]}")}. "
            + "The files beside it are what <code>vem fit</code> writes.</footer>\n");
    }

    private static string Tile(string figure, string meaning) =>
        $"<div class=\"tile\"><strong>{Escape(figure)}</strong><span>{Escape(meaning)}</span></div>";

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
