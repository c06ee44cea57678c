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

    private const double BytesPerKilobyte = 1024;

    private const double FlopsPerGigaflop = 1e9;

    /// <summary>The column that is wrapped where the terminal is narrow.</summary>
    private const int NameColumn = 1;

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
            foreach (string line in cuda.Select(Details).Concat(openCl.Select(Details)))
            {
                console.Out.WriteLine(line);
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
        Table table = new Table().RoundedBorder().AddColumns("id", "name", "instructions", "threads", "memory",
            "GFLOP/s");
        table.Caption("GFLOP/s: multiply-adds outside of tensor cores, in float32 / float64");
        foreach (TableColumn column in table.Columns.Where((_, at) => at != NameColumn))
        {
            column.NoWrap();
        }

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
                + $"{backend.MeasurePeak<double>() / FlopsPerGigaflop:F0}");
        }
        catch (Exception exception) when (exception is OpenClException or CudaException
            or InsufficientMemoryException or OptionException)
        {
            // The others are still to be listed.
            table.AddRow(id, "fails", "", "", "", "");
            failures.Add($"{id}: {ExceptionText.Brief(exception)}");
        }
    }

    /// <summary>What decides how kernels run on a device of CUDA.</summary>
    private static string Details(CudaDevice device)
    {
        const int Tens = 10;
        return $"{device.Id}: compute capability {device.Capability / Tens}.{device.Capability % Tens}, "
            + $"{device.Multiprocessors} multiprocessors, {device.SharedMemoryBytes / BytesPerKilobyte:F0} KB of shared "
            + $"memory; driver of CUDA {device.Driver}; {CudaDevices.Libraries}";
    }

    /// <summary>What decides how kernels run on a device of OpenCL.</summary>
    private static string Details(OpenClDevice device)
    {
        DeviceLimits limits = device.Limits;
        return $"{device.Id}: {device.Vendor}, driver {device.Platform} {device.Driver}, "
            + $"{string.Join(' ', device.Version.Split(' ').Take(2))}; fp64 {(limits.HasDouble ? "yes" : "no")}, "
            + $"work-groups of {limits.WorkGroupSize}, {limits.LocalMemoryBytes / BytesPerKilobyte:F0} KB of local "
            + $"memory, largest buffer {limits.LargestAllocationBytes / BytesPerGigabyte:F1} GB; "
            + (OpenClTuner.IsTuned(device) ? "tuned" : $"not tuned (vem tune --backend {device.Id})");
    }
}
