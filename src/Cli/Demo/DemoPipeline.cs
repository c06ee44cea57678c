using VemKernels.Cli.Commands;
using VemKernels.Cli.Fit;
using VemKernels.Cli.Options;
using VemKernels.Cli.Report;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Demo;

/// <summary>What <c>vem demo</c> found.</summary>
/// <param name="Recovery">What was simulated against what was found.</param>
/// <param name="Timings">Seconds by stage.</param>
internal sealed record DemoResult(Recovery Recovery, IReadOnlyDictionary<string, double> Timings);

/// <summary>
/// The whole of <c>vem demo</c>: simulates, fits by the pipeline of <c>vem fit</c>, compares, writes a report.
/// </summary>
/// <param name="backend">Where to compute.</param>
/// <param name="progress">Told how far the work is.</param>
/// <param name="cancellation">Stops the work before the next tile.</param>
internal sealed class DemoPipeline(IBackend backend, ProgressReporter progress, CancellationToken cancellation)
{
    /// <summary>The report, inside the demo's folder.</summary>
    public const string ReportFile = ModelFolder.Report;

    /// <summary>All files that a demo may write, as <see cref="AtomicFolder"/> takes them.</summary>
    public static readonly string[] Files = [.. ModelFolder.Files, .. DemoData.Files];

    private const string Alphas = "1e0:1e5:11";
    private const int Iterations = 20;

    private readonly StageClock _clock = new(cancellation);

    /// <summary>Runs the demo; the caller commits the folder.</summary>
    /// <param name="folder">Where to write.</param>
    /// <param name="finalPath">The name that the folder will have.</param>
    /// <param name="seed">Seed of the simulation and of the candidates.</param>
    public DemoResult Run(AtomicFolder folder, string finalPath, long seed)
    {
        using SimulatedVem<float> data = _clock.Measure(
            "simulate", () => Simulation.Vem<float>(DemoData.Options(seed)));
        string dataFolder = folder[DemoData.Folder];
        _clock.Measure("write data", () =>
        {
            Directory.CreateDirectory(dataFolder);
            DemoData.Write(data, dataFolder);
        });

        FitOptions options = Options(dataFolder, seed);
        FitSummary summary = new FitPipeline(options, backend, progress, cancellation).Run(folder).Summary;
        _clock.Add(summary.TimingsSeconds);

        using Matrix<float> split = NpyFile.Read<float>(folder[ModelFolder.Test.R2Split]);
        using Matrix<float> correlation = NpyFile.Read<float>(folder[ModelFolder.Test.Correlation]);
        float[] correlations = [.. Enumerable.Range(0, (int)correlation.Rows).Select(voxel => correlation[voxel, 0])];
        Recovery recovery = Recovery.Of(
            split.View, correlations, data.SpaceOfTarget, DemoData.Spaces, summary.Sizes.TestSamples);
        int[] groups = [.. data.SpaceOfTarget.ToArray().Select(
            space => space == Simulation.NoiseOnly ? DemoData.Spaces.Count : space)];
        AlphaCurve curve = _clock.Measure("score against alpha", () => Curve(folder, options, data, groups));

        Dictionary<string, double> timings = new(_clock.Seconds);
        DemoReport report = new(
            summary, recovery, timings, correlations, groups, ExplainedShares.Of(split.View, groups), curve);
        File.WriteAllText(folder[ReportFile], report.ToHtml());

        // The options name the files where they will be, not where they were written.
        FitOptions final = Options(Path.Combine(finalPath, DemoData.Folder), seed);
        JsonFile.Write(folder[ModelFolder.Summary], summary with { Options = OptionsSummary.Of(final) });
        return new(recovery, timings);
    }

    private static FitOptions Options(string dataFolder, long seed)
    {
        FitOptions options = new()
        {
            Features = [.. DemoData.Spaces.Select(
                space => new FeatureArgument(space, InData(DemoData.FeaturesOf(space))))],
            Responses = InData(DemoData.Responses),
            Runs = InData(DemoData.Runs, DemoData.RunColumn),
            TrainRuns = RunList.Parse(DemoData.TrainRuns),
            TestRuns = RunList.Parse(DemoData.TestRuns),
            Delays = [.. DemoData.Spaces.Select(space => new DelayArgument(space, DemoData.Delays))],
            ZScoreRuns = true,
            Search = new SearchOptions { Alphas = AlphaGrid.Parse(Alphas), Iterations = Iterations, Seed = seed },
        };
        return options with { Unused = FitCommand.Unused(options) };

        FileArgument InData(string file, params string[] columns) => new(Path.Combine(dataFolder, file), columns);
    }

    private AlphaCurve Curve(AtomicFolder folder, FitOptions options, SimulatedVem<float> data, int[] groups)
    {
        using MappedNpy<float> features = new(folder[ModelFolder.Features]);
        int[] train = data.Runs.Select(options.TrainRuns!.Runs);
        PreparedTargets<float> responses = new(
            new MatrixTargetSource<float>(data.Responses.View), data.Runs, train, train);
        List<MatrixView<float>> ofGroup = [];
        nint first = 0;
        foreach (Matrix<float> space in data.Features)
        {
            nint count = space.Columns * DemoData.Delays.Count;
            ofGroup.Add(features.View.SliceColumns(first, count));
            first += count;
        }

        // Voxels of noise have no space of their own: they get all.
        ofGroup.Add(features.View);
        return AlphaCurve.Compute(
            backend, ofGroup, responses, groups, options.Search.Alphas.Values,
            CrossValidationSplits.LeaveOneRunOut(data.Runs.LabelsOf(train)), cancellation);
    }
}
