using System.CommandLine;
using Spectre.Console;
using VemKernels.Cuda;
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
        Option<bool> warm = new("--warm")
        {
            Description = "Compile all kernels of every GPU now, so that no later run waits for it.",
        };
        Command command = new("devices", "Lists what can compute, by the names that --backend takes.") { warm };
        command.SetAction(parsed =>
        {
            (IReadOnlyList<OpenClDevice> openCl, IReadOnlyList<string> broken) = OpenClDevices.Scan();
            IReadOnlyList<CudaDevice> cuda = CudaDevices.List();
            List<string> failures = [.. broken];
            console.StyledOut().Write(Table(cuda, openCl, failures));
            if (cuda.Count > 0)
            {
                console.StyledOut().Write(CudaTable(cuda));
            }

            if (openCl.Count > 0)
            {
                console.StyledOut().Write(OpenClTable(openCl));
            }

            if (CudaDevices.Missing is { } missing)
            {
                console.Out.WriteLine($"cuda: {missing}");
            }

            if (parsed.GetValue(warm))
            {
                Warm(console, DeviceIds(cuda, openCl));
            }

            foreach (string failure in failures)
            {
                console.Error.WriteLine($"vem: {failure}");
            }

            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Builds the programs of every device that has some.</summary>
    private static void Warm(CommandConsole console, IReadOnlyList<string> ids)
    {
        foreach (string id in ids)
        {
            using IBackend backend = BackendFactory.Create(id, threads: 0);
            if (backend is DeviceBackend device)
            {
                console.Out.WriteLine($"{id}: {device.Warm()} programs are compiled");
            }
        }
    }

    private static string[] DeviceIds(IReadOnlyList<CudaDevice> cuda, IReadOnlyList<OpenClDevice> openCl) =>
        [.. cuda.Select(device => device.Id), .. openCl.Select(device => device.Id)];

    private static Table Table(
        IReadOnlyList<CudaDevice> cuda, IReadOnlyList<OpenClDevice> openCl, List<string> failures)
    {
        Table table = new Table().RoundedBorder().AddColumns("id", "name", "instruction set", "threads", "memory",
            "peak float32 / float64");
        table.Columns[0].NoWrap();
        table.Columns[1].NoWrap();
        foreach (string id in (string[])[BackendFactory.Simd, .. DeviceIds(cuda, openCl)])
        {
            AddDevice(table, id, failures);
        }

        if (openCl.Count == 0)
        {
            string why = OpenClDevices.IsLoaderPresent ? "no driver has a device" : OpenClDevices.HowToInstall;
            table.AddRow(BackendFactory.OpenCl, Markup.Escape($"none here: {why}"), "", "", "", "");
        }

        if (cuda.Count == 0)
        {
            table.AddRow(BackendFactory.Cuda, "none here", "", "", "", "");
        }

        return table;
    }

    private static void AddDevice(Table table, string id, List<string> failures)
    {
        try
        {
            using IBackend backend = BackendFactory.Create(id, threads: 0);
            BackendInfo info = backend.Info;
            table.AddRow(
                info.Id, Markup.Escape(info.Name), info.InstructionSet, $"{info.Threads}",
                $"{info.MemoryBytes / BytesPerGigabyte:F1} GB",
                $"{backend.MeasurePeak<float>() / FlopsPerGigaflop:F0} / "
                + $"{backend.MeasurePeak<double>() / FlopsPerGigaflop:F0} GFLOP/s");
        }
        catch (Exception exception) when (exception is OpenClException or CudaException
            or InsufficientMemoryException or OptionException)
        {
            // The others are still to be listed.
            table.AddRow(id, "fails", "", "", "", "");
            failures.Add($"{id}: {ExceptionText.Brief(exception)}");
        }
    }

    /// <summary>What decides how kernels run on the devices of CUDA.</summary>
    private static Table CudaTable(IReadOnlyList<CudaDevice> devices)
    {
        const double BytesPerKilobyte = 1024;
        const int Tens = 10;
        Table table = new Table().RoundedBorder()
            .AddColumns("id", "compute capability", "driver", "libraries", "multiprocessors", "shared memory");
        table.Columns[0].NoWrap();
        foreach (CudaDevice device in devices)
        {
            table.AddRow(
                device.Id, $"{device.Capability / Tens}.{device.Capability % Tens}", $"CUDA {device.Driver}",
                Markup.Escape(CudaDevices.Libraries), $"{device.Multiprocessors}",
                $"{device.SharedMemoryBytes / BytesPerKilobyte:F0} KB");
        }

        return table;
    }

    /// <summary>What decides how kernels run on the devices of OpenCL.</summary>
    private static Table OpenClTable(IReadOnlyList<OpenClDevice> devices)
    {
        const double BytesPerKilobyte = 1024;
        Table table = new Table().RoundedBorder()
            .AddColumns("id", "vendor", "driver", "version", "fp64", "work-group", "local memory", "largest buffer",
                "tuned");
        table.Columns[0].NoWrap();
        foreach (OpenClDevice device in devices)
        {
            DeviceLimits limits = device.Limits;
            table.AddRow(
                device.Id, Markup.Escape(device.Vendor), Markup.Escape($"{device.Platform} {device.Driver}"),
                Markup.Escape(string.Join(' ', device.Version.Split(' ').Take(2))), limits.HasDouble ? "yes" : "no",
                $"{limits.WorkGroupSize}", $"{limits.LocalMemoryBytes / BytesPerKilobyte:F0} KB",
                $"{limits.LargestAllocationBytes / BytesPerGigabyte:F1} GB",
                OpenClTuner.IsTuned(device) ? "yes" : "no");
        }

        return table;
    }
}
