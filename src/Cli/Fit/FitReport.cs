namespace VemKernels.Cli.Fit;

/// <summary>The lines that a fit prints.</summary>
internal static class FitReport
{
    /// <summary>Width of the names of the lines that are printed.</summary>
    private const int LabelWidth = 24;

    /// <summary>So many columns of a space are printed.</summary>
    private const int MostColumns = 6;

    /// <summary>Prints it.</summary>
    /// <param name="summary">What was fitted.</param>
    /// <param name="score">The name of the score of cross-validation.</param>
    /// <param name="path">The folder that was written.</param>
    /// <param name="replaced">Whether an earlier output stood there.</param>
    /// <param name="output">Where to print.</param>
    public static void Print(FitSummary summary, string score, string path, bool replaced, TextWriter output)
    {
        FitSizes sizes = summary.Sizes;
        BackendInfo backend = summary.Backend;
        Line("fitted", Counted.Text(sizes.Targets, "target"));
        Line("trained on", Samples(sizes.TrainingSamples, sizes.TrainingRuns));
        Line("held out to test", sizes.TestSamples > 0 ? Samples(sizes.TestSamples, sizes.TestRuns)
            : "nothing (--test-runs would)");
        if (sizes.OtherRuns is { } others)
        {
            Line("left out", Samples(sizes.Samples - sizes.TrainingSamples - sizes.TestSamples, others));
        }

        Line("features", string.Join(", ", sizes.Spaces.Select(Describe)));
        if (summary.CvScore is { } cvScore)
        {
            Line($"cv score ({score})", $"{cvScore}, {Counted.Text(sizes.Folds, "split")}");
        }

        if (summary is { TestR2: { } r2, TestCorrelation: { } correlation })
        {
            Line("test r2", r2.ToString());
            Line("test correlation", correlation.ToString());
        }

        Line("time", $"{summary.TimingsSeconds.Values.Sum():F1} s on {backend.Name}, {backend.InstructionSet}, "
            + Counted.Text(backend.Threads, "thread"));
        Line("written", replaced ? $"{path} (an earlier output was replaced)" : path);
        if (summary.Options.GetValueOrDefault("report") is string report)
        {
            Line("report", report);
        }

        void Line(string label, string text) => output.WriteLine(label.PadRight(LabelWidth) + text);
    }

    private static string Samples(int count, string? runs) => Counted.Text(count, "sample") + (runs is null ? ""
        : $": run{(runs.All(char.IsAsciiDigit) ? "" : "s")} {runs}");

    /// <summary>A space, its number of features, and the first of its columns: "motion (6: x, y)".</summary>
    private static string Describe(SpaceSize space)
    {
        string columns = space.Columns is null ? "" : $": {string.Join(", ", space.Columns.Take(MostColumns))}";
        string more = space.Columns?.Count > MostColumns ? ", ..." : "";
        return $"{space.Name} ({space.Features:N0}{columns}{more})";
    }
}
