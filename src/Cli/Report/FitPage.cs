using VemKernels.Cli.Fit;
using VemKernels.Cli.Options;

namespace VemKernels.Cli.Report;

/// <summary>The page that <c>vem fit --report</c> writes: what was found, and what cannot be shown.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="summary">What was fitted.</param>
/// <param name="findings">What was found.</param>
internal sealed class FitPage(FitOptions options, FitSummary summary, FitFindings findings)
{
    /// <summary>From this share of the targets on, an end of a grid is worth a word on the page.</summary>
    private const double ManyAtEdge = 0.1;

    private readonly ReportBody _body = new();

    private readonly List<(string What, string Why)> _missing = [];

    private IReadOnlyList<ReportGroup> Spaces => ReportGroup.OfSpaces(findings.Parts);

    private bool HasSeveralParts => findings.Parts.Count > 1;

    private string ScoreName => options.Score switch
    {
        ScoreKind.R2 => "R\u00b2",
        ScoreKind.Correlation => "correlation",
        _ => "negative mean squared error",
    };

    /// <summary>The page, well-formed XML too.</summary>
    public string ToHtml()
    {
        AddHeader();
        new TestSections(_body, options, summary, findings).Add(_missing);
        AddValidation();
        AddDeltas();
        AddChoices();
        AddCandidates();
        if (summary.Notes().Any())
        {
            _body.Pairs("Worth knowing", "", summary.Notes());
        }

        AddMissing();
        _body.Timings(
            "Where the time went", $"{summary.TimingsSeconds.Values.Sum():F1} s in all, on {Machine()}.",
            summary.TimingsSeconds);
        _body.Pairs(
            "Options", "Defaults included, under the names that they have on the command line.", FitOptionTexts());
        _body.Footer($"vem {ReportBody.Escape(summary.Version)}, {DateTimeOffset.Now:yyyy-MM-dd HH:mm}. The numbers of "
            + "every target are the <code>.npy</code> files of the output folder.");
        return ReportPage.Of("vem fit", $"{_body}");
    }

    private string Machine() => $"{summary.Backend.Name} ({summary.Backend.Id}, {summary.Backend.InstructionSet}, "
        + $"{Counted.Text(summary.Backend.Threads, "thread")})";

    private void AddHeader()
    {
        FitSizes sizes = summary.Sizes;
        string spaces = string.Join(", ", sizes.Spaces.Select(space => $"{space.Name} ({space.Features:N0})"));
        string test = sizes.TestSamples > 0 ? $", {sizes.TestSamples:N0} to test on" : "";
        string folds = sizes.Folds > 0
            ? $" Cross-validation in {Counted.Text(sizes.Folds, "split")} maximised the {ScoreName}." : "";
        _body.Header(
            "vem fit", $"{options.Model.Title()} of {Counted.Text(sizes.Targets, "target")}",
            $"{Counted.Text(sizes.TrainingSamples, "sample")} to learn from{test}. Feature spaces, with their numbers "
            + $"of features: {spaces}.{folds}");
        List<(string, string)> tiles = [];
        if (summary is { TestR2: { } r2, TestCorrelation: { } correlation })
        {
            tiles.Add((Frame.Number(correlation.Median, "F3"), "median correlation on the test samples"));
            tiles.Add((
                Frame.Number(r2.Median, "F3"), $"median R\u00b2 there; the best is {Frame.Number(r2.Best, "F3")}"));
        }
        else if (summary.CvScore is { } cv)
        {
            tiles.Add((Frame.Number(cv.Median, "G3"), $"median cross-validated {ScoreName}"));
            tiles.Add((Frame.Number(cv.Best, "G3"), "of the best target"));
        }

        tiles.Add(($"{summary.TimingsSeconds.Values.Sum():F1} s", "in all"));
        tiles.Add((
            summary.Backend.InstructionSet,
            $"{Counted.Text(summary.Backend.Threads, "thread")} of {summary.Backend.Name}"));
        _body.Tiles(tiles);
    }

    private void AddValidation()
    {
        if (findings.ChosenScores is not { } scores)
        {
            _missing.Add(("Scores of cross-validation", "hyper-parameters were given, and nothing was validated"));
            return;
        }

        _body.Figure(
            "What did cross-validation promise?",
            $"The {ScoreName} of what was chosen for each target, mean over "
            + $"{Counted.Text(summary.Sizes.Folds, "split")} of the training samples. The best of many tries is a "
            + "little flattered: held-out data tell."
            + $"{ScoreWords.Tail(scores)}{ScoreWords.NotNumbers(scores)}",
            [],
            Histogram.Draw(
                scores, new int[scores.Length], ReportGroup.OfSpaces(["all"]),
                new("Histogram of cross-validation scores", $"cross-validated {ScoreName}", "target")));
    }

