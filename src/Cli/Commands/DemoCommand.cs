using System.CommandLine;
using Spectre.Console;
using VemKernels.Cli.Demo;
using VemKernels.Cli.Options;
using VemKernels.Data;

namespace VemKernels.Cli.Commands;

/// <summary><c>vem demo</c>.</summary>
internal static class DemoCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console, CancellationToken cancellation)
    {
        Option<string> folder = OptionFactory.Required(
            "--out", "DIR", "Folder to write: the simulated data, what vem fit writes, and report.html.",
            OptionFactory.Path);
        DefaultedOption<long> seed = OptionFactory.WithDefault(
            "--seed", "N", "Seed of the simulation and of the random candidates.", "0",
            OptionFactory.Integer(0, uint.MaxValue));
        ComputeOptionSet compute = new();
        Command command = new(
            "demo", "Simulates an experiment whose answer is known, fits it, and shows whether the fit finds it. Takes "
            + "some seconds.")
        {
            folder, seed,
        };
        compute.AddTo(command);
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(folder), seed.Read(parsed), compute.Read(parsed), console, cancellation));
        return command;
    }

    private static int Run(
        string path, long seed, ComputeOptions compute, CommandConsole console, CancellationToken cancellation)
    {
        using IBackend backend = BackendFactory.Create(compute.Backend, compute.Threads);
        using AtomicFolder folder = new(path, DemoPipeline.Files);
        DemoResult result = ProgressReporter.Run(
            console, compute.ShowsProgress,
            progress => new DemoPipeline(backend, progress, cancellation).Run(folder, path, seed));
        folder.Commit();
        IAnsiConsole styled = console.StyledOut();
        styled.Write(SpaceTable(result.Recovery));
        console.Out.WriteLine(
            "found again: of the voxels that a space drives, those that it was found to explain best (noise: that no "
            + "space was)");
        styled.Write(TimingTable(result.Timings));
        console.Out.WriteLine($"Simulated features, responses, runs and truth: {Path.Combine(path, DemoData.Folder)}");
        console.Out.WriteLine($"Model, summary and test scores of each voxel (.npy): {path}");
        console.Out.WriteLine($"Report: {Path.Combine(path, DemoPipeline.ReportFile)}");
        return ExitCode.Success;
    }

    private static Table SpaceTable(Recovery recovery)
    {
        Table table = new Table().RoundedBorder().AddColumns(
            "space", "voxels it drives", "voxels it explains best", "found again", "recovered");
        table.Columns[1].RightAligned();
        table.Columns[2].RightAligned();
        table.Columns[3].RightAligned();
        foreach (SpaceRecovery space in recovery.Spaces)
        {
            table.AddRow(
                Markup.Escape(space.Name), $"{space.Driven:N0}", $"{space.Best:N0}", $"{space.FoundShare:P1}",
                space.IsRecovered ? "[green]yes[/]" : "[red]no[/]");
        }

        return table;
    }

    private static Table TimingTable(IReadOnlyDictionary<string, double> timings)
    {
        Table table = new Table().RoundedBorder().AddColumns("stage", "seconds");
        table.Columns[1].RightAligned();
        foreach ((string stage, double seconds) in timings)
        {
            table.AddRow(Markup.Escape(stage), $"{seconds:F2}");
        }

        return table.AddRow("[bold]all[/]", $"[bold]{timings.Values.Sum():F2}[/]");
    }
}
