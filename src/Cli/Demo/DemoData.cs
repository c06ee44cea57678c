using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Demo;

/// <summary>The simulated experiment of <c>vem demo</c>, and its files.</summary>
internal static class DemoData
{
    /// <summary>Folder of the files, inside the demo's.</summary>
    public const string Folder = "data";

    /// <summary>Responses, samples x voxels.</summary>
    public const string Responses = "responses.npy";

    /// <summary>The run of each sample.</summary>
    public const string Runs = "runs.tsv";

    /// <summary>The column of <see cref="Runs"/>.</summary>
    public const string RunColumn = "run";

    /// <summary>The space that drives each voxel.</summary>
    public const string Truth = "truth.tsv";

    /// <summary>All files, inside the demo's folder.</summary>
    public static readonly string[] Files = [$"{Folder}/*.npy", $"{Folder}/*.tsv"];

    /// <summary>The name of what drives voxels of noise.</summary>
    public const string Noise = "noise";

    /// <summary>Runs that train, of six.</summary>
    public const string TrainRuns = "1-5";

    /// <summary>The run that tests.</summary>
    public const string TestRuns = "6";

    /// <summary>The names of the spaces.</summary>
    public static IReadOnlyList<string> Spaces { get; } = ["visual", "auditory", "semantic"];

    /// <summary>
    /// Delays in samples with which features drive voxels, and with which they are fitted: a haemodynamic response.
    /// </summary>
    public static IReadOnlyList<int> Delays { get; } = [1, 2, 3, 4];

    /// <summary>
    /// What is simulated: spaces of different sizes, smooth in time, and a fifth of the voxels nothing but noise.
    /// </summary>
    public static VemSimulationOptions Options(long seed) => new()
    {
        Features = [40, 25, 15],
        Shares = [0.35, 0.25, 0.2],
        Targets = 3000,
        Runs = 6,
        SamplesPerRun = 120,
        Autocorrelation = 0.3,
        Delays = Delays,
        SignalToNoise = 0.5,
        Seed = seed,
    };

    /// <summary>The file of a space's features.</summary>
    public static string FeaturesOf(string space) => $"{space}.npy";

    /// <summary>Writes features, responses, runs and truth into an existing folder.</summary>
    public static void Write(SimulatedVem<float> data, string folder)
    {
        for (int space = 0; space < Spaces.Count; space++)
        {
            NpyFile.Write(Path.Combine(folder, FeaturesOf(Spaces[space])), data.Features[space].View);
        }

        NpyFile.Write(Path.Combine(folder, Responses), data.Responses.View);
        File.WriteAllLines(
            Path.Combine(folder, Runs), [RunColumn, .. data.Runs.Labels.ToArray().Select(run => $"{run}")]);
        File.WriteAllLines(
            Path.Combine(folder, Truth), ["space", .. data.SpaceOfTarget.ToArray().Select(NameOf)]);
    }

    private static string NameOf(int space) => space == Simulation.NoiseOnly ? Noise : Spaces[space];
}
