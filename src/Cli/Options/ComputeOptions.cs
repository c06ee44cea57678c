using System.CommandLine;

namespace VemKernels.Cli.Options;

/// <summary>Where and how visibly a command computes.</summary>
/// <param name="Backend">"auto" or a backend's id.</param>
/// <param name="Threads">Threads of the processor; 0 for one per core.</param>
/// <param name="ShowsProgress">Whether progress is wanted.</param>
internal sealed record ComputeOptions(string Backend, int Threads, bool ShowsProgress);

/// <summary>The options of all commands that compute.</summary>
internal sealed class ComputeOptionSet
{
    private const int MaximumThreads = 4096;

    private readonly DefaultedOption<string> _backend = OptionFactory.WithDefault(
        "--backend", $"{BackendFactory.Auto}|{BackendFactory.Simd}|{BackendFactory.Cuda}|{BackendFactory.OpenCl}",
        "Where to compute; auto takes the best at hand (see vem devices).", BackendFactory.Auto,
        BackendFactory.ParseId);

    private readonly DefaultedOption<long> _threads = OptionFactory.WithDefault(
        "--threads", "N", "Threads of the processor, 0 for one per core. Results do not depend on it.", "0",
        OptionFactory.Integer(0, MaximumThreads));

    private readonly Option<bool> _noProgress = NoProgress();

    /// <summary>The option of all commands that take their time.</summary>
    public static Option<bool> NoProgress() => OptionFactory.Flag(
        "--no-progress", "Show no progress: no bar on a terminal, no line every ten seconds elsewhere.");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_backend);
        command.Add(_threads);
        command.Add(_noProgress);
    }

    /// <summary>What was given.</summary>
    public ComputeOptions Read(ParseResult parsed) =>
        new(_backend.Read(parsed), (int)_threads.Read(parsed), !parsed.GetValue(_noProgress));
}
