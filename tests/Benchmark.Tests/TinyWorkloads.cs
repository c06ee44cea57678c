using VemKernels.Benchmark.Roofs;
using VemKernels.Benchmark.Workloads;

namespace VemKernels.Benchmark.Tests;

/// <summary>One workload of every kind, in sizes of milliseconds.</summary>
internal static class TinyWorkloads
{
    public const int BandwidthElements = 1 << 12;

    public static IReadOnlyList<Workload> All { get; } =
    [
        PeakWorkloads.Flops<float>(),
        PeakWorkloads.Flops<double>(),
        PeakWorkloads.Bandwidth(BandwidthElements),
        Level3Workloads.Gemm<float>(17, 13, 19),
        Level3Workloads.Gemm<double>(9, 20, 7),
        FactorisationWorkloads.Cholesky<double>(21),
        FactorisationWorkloads.SymmetricEigen<double>(18),
        FactorisationWorkloads.ThinSvd<float>(20, 8),
        FactorisationWorkloads.Cholesky<float>(5, 6),
        FactorisationWorkloads.SymmetricEigen<float>(6, 5),
        FactorisationWorkloads.ThinSvd<double>(7, 4, 5),
        FitWorkloads.KernelRidge(new("small", 40, 23, 1, 12, 4), alphas: 5),
        FitWorkloads.BandedRidge(new("small", 36, 17, 2, 9, 3), candidates: 3, alphas: 4) with { Quick = false },
        FitWorkloads.HyperGradient(new("small", 40, 15, 2, 60, 4), iterations: 10),
    ];

    /// <summary>A workload of known cost and time, whose result is right or wrong as it is told.</summary>
    public static Workload Faked(string name, double seconds, double error) => new()
    {
        Name = name,
        Group = WorkloadGroup.Gemm,
        Description = "nothing",
        ElementType = "float32",
        Unit = RateUnit.Flops,
        Amount = 10,
        Cost = new WorkCost(10, 0, 4),
        Prepare = _ => new FakedWorkload(seconds, error),
    };
}
