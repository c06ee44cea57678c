using System.CommandLine;
using VemKernels.Benchmark;
using VemKernels.Benchmark.Reports;
using VemKernels.Benchmark.Scoring;
using VemKernels.Benchmark.Workloads;
using VemKernels.Cli.Bench;
using VemKernels.Cli.Options;

namespace VemKernels.Cli.Commands;

/// <summary><c>vem bench</c>.</summary>
internal sealed class BenchCommand
{
    private const string All = "all";

    private const int MaximumThreads = 4096;

    private readonly Option<string?> _out = OptionFactory.Optional(
        "--out", "DIR|FILE.json", "Folder to write report.html and summary.json into, or a .json file for the data "
        + "alone. Default: only print.", OptionFactory.Path);

    private readonly Option<bool> _quick = OptionFactory.Flag(
        "--quick", "Leave the large fits out and run the others fewer times. Scores of quick and of full runs differ.");

    private readonly Option<string?> _filter = OptionFactory.Optional(
        "--filter", "TEXT", "Run only workloads with this in their names. There is no score then.",
        OptionFactory.Path);

    private readonly DefaultedOption<string> _backend = OptionFactory.WithDefault(
        "--backend", $"{All}|ID", "Where to compute: an id of vem devices, or all: the processor by its own backend, "
        + "and every GPU.", All,
        text => text == All ? text : BackendFactory.ParseId(text));

    private readonly DefaultedOption<long> _threads = OptionFactory.WithDefault(
        "--threads", "N", "Threads of the processor, 0 for one per core.", "0",
        OptionFactory.Integer(0, MaximumThreads));

    private readonly Option<bool> _noProgress = ComputeOptionSet.NoProgress();

    private readonly Option<string[]> _compare = new("--compare")
    {
        Description = "Instead of measuring, compare two reports that --out wrote.",
        HelpName = "A B",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
    };

    private BenchCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console, CancellationToken cancellation)
    {
        BenchCommand bench = new();
        Command command = new(
            "bench", "Benchmarks this machine: fixed workloads on every backend, checked, scored against a reference "
            + "machine.")
        {
            bench._out, bench._quick, bench._filter, bench._backend, bench._threads, bench._noProgress, bench._compare,
        };
        command.SetAction(parsed => parsed.GetValue(bench._compare) is [string first, string second]
            ? bench.Compare(parsed, first, second, console)
            : bench.Run(parsed, console, cancellation));
        return command;
    }

    private int Run(ParseResult parsed, CommandConsole console, CancellationToken cancellation)
    {
        string? path = parsed.GetValue(_out);
        if (path is not null)
        {
            BenchmarkFiles.RequireWritable(path);
        }

        string backend = _backend.Read(parsed);
        BenchmarkOptions options = new()
        {
            Profile = parsed.GetValue(_quick) ? Profile.Quick : Profile.Full, Filter = parsed.GetValue(_filter),
        };
        return Run(
            WorkloadCatalog.All, options, backend == All ? null : [backend],
            (int)_threads.Read(parsed), !parsed.GetValue(_noProgress), path, console, cancellation);
    }

    /// <summary>Runs workloads, prints what was found and writes it.</summary>
    /// <param name="catalog">The workloads.</param>
    /// <param name="options">Which of them, and how to measure.</param>
    /// <param name="backends">Ids of backends; null for all that are present.</param>
    /// <param name="threads">Threads of the processor; 0 for one per core.</param>
    /// <param name="showsProgress">Whether progress is wanted.</param>
    /// <param name="path">Where to write; null for nowhere.</param>
    /// <param name="console">Where to print.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(
        IReadOnlyList<Workload> catalog, BenchmarkOptions options, IReadOnlyList<string>? backends, int threads,
        bool showsProgress, string? path, CommandConsole console, CancellationToken cancellation)
    {
        BenchmarkReport report = ProgressReporter.Run(
            console, showsProgress,
            progress => new BenchmarkPipeline(catalog, options, progress, cancellation).Run(backends, threads));
        string? written = path is null ? null : BenchmarkFiles.Write(path, report);
        foreach (BackendReport backend in report.Backends)
        {
            console.StyledOut().Write(BenchmarkTables.Workloads(backend));
            console.Out.WriteLine(backend.Score is { } score
                ? $"score of {backend.Backend.Id}: {score:F1} (100 is {report.Reference})"
                : $"no score for {backend.Backend.Id}: {backend.NoScore}");
        }

        foreach (string line in report.Lines())
        {
            console.Out.WriteLine(line);
        }

        if (written is not null)
        {
            console.Out.WriteLine($"Report: {written}");
        }

        return report.IsWrong ? ExitCode.WrongResults : ExitCode.Success;
    }

    private int Compare(ParseResult parsed, string first, string second, CommandConsole console)
    {
        OptionScope.RequireAbsent(
            parsed, "is for measuring; --compare reads two reports", _out, _quick, _filter, _backend, _threads);
        BenchmarkReport a = BenchmarkFiles.Read(first), b = BenchmarkFiles.Read(second);
        foreach (string line in a.Warned().Select(line => $"{first}: {line}")
            .Concat(b.Warned().Select(line => $"{second}: {line}")))
        {
            console.Out.WriteLine(line);
        }

        foreach (ComparedBackends pair in OptionException.Guard(
            $"--compare {first} {second}", () => Comparison.Of(a, b)))
        {
            console.StyledOut().Write(BenchmarkTables.Compared(pair));
            if (a.Profile == b.Profile && pair is { First.Score: { } x, Second.Score: { } y })
            {
                console.Out.WriteLine($"scores: {x:F1} and {y:F1}");
            }
        }

        return ExitCode.Success;
    }
}
