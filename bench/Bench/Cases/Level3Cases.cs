using System.Numerics;
using VemKernels.Bench.Inputs;
using VemKernels.Benchmark.Roofs;
using VemKernels.Data;

namespace VemKernels.Bench.Cases;

/// <summary>Matrix products and triangular solves.</summary>
internal static class Level3Cases
{
    /// <summary>C = A B, m x k times k x n: 2 m n k flops.</summary>
    public static Case Gemm<T>(nint m, nint k, nint n, bool quick = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputSpec a = SyntheticInputs.Normal<T>(m, k, 1);
        InputSpec b = SyntheticInputs.Normal<T>(k, n, 2);
        string type = SyntheticInputs.ElementName<T>();
        return new()
        {
            Name = $"gemm-{m}x{k}x{n}-{type}",
            Work = $"gemm, {m} x {k} times {k} x {n}",
            Group = CaseGroup.Level3,
            Operation = "gemm",
            Kernel = nameof(IBackend.Gemm),
            ElementType = type,
            Inputs = new Dictionary<string, InputSpec> { ["A"] = a, ["B"] = b },
            Cost = WorkCost.Of<T>(2.0 * m * k * n, ((double)m * k) + ((double)k * n) + ((double)m * n)),
            Quick = quick,
            Prepare = memory =>
            {
                DeviceView<T> A = memory.Load<T>(a).Device;
                DeviceView<T> B = memory.Load<T>(b).Device;
                Operand<T> C = memory.Zeros<T>(m, n);
                return new(() => memory.Backend.Gemm(1, A, B, 0, C.Device), path => NpyFile.Write(path, C.Host));
            },
        };
    }

    /// <summary>C = A A', n x k: n (n + 1) k flops; both triangles are written.</summary>
    public static Case Syrk<T>(nint n, nint k, bool quick = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputSpec a = SyntheticInputs.Normal<T>(n, k, 1);
        string type = SyntheticInputs.ElementName<T>();
        return new()
        {
            Name = $"syrk-{n}x{k}-{type}",
            Work = $"syrk, {n} x {k} (ours writes both triangles, BLAS one)",
            Group = CaseGroup.Level3,
            Operation = "syrk",
            Kernel = nameof(IBackend.Syrk),
            ElementType = type,
            Inputs = new Dictionary<string, InputSpec> { ["A"] = a },
            Cost = WorkCost.Of<T>((double)n * (n + 1) * k, ((double)n * k) + ((double)n * n)),
            Quick = quick,
            Prepare = memory =>
            {
                DeviceView<T> A = memory.Load<T>(a).Device;
                Operand<T> C = memory.Zeros<T>(n, n);
                return new(() => memory.Backend.Syrk(1, A, 0, C.Device), path => NpyFile.Write(path, C.Host));
            },
        };
    }

    /// <summary>L X = B, n x n and n x m: n n m flops.</summary>
    public static Case Trsm<T>(nint n, nint m)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputSpec a = SyntheticInputs.PositiveDefinite<T>(n, 1, 1);
        InputSpec b = SyntheticInputs.Normal<T>(n, m, 2);
        string type = SyntheticInputs.ElementName<T>();
        return new()
        {
            Name = $"trsm-{n}x{m}-{type}",
            Work = $"trsm, lower {n} x {n}, right-hand sides {n} x {m}",
            Group = CaseGroup.Level3,
            Operation = "trsm",
            Kernel = nameof(IBackend.Trsm),
            ElementType = type,
            Inputs = new Dictionary<string, InputSpec> { ["A"] = a, ["B"] = b },
            Cost = WorkCost.Of<T>((double)n * n * m, ((double)n * n / 2) + (2.0 * n * m)),
            Prepare = memory =>
            {
                DeviceView<T> A = memory.Load<T>(a).Device;
                MatrixView<T> B = memory.Load<T>(b).Host;
                Operand<T> X = memory.Zeros<T>(n, m);
                return new(
                    () => memory.Backend.Trsm(Triangle.Lower, unitDiagonal: false, A, X.Device),
                    path => NpyFile.Write(path, X.Host),
                    () => B.CopyTo(X.Host));
            },
        };
    }
}
