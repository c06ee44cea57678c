using System.CommandLine;
using Spectre.Console;

namespace VemKernels.Cli.Commands;

/// <summary><c>vem devices</c>.</summary>
internal static class DevicesCommand
{
    private const double BytesPerGigabyte = 1e9;

    private const double FlopsPerGigaflop = 1e9;

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console)
    {
        Command command = new("devices", "Lists what can compute, by the names that --backend takes.");
        command.SetAction(_ =>
        {
            console.StyledOut().Write(Table());
            return ExitCode.Success;
        });
        return command;
    }

    private static Table Table()
    {
        Table table = new Table().RoundedBorder().AddColumns("id", "name", "instruction set", "threads", "memory", "peak float32 / float64");
        table.Columns[1].NoWrap();
        using IBackend simd = BackendFactory.Create(BackendFactory.Simd, threads: 0);
        BackendInfo info = simd.Info;
        table.AddRow(
            info.Id, Markup.Escape(info.Name), info.InstructionSet, $"{info.Threads}",
            $"{info.MemoryBytes / BytesPerGigabyte:F1} GB",
            $"{simd.MeasurePeak<float>() / FlopsPerGigaflop:F0} / {simd.MeasurePeak<double>() / FlopsPerGigaflop:F0} GFLOP/s");
        foreach (string id in BackendFactory.Absent)
        {
            table.AddRow(id, "not in this build", "", "", "", "");
        }

        return table;
    }
}
