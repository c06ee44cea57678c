using System.CommandLine;
using Spectre.Console;

namespace VemKernels.Cli.Commands;

/// <summary><c>vem devices</c>.</summary>
internal static class DevicesCommand
{
    private const double BytesPerGigabyte = 1e9;

    /// <summary>Backends that the design names and this build lacks.</summary>
    private static readonly string[] Absent = ["cuda", "opencl"];

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
        Table table = new Table().RoundedBorder().AddColumns("id", "name", "instruction set", "threads", "memory");
        using IBackend simd = BackendFactory.Create(BackendFactory.Simd, threads: 0);
        BackendInfo info = simd.Info;
        table.AddRow(
            info.Id, Markup.Escape(info.Name), info.InstructionSet, $"{info.Threads}",
            $"{info.MemoryBytes / BytesPerGigabyte:F1} GB");
        foreach (string id in Absent)
        {
            table.AddRow(id, "not in this build", "", "", "");
        }

        return table;
    }
}
