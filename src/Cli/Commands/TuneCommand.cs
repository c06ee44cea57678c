using System.CommandLine;
using Spectre.Console;
using VemKernels.Cli.Options;
using VemKernels.OpenCL;

namespace VemKernels.Cli.Commands;

/// <summary><c>vem tune</c>.</summary>
internal sealed class TuneCommand
{
    private const double FlopsPerGigaflop = 1e9;

    private const int SmallestOrder = 16;

    private const int LargestOrder = 16_384;

    private readonly DefaultedOption<string> _backend = OptionFactory.WithDefault(
        "--backend", $"{BackendFactory.OpenCl}|{BackendFactory.OpenCl}:N", "The device to tune (see vem devices).",
        BackendFactory.OpenCl, ParseDevice);

    private readonly DefaultedOption<long> _order = OptionFactory.WithDefault(
        "--order", "N", "Rows and columns of the product that is measured.", $"{OpenClTuner.UsualOrder}",
        OptionFactory.Integer(SmallestOrder, LargestOrder));

    private readonly Option<bool> _noProgress = ComputeOptionSet.NoProgress();

    private TuneCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console, CancellationToken cancellation)
    {
        TuneCommand tune = new();
        Command command = new(
            "tune", "Measures which tile sizes a device of OpenCL multiplies fastest with, and stores them in the "
            + "cache folder (VEM_CACHE) for this device and driver. Backends read them when they start.")
        {
            tune._backend, tune._order, tune._noProgress,
        };
        command.SetAction(parsed => tune.Run(parsed, console, cancellation));
        return command;
    }

    private static string ParseDevice(string text) =>
        text != BackendFactory.Auto && text != BackendFactory.Simd ? BackendFactory.ParseId(text)
        : throw new FormatException($"{text} has nothing to tune; expected a device of {BackendFactory.OpenCl}");

    private int Run(ParseResult parsed, CommandConsole console, CancellationToken cancellation)
    {
        string id = _backend.Read(parsed);
        int order = (int)_order.Read(parsed);
        (OpenClDevice device, IReadOnlyList<TunedKernel> kernels, string path) = ProgressReporter.Run(
            console, !parsed.GetValue(_noProgress), progress => Tune(id, order, progress, cancellation));
        Table table = new Table().RoundedBorder().AddColumns("kernel", "tried", "default", "best", "values");
        foreach (TunedKernel kernel in kernels)
        {
            table.AddRow(
                kernel.Kernel, $"{kernel.Candidates}", $"{kernel.DefaultFlops / FlopsPerGigaflop:F1} GFLOP/s",
                $"{kernel.Flops / FlopsPerGigaflop:F1} GFLOP/s",
                Markup.Escape(kernel.IsDefault ? $"{kernel.Values} (default)" : kernel.Values));
        }

        console.StyledOut().Write(table);
        console.Out.WriteLine($"{device.Id}, {device.Name}: stored in {path}");
        return ExitCode.Success;
    }

    private static (OpenClDevice Device, IReadOnlyList<TunedKernel> Kernels, string Path) Tune(
        string id, int order, ProgressReporter progress, CancellationToken cancellation)
    {
        try
        {
            OpenClDevice device = OpenClDevices.Find(id);
            (IReadOnlyList<TunedKernel> kernels, string path) = OpenClTuner.Tune(
                device, options: null, order, progress.Begin("tuning"), cancellation);
            return (device, kernels, path);
        }
        catch (Exception exception) when (exception is PlatformNotSupportedException or OpenClException
            or InvalidOperationException)
        {
            throw new OptionException("--backend", ExceptionText.OneLine(exception));
        }
    }
}
