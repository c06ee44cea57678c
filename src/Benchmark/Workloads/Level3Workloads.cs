using System.Numerics;
using VemKernels.Benchmark.Checks;
using VemKernels.Benchmark.Inputs;
using VemKernels.Benchmark.Roofs;

namespace VemKernels.Benchmark.Workloads;

/// <summary>Products of matrices: 2 m k n flops; two operands read and the result written once.</summary>
internal static class Level3Workloads
{
    private const int SeedOfA = 1;
    private const int SeedOfB = 2;

    /// <summary>C = A B; A is m x k, B k x n.</summary>
    public static Workload Gemm<T>(nint m, nint k, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double flops = 2.0 * m * k * n;
        return new()
        {
            Name = $"gemm-{m}x{k}x{n}-{ElementName.Of<T>()}",
            Group = WorkloadGroup.Gemm,
            Description = $"product of {m:N0} x {k:N0} and {k:N0} x {n:N0}",
            ElementType = ElementName.Of<T>(),
            Unit = RateUnit.Flops,
            Amount = flops,
            Cost = WorkCost.Of<T>(flops, ((double)m * k) + ((double)k * n) + ((double)m * n)),
            Prepare = backend => new KernelWorkload<T>(backend, owned =>
            {
                Matrix<T> hostA = owned.Keep(SeededMatrices.Normal<T>(m, k, SeedOfA));
                Matrix<T> hostB = owned.Keep(SeededMatrices.Normal<T>(k, n, SeedOfB));
                DeviceView<T> A = owned.Device(hostA), B = owned.Device(hostB), C = owned.Device<T>(m, n);
                return new(_ => backend.Gemm(1, A, B, 0, C), C, () =>
                {
                    using Matrix<T> hostC = Matrix<T>.Uninitialized(m, n);
                    backend.Download(C, hostC.View);
                    return ProductCheck.Of(hostA.View, hostB.View, hostC.View);
                });
            }),
        };
    }
}
