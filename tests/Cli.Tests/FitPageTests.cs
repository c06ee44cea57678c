using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using VemKernels.Cli.Fit;
using VemKernels.Cli.Report;
using VemKernels.Data;

namespace VemKernels.Cli.Tests;

/// <summary>The page of <c>vem fit --report</c>: what it shows, and what it says that it cannot.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FitPageTests : IDisposable
{
    private static readonly HistogramWords Words = new("title", "axis", "target");

    private readonly SmallExperiment _data = new();

    public void Dispose() => _data.Dispose();

    [Test]
    public void A_banded_fit_with_a_test_shows_everything()
    {
        XElement page = Page(_data.Fit("--report", _data["page.html"]));
        string[] titles = Titles(page);
        Assert.That(titles, Is.EqualTo(new[]
        {
            "How well are test samples predicted that no fit has seen?", "How much of their variance is explained?",
            "Which space explains what?", "Split R\u00b2 by space", "What did cross-validation promise?",
            "How much weight has each space?", "Which alpha was chosen?", "Was the search long enough?",
            "Where the time went", "Options",
        }));
        Assert.That(page.Descendants("svg").Count(), Is.EqualTo(7));
        Assert.That(page.Value, Does.Contain("Banded ridge of 12 targets").And.Contain("stim (6)"));
        Assert.That(page.ToString(), Does.Not.Contain("http").And.Not.Contain("NaN"));
        Assert.That(Option(page, "alphas"), Is.EqualTo("1e-1:1e3:5"));
        Assert.That(Option(page, "delays"), Is.EqualTo("stim=1,2"));
        Assert.That(Option(page, "l21"), Is.Null, "a lasso's");
    }

    [Test]
    public void The_bars_of_alphas_count_all_targets_and_a_grid_that_ends_too_soon_is_told()
    {
        XElement page = Page([.. _data.FitWith("--alphas", "1e5,1e6,1e7"), "--report", _data["page.html"]]);
        using Matrix<double> alphas = NpyFile.Read<double>(Path.Combine(_data["out"], "best_alphas.npy"));
        int lowest = Enumerable.Range(0, SmallExperiment.Voxels).Count(voxel => alphas[voxel, 0] == 1e5);
        Assert.That(lowest, Is.GreaterThan(SmallExperiment.Voxels / 2));
        XElement section = Section(page, "Which alpha was chosen?");
        Assert.That(
            section.Descendants("rect").Select(bar => bar.Value).Sum(CountOf), Is.EqualTo(SmallExperiment.Voxels));
        Assert.That(section.Value, Does.Contain($"The lowest, 1E+05, is the best of {lowest} of 12 targets")
            .And.Contain("widen --alphas"));
    }

    [TestCase("--model lasso --l21 0,0.01,0.1 --l1 0.01", 6,
        "Weights of spaces (deltas): --model lasso has none", "Choice of l1 from its grid: the grid has one value")]
    [TestCase("--model ridge --alphas 1,10,100", 5,
        "Scores split over spaces: --model ridge takes all spaces as one", "Scores of candidates: there is one")]
    [TestCase("--model ridge --alpha 3", 2,
        "Scores of cross-validation: hyper-parameters were given", "Choice of alpha from its grid: alpha was given")]
    [TestCase("--model hyper-gradient --max-iterations 3", 6,
        "Choice of alpha from its grid: a descent moves the deltas freely")]
    public void What_a_model_has_not_is_named_with_the_reason(string model, int pictures, params string[] reasons)
    {
        XElement page = Page(
            [.. _data.FitWithout("--iterations", "--alphas"), .. model.Split(' '), "--report", _data["page.html"]]);
        Assert.That(page.Descendants("svg").Count(), Is.EqualTo(pictures));
        string[] missing = [.. Section(page, "Not shown, and why").Descendants("tr").Select(
            row => $"{row.Element("th")!.Value}: {row.Element("td")!.Value}")];
        foreach (string reason in reasons)
        {
            Assert.That(missing, Has.Some.StartsWith(reason));
        }

        Assert.That(page.ToString(), Does.Not.Contain("NaN"));
    }

    [Test]
    public void Without_a_test_the_page_says_so()
    {
        XElement page = Page([.. _data.FitWithout("--test-runs"), "--report", _data["page.html"]]);
        Assert.That(Section(page, "Not shown, and why").Value, Does.Contain("name runs with --test-runs"));
        Assert.That(page.Descendants("svg").Count(), Is.EqualTo(4));
    }

    [Test]
    public void The_page_comes_with_the_folder_or_beside_it_and_never_alone()
    {
        string inside = Path.Combine(_data["out"], ModelFolder.Report);
        Vem.Succeed(_data.Fit("--report", inside));
        Assert.That(File.Exists(inside), Is.True);
        Vem.Succeed(_data.Fit("--report", _data["page.html"]));
        Assert.That(File.Exists(inside), Is.False, "an earlier output is replaced");
        Vem.Succeed("refine", "--model", _data["out"], "--out", _data["refined"], "--report", _data["refined.html"]);
        Assert.That(File.ReadAllText(_data["refined.html"]), Does.Contain("Did the descent settle?"));
        string[] before = _data.Folder.Entries();
        Refuses("named report.html", Path.Combine(_data["out"], "other.html"));
        Refuses("must end with .html", _data["page.txt"]);
        Refuses("there is no folder", Path.Combine(_data["none"], "page.html"));
        VemResult broken = Vem.Run([.. _data.FitWith("--responses", _data["none.npy"]), "--report", _data["new.html"]]);
        Assert.That(broken.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(_data.Folder.Entries(), Is.EqualTo(before));
    }

    [Test]
    public void A_histogram_counts_every_score_and_gathers_a_long_tail()
    {
        float[] scores = [-1e6f, .. Enumerable.Range(0, 99).Select(i => i / 100f), float.NaN];
        (int count, double limit) = Histogram.Tail(scores);
        Assert.That(count, Is.EqualTo(1));
        Assert.That(limit, Is.InRange(-0.1, 0));
        XElement svg = XElement.Parse(
            Histogram.Draw(scores, new int[scores.Length], ReportGroup.OfSpaces(["all"]), Words));
        Assert.That(svg.Descendants("rect").Select(bar => bar.Value).Sum(CountOf), Is.EqualTo(100));
        Assert.That(svg.Descendants("rect").First().Value, Does.Contain("under"));
        Assert.That(Histogram.Tail([0.5f, 0.5f]).Count, Is.Zero);
        foreach (float[] few in (float[][])[[], [float.NaN], [0], [1, 1, 1], [-3e-9f, 5e-9f], [0, 1e30f]])
        {
            string drawn = Histogram.Draw(few, new int[few.Length], ReportGroup.OfSpaces(["all"]), Words);
            Assert.That(drawn, Does.Not.Contain("NaN").And.Not.Contain("\u221e"));
            Assert.That(
                XElement.Parse(drawn).Descendants("rect").Select(bar => bar.Value).Sum(CountOf),
                Is.EqualTo(few.Count(float.IsFinite)));
        }
    }

    [Test]
    public void Choices_count_for_the_nearest_of_the_grid()
    {
        using Matrix<float> chosen = Matrix<float>.From(1, 6, [0, 0.004f, 0.006f, 0.1f, 0.0317f, 0.031f]);
        GridChoice choice = GridChoice.Of("l1", [0.1, 0.01, 0, 0.1], chosen.View);
        Assert.That(choice.Grid, Is.EqualTo(new[] { 0, 0.01, 0.1 }));
        Assert.That(choice.Counts, Is.EqualTo(new[] { 2, 2, 2 }));
        Assert.That(choice.Edges(), Is.EqualTo(new[] { ("highest", 0.1, 2) }), "nothing lies beyond 0");
        Assert.That((choice with { Grid = [1, 2], Counts = [3, 3] }).Edges(), Is.Empty);
    }

    [Test]
    public void The_best_so_far_of_each_target_is_what_is_summarised()
    {
        using Matrix<double> scores = Matrix<double>.From(3, 3, [1, 5, 0, 2, 1, 9, 0, 0, 0]);
        CandidateScores candidates = CandidateScores.Of(scores.View, areCandidates: true);
        Assert.That(candidates.Medians, Is.EqualTo(new[] { 1.0, 2, 0 }));
        Assert.That(candidates.BestSoFar, Is.EqualTo(new[] { 1.0, 5, 5 }));
        using Matrix<double> many = new(1, 45_000);
        Assert.That(CandidateScores.Of(many.View, areCandidates: false).Targets, Is.EqualTo(15_000));
    }

    private static int CountOf(string hint)
    {
        string words = hint[(hint.IndexOf(": ", StringComparison.Ordinal) + 2)..];
        return int.Parse(words[..words.IndexOf(' ', StringComparison.Ordinal)], NumberStyles.AllowThousands,
            CultureInfo.InvariantCulture);
    }

    private static string[] Titles(XElement page) => [.. page.Descendants("h2").Select(title => title.Value)];

    private static XElement Section(XElement page, string title) =>
        page.Descendants("section").Single(section => section.Element("h2")?.Value == title);

    private static string? Option(XElement page, string name) => Section(page, "Options").Descendants("tr")
        .SingleOrDefault(row => row.Element("th")!.Value == name)?.Element("td")!.Value;

    private XElement Page(string[] fit)
    {
        Vem.Succeed(fit);
        using XmlReader reader = XmlReader.Create(
            _data["page.html"], new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse, XmlResolver = null });
        return XElement.Load(reader);
    }

    private void Refuses(string words, string report)
    {
        VemResult result = Vem.Run(_data.Fit("--report", report));
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(result.Error, Does.Match(@"\Avem: .*\n\z").And.Contain(report).And.Contain(words));
    }
}
