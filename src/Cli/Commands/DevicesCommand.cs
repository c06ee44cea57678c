using System.CommandLine;
using Spectre.Console;
using VemKernels.Device;
using VemKernels.OpenCL;

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
            if (OpenClDevices.List() is { Count: > 0 } devices)
            {
                console.StyledOut().Write(OpenClTable(devices));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Table Table()
    {
        Table table = new Table().RoundedBorder().AddColumns("id", "name", "instruction set", "threads", "memory",
            "peak float32 / float64");
        table.Columns[0].NoWrap();
        table.Columns[1].NoWrap();
        foreach (string id in (string[])[BackendFactory.Simd, .. OpenClDevices.List().Select(device => device.Id)])
        {
            AddDevice(table, id);
        }

        if (OpenClDevices.List().Count == 0)
        {
            table.AddRow(BackendFactory.OpenCl, Markup.Escape($"none here: {OpenClDevices.HowToInstall}"), "", "", "",
                "");
        }

        foreach (string id in BackendFactory.Absent)
        {
            table.AddRow(id, "not in this build", "", "", "", "");
        }

        return table;
    }

    private static void AddDevice(Table table, string id)
    {
        using IBackend backend = BackendFactory.Create(id, threads: 0);
        BackendInfo info = backend.Info;
        table.AddRow(
            info.Id, Markup.Escape(info.Name), info.InstructionSet, $"{info.Threads}",
            $"{info.MemoryBytes / BytesPerGigabyte:F1} GB",
            $"{backend.MeasurePeak<float>() / FlopsPerGigaflop:F0} / "
            + $"{backend.MeasurePeak<double>() / FlopsPerGigaflop:F0} GFLOP/s");
    }

    /// <summary>What decides how kernels run on the devices of OpenCL.</summary>
    private static Table OpenClTable(IReadOnlyList<OpenClDevice> devices)
    {
        const double BytesPerKilobyte = 1024;
        Table table = new Table().RoundedBorder()
            .AddColumns("id", "vendor", "driver", "version", "fp64", "work-group", "local memory", "largest buffer");
        table.Columns[0].NoWrap();
        foreach (OpenClDevice device in devices)
        {
            DeviceLimits limits = device.Limits;
            table.AddRow(
                device.Id, Markup.Escape(device.Vendor), Markup.Escape($"{device.Platform} {device.Driver}"),
                Markup.Escape(string.Join(' ', device.Version.Split(' ').Take(2))), limits.HasDouble ? "yes" : "no",
                $"{limits.WorkGroupSize}", $"{limits.LocalMemoryBytes / BytesPerKilobyte:F0} KB",
                $"{limits.LargestAllocationBytes / BytesPerGigabyte:F1} GB");
        }

        return table;
    }
}
