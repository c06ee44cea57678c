using VemKernels.Benchmark.Reports;
using VemKernels.Benchmark.Roofs;
using VemKernels.Benchmark.Workloads;
using VemKernels.Cli.Report;

namespace VemKernels.Cli.Bench;

/// <summary>
/// The roofline plot, log-log: flops a second against flops a byte, under the roofs of memory and arithmetic.
/// (Williams, Waterman and Patterson, "Roofline", CACM 52, 2009.)
/// </summary>
internal static class RooflineChart
{
    /// <summary>What colours mean, in their order.</summary>
    public static readonly string[] Series = ["products", "factorisations", "fits"];

    private const double DotRadius = 5;
    private const double NumberRise = 8;
    private const double NameRise = 6;
    private const double Giga = 1e9;

    /// <summary>Room beyond the outermost points, in powers of ten.</summary>
    private const double Room = 0.3;

    /// <summary>Draws the plot. A workload's number is its row in the table, from 1.</summary>
    public static string Draw(BackendReport report)
    {
        DeviceRoofs roofs = report.Roofs;
        List<(int Number, WorkloadResult Result, double X, double Y)> points = [];
        for (int i = 0; i < report.Workloads.Count; i++)
        {
            WorkloadResult result = report.Workloads[i];
            if (result is { Flops: > 0, Bytes: > 0, MedianSeconds: { } seconds })
            {
                points.Add((i + 1, result, Math.Log10(result.Flops / result.Bytes),
                    Math.Log10(result.Flops / seconds / Giga)));
            }
        }

        // Beside the points, the ridge where the roofs meet belongs into the picture.
        double top = Math.Log10(roofs.SingleFlops / Giga);
        double ridge = Math.Log10(roofs.SingleFlops / roofs.Bandwidth);
        Scale across = Frame.Across(
            points.Select(point => point.X).Append(ridge).Min() - Room,
            points.Select(point => point.X).Append(ridge).Max() + Room);
        Scale up = Frame.Up(points.Select(point => point.Y).Append(top).Min() - Room,
            points.Select(point => point.Y).Append(top).Max() + Room);
        Svg svg = new(Frame.Width, Frame.Height, "Roofline plot");
        Frame.DrawVerticalPowers(svg, up, Whole(up), "GFLOP/s");
        Frame.DrawHorizontal(
            svg, across, Whole(across).Select(exponent => (double)exponent),
            tick => ("10", Frame.Number(tick, "F0")), "flops a byte");
        DrawRoof(svg, across, up, roofs.SingleFlops, roofs.Bandwidth, "peak float32");
        if (roofs.DoubleFlops > 0)
        {
            DrawRoof(svg, across, up, roofs.DoubleFlops, roofs.Bandwidth, "peak float64");
        }

        foreach ((int number, WorkloadResult result, double x, double y) in points)
        {
            svg.Dot(across[x], up[y], DotRadius, $"fill-{SeriesOf(result.Group)}",
                $"{number}. {result.Description}: {RateText.Of(result.Rate, result.Unit)}, "
                + $"{RateText.Share(result.ShareOfPeak)} of the roof");
            svg.Text(across[x], up[y] - NumberRise, $"{number}", "middle", "number");
        }

        return svg.ToString();
    }

    /// <summary>A roof: bandwidth times intensity until that reaches the peak, then the peak.</summary>
    private static void DrawRoof(Svg svg, Scale across, Scale up, double flops, double bandwidth, string name)
    {
        double peak = Math.Log10(flops / Giga);
        double slopeAtZero = Math.Log10(bandwidth / Giga);
        double ridge = peak - slopeAtZero;

        // The slope begins where it comes in at the left or from below.
        double from = Math.Max(across.From, up.From - slopeAtZero);
        List<(double X, double Y)> line = [];
        if (from < ridge)
        {
            line.Add((across[from], up[from + slopeAtZero]));
        }

        line.Add((across[Math.Max(ridge, across.From)], up[peak]));
        line.Add((across[across.To], up[peak]));
        svg.Polyline(line, "line mark");
        svg.Text(across[across.To], up[peak] - NameRise, name, "end", "number");
    }

    private static IEnumerable<int> Whole(Scale scale)
    {
        int first = (int)Math.Ceiling(scale.From);
        return Enumerable.Range(first, Math.Max(0, (int)Math.Floor(scale.To) - first + 1));
    }

    private static int SeriesOf(WorkloadGroup group) => group switch
    {
        WorkloadGroup.Peak or WorkloadGroup.Gemm => 0,
        WorkloadGroup.Factorisation or WorkloadGroup.Batched => 1,
        _ => 2,
    };
}
