namespace VemKernels.Benchmark.Workloads;

/// <summary>What a workload's rate counts, each a second.</summary>
internal enum RateUnit
{
    /// <summary>Floating-point operations.</summary>
    Flops,

    /// <summary>Bytes to and from memory.</summary>
    Bytes,

    /// <summary>Matrices factored.</summary>
    Matrices,

    /// <summary>Voxels (targets) fitted.</summary>
    Voxels,
}
