using System.Numerics;
using VemKernels.Bench.Inputs;
using VemKernels.Benchmark.Roofs;
using VemKernels.Data;

namespace VemKernels.Bench.Cases;

/// <summary>Kernels between all pairs of samples: n n p flops, one triangle of products; gamma is 1 / p.</summary>
internal static class PairwiseKernelCases
{
    /// <summary>The rbf kernel, which numpy is measured on, too.</summary>
    public static Case Rbf<T>(nint n, nint p)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of<T>("rbf kernel", n, p, KernelFunction.Rbf(1.0 / p), "rbf");

    /// <summary>The linear kernel.</summary>
    public static Case Linear<T>(nint n, nint p)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of<T>("linear kernel", n, p, KernelFunction.Linear);

    /// <summary>The polynomial kernel of degree 3.</summary>
    public static Case Polynomial<T>(nint n, nint p)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Of<T>("polynomial kernel", n, p, KernelFunction.Polynomial(3, 1.0 / p, 1));

    /// <summary>The sigmoid kernel.</summary>
    public static Case Sigmoid<T>(nint n, nint p)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Of<T>("sigmoid kernel", n, p, KernelFunction.Sigmoid(1.0 / p, 1));

    /// <summary>The cosine kernel.</summary>
    public static Case Cosine<T>(nint n, nint p)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of<T>("cosine kernel", n, p, KernelFunction.Cosine);

    private static Case Of<T>(string work, nint n, nint p, KernelFunction function, string? operation = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputSpec a = SyntheticInputs.Normal<T>(n, p, 1);
        return KernelCase.Of<T>(
            CaseGroup.PairwiseKernel, nameof(IBackend.PairwiseKernel), work, $"{n} x {p}",
            WorkCost.Of<T>((double)n * n * p, ((double)n * p) + ((double)n * n)),
            new Dictionary<string, InputSpec> { ["A"] = a },
            memory =>
            {
                DeviceView<T> A = memory.Load<T>(a).Device;
                Operand<T> K = memory.Zeros<T>(n, n);
                return new(
                    () => memory.Backend.PairwiseKernel(function, A, A, K.Device), path => NpyFile.Write(path, K.Host));
            },
            operation);
    }
}