    private void AddDeltas()
    {
        if (findings.Deltas is not { } deltas)
        {
            _missing.Add((
                "Weights of spaces (deltas)", $"--model {options.Model.Word()} has none"
                    + (options.Model == ModelKind.Ridge ? " with a given --alpha" : "")));
            return;
        }

        string zeros = string.Concat(findings.Parts.Select((name, part) => (
            Name: name, Count: deltas[part].Count(float.IsNegativeInfinity))).Where(part => part.Count > 0).Select(
            part => $" {part.Name} has weight 0 in {Counted.Text(part.Count, "target")}."));
        _body.Figure(
            HasSeveralParts ? "How much weight has each space?" : "How much weight have the features?",
            "Delta, log(gamma / alpha), of each target: a step of 1 is a factor of e in the prior variance of a "
            + "space's weights. Thin line: nine tenths of the targets; bar: the middle half; mark: the median. Deltas "
            + $"compare spaces of like scale and number of features only.{zeros}",
            [], QuantileStrips.Draw(deltas, Spaces, "delta"));
    }

    private void AddChoices()
    {
        foreach (GridChoice choice in findings.Choices.Where(choice => choice.Grid.Count > 1))
        {
            int targets = choice.Counts.Sum();
            string edges = string.Concat(choice.Edges().Select(
                edge => $" The {edge.End}, {edge.Value:G3}, is the best of {edge.Count:N0} of "
                    + $"{Counted.Text(targets, "target")}."));
            string word = choice.Edges().Any(edge => edge.Count > ManyAtEdge * targets)
                ? $" Many lie at an end of the grid, and a better one may lie beyond: widen --{choice.Option}. "
                    + "(Targets that nothing explains choose the highest whatever it is.)" : "";
            _body.Figure(
                $"Which {choice.Name} was chosen?",
                $"Targets by the {choice.Name} that cross-validation chose from the grid.{edges}{word}"
                + (options.Search.JitterAlphas ? " Jittered alphas count for the nearest of the grid." : ""),
                [], CountBars.Draw(choice));
        }

        _missing.AddRange(findings.Choices.Where(choice => choice.Grid.Count <= 1).Select(
            choice => ($"Choice of {choice.Name} from its grid", "the grid has one value")));
        if (findings.Choices.Count == 0)
        {
            _missing.Add((
                "Choice of alpha from its grid", options.Model == ModelKind.HyperGradient
                    ? "a descent moves the deltas freely; they contain alpha" : "alpha was given"));
        }
    }

    private void AddCandidates()
    {
        string noun = options.Model switch
        {
            ModelKind.Lasso => "pair of penalties",
            ModelKind.HyperGradient => "iteration",
            _ => "candidate",
        };
        if (findings.Candidates is not { Medians.Count: > 1 } candidates)
        {
            if (findings.Candidates is not null)
            {
                _missing.Add((
                    $"Scores of {noun}s", $"there is one {noun}; scores of each alpha by itself are not kept"));
            }

            return;
        }

        string some = candidates.Targets < summary.Sizes.Targets
            ? $" (of {candidates.Targets:N0}, evenly spaced)" : "";
        string caption = options.Model == ModelKind.HyperGradient
            ? $"Median over targets{some} of the cross-validated {ScoreName} before each step of the descent."
            : $"Median over targets{some} of the cross-validated {ScoreName} of each {noun}"
                + (options.Model == ModelKind.Lasso ? "" : ", at its best alpha")
                + ", and of the best one of each target so far. Where the line still climbs at its end, more may pay.";
        _body.Figure(
            options.Model == ModelKind.HyperGradient ? "Did the descent settle?" : "Was the search long enough?",
            caption, CandidateChart.Groups(candidates), CandidateChart.Draw(candidates, noun, ScoreName));
    }

    private void AddMissing()
    {
        if (_missing.Count > 0)
        {
            _body.Pairs("Not shown, and why", "", _missing);
        }
    }

    private IEnumerable<(string Name, string Text)> FitOptionTexts() =>
        OptionTexts.Of(summary.Options).Select(option => option.Name == "alphas"
            ? (option.Name, options.Search.Alphas.Text) : option);
}
