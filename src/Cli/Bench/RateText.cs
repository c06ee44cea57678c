using VemKernels.Benchmark.Workloads;

namespace VemKernels.Cli.Bench;

/// <summary>Rates and groups as people read them.</summary>
internal static class RateText
{
    private const double Giga = 1e9;

    /// <summary>"385.1 GFLOP/s", "12,345 voxels/s"; "-" for none.</summary>
    public static string Of(double? rate, RateUnit unit) => rate is not { } value ? "-" : unit switch
    {
        RateUnit.Flops => $"{value / Giga:N1} GFLOP/s",
        RateUnit.Bytes => $"{value / Giga:N1} GB/s",
        RateUnit.Matrices => $"{value:N0} matrices/s",
        _ => $"{value:N0} voxels/s",
    };

    /// <summary>A group's name.</summary>
    public static string Of(WorkloadGroup group) => group switch
    {
        WorkloadGroup.Peak => "peak",
        WorkloadGroup.Gemm => "products",
        WorkloadGroup.Factorisation => "factorisations",
        WorkloadGroup.Batched => "batched factorisations",
        WorkloadGroup.KernelRidge => "kernel ridge",
        WorkloadGroup.BandedRidge => "banded ridge",
        _ => "hyper-gradient",
    };

    /// <summary>"2.05", "0.987"; "-" for none.</summary>
    public static string Ratio(double? ratio) => ratio is { } value ? $"{value:G3}" : "-";

    /// <summary>"205" for a rate 2.05 times that of the reference machine; "-" for none.</summary>
    public static string Score(double? overReference) =>
        overReference is { } value ? $"{Benchmark.Scoring.Score.OfReference * value:F0}" : "-";

    /// <summary>"87 %"; "-" for none.</summary>
    public static string Share(double? share) => share is { } value ? $"{100 * value:F0} %" : "-";
}
