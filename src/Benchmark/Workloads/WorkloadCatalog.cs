using VemKernels.Benchmark.Roofs;

namespace VemKernels.Benchmark.Workloads;

/// <summary>All workloads. Whoever changes one of them, or how it is measured, raises <see cref="Version"/>.</summary>
internal static class WorkloadCatalog
{
    /// <summary>Reports of different versions cannot be compared.</summary>
    public const int Version = 1;

    /// <summary>In the order in which they run.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        PeakWorkloads.Flops<float>(),
        PeakWorkloads.Flops<double>(),
        PeakWorkloads.Bandwidth(MemoryBandwidth.DefaultElements),
        Level3Workloads.Gemm<float>(3000, 3000, 3000),
        Level3Workloads.Gemm<double>(3000, 3000, 3000),
        Level3Workloads.Gemm<float>(1000, 100, 20_000),
        FactorisationWorkloads.Cholesky<double>(3000),
        FactorisationWorkloads.SymmetricEigen<double>(1200),
        FactorisationWorkloads.ThinSvd<double>(2400, 600),
        FactorisationWorkloads.Cholesky<double>(64, 4000),
        FactorisationWorkloads.SymmetricEigen<double>(32, 4000),
        FactorisationWorkloads.ThinSvd<double>(32, 16, 4000),
        FitWorkloads.KernelRidge(new("small", 300, 2000, 1, 200, 5), alphas: 10),
        FitWorkloads.KernelRidge(new("medium", 1000, 20_000, 1, 500, 10), alphas: 20),
        FitWorkloads.KernelRidge(new("large", 2000, 20_000, 1, 1000, 5), alphas: 20) with { Quick = false },
        FitWorkloads.BandedRidge(new("small", 300, 1000, 3, 200, 5), candidates: 10, alphas: 10),
        FitWorkloads.BandedRidge(new("medium", 1000, 3000, 3, 500, 5), candidates: 5, alphas: 20),
        FitWorkloads.BandedRidge(new("large", 1500, 5000, 4, 500, 5), candidates: 5, alphas: 20) with { Quick = false },
        FitWorkloads.HyperGradient(new("small", 200, 500, 3, 200, 5), iterations: 10),
        FitWorkloads.HyperGradient(new("medium", 400, 1000, 3, 300, 5), iterations: 10),
        FitWorkloads.HyperGradient(new("large", 800, 1500, 3, 500, 5), iterations: 10) with { Quick = false },
    ];
}
