using System.Numerics;
using VemKernels.Bench.Inputs;
using VemKernels.Benchmark.Roofs;
using VemKernels.Data;

namespace VemKernels.Bench.Cases;

/// <summary>
/// Factorisations, of one matrix or of several stacked. Flops are lower bounds: leading terms of the blocked algorithms
/// (Golub and Van Loan, "Matrix Computations"), without the divide and conquer of eigenvalues and singular values,
/// whose cost depends on the matrix.
/// </summary>
internal static class FactorisationCases
{
    /// <summary>A = L L': n^3 / 3.</summary>
    public static Case Cholesky<T>(nint n, int count = 1, bool quick = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => SquareInPlace<T>(
            "cholesky", nameof(IBackend.Cholesky), "Cholesky", SyntheticInputs.PositiveDefinite<T>(n, count, 1), n, count, quick, Cube(n) / 3, (memory, A) =>
                () => memory.Backend.Cholesky(A, count));

    /// <summary>A = L L' and from it the inverse of A: n^3.</summary>
    public static Case Inverse<T>(nint n, int count = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => SquareInPlace<T>(
            "inverse", nameof(IBackend.CholeskyInverse), "Cholesky and inverse", SyntheticInputs.PositiveDefinite<T>(n, count, 1), n, count, quick: false, Cube(n), (memory, A) =>
                () =>
                {
                    memory.Backend.Cholesky(A, count);
                    memory.Backend.CholeskyInverse(A, count);
                });

    /// <summary>A = Q diag(w) Q': 4/3 n^3 to tridiagonal form, 2 n^3 to transform the eigenvectors back.</summary>
    public static Case SymmetricEigen<T>(nint n, int count = 1, bool quick = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputSpec input = SyntheticInputs.Symmetric<T>(n, count, 1);
        return Square<T>(
            "eigh", nameof(IBackend.SymmetricEigen), "symmetric eigendecomposition", input, n, count, quick, Cube(n) * (4.0 / 3 + 2)) with
        {
            Prepare = memory =>
            {
                MatrixView<T> original = memory.Load<T>(input).Host;
                Operand<T> A = memory.Zeros<T>(count * n, n);
                Operand<T> w = memory.Zeros<T>(count, n);
                return new(
                    () => memory.Backend.SymmetricEigen(A.Device, w.Device, count),
                    path => NpyFile.Write(path, w.Host),
                    () => original.CopyTo(A.Host));
            },
        };
    }

    /// <summary>
    /// A = U diag(s) Vt, m at least n: 8/3 n^3 to bidiagonal form and 4 n^3 to transform both sets of vectors back; a
    /// tall matrix besides 2 m n^2 - 2/3 n^3 for its QR decomposition and 2 m n^2 for the product of Q with what is
    /// left.
    /// </summary>
    public static Case ThinSvd<T>(nint m, nint n, int count = 1, bool quick = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputSpec input = SyntheticInputs.Normal<T>(count * m, n, 1);
        string type = SyntheticInputs.ElementName<T>();
        double tall = m > n ? (4.0 * m * n * n) - (Cube(n) * 2 / 3) : 0;
        double flops = tall + (Cube(n) * (8.0 / 3 + 4));
        return new()
        {
            Name = $"svd-{Times(count)}{m}x{n}-{type}",
            Work = $"thin SVD, {Of(count)}{m} x {n}",
            Group = count > 1 ? CaseGroup.Batched : CaseGroup.Factorisation,
            Operation = "svd",
            Kernel = nameof(IBackend.ThinSvd),
            ElementType = type,
            Inputs = new Dictionary<string, InputSpec> { ["A"] = input },
            Parameters = new Dictionary<string, double[]> { ["count"] = [count] },
            Cost = WorkCost.Of<T>(count * flops, count * ((2.0 * m * n) + ((double)n * n))),
            Quick = quick,
            Prepare = memory =>
            {
                MatrixView<T> original = memory.Load<T>(input).Host;
                Operand<T> A = memory.Zeros<T>(count * m, n);
                Operand<T> U = memory.Zeros<T>(count * m, n);
                Operand<T> s = memory.Zeros<T>(count, n);
                Operand<T> Vt = memory.Zeros<T>(count * n, n);
                return new(
                    () => memory.Backend.ThinSvd(A.Device, U.Device, s.Device, Vt.Device, count),
                    path => NpyFile.Write(path, s.Host),
                    () => original.CopyTo(A.Host));
            },
        };
    }

    private static double Cube(nint n) => (double)n * n * n;

    private static string Times(int count) => count > 1 ? $"{count}x" : string.Empty;

    private static string Of(int count) => count > 1 ? $"{count} of " : string.Empty;

    private static Case SquareInPlace<T>(
        string operation, string kernel, string name, InputSpec input, nint n, int count, bool quick, double flops,
        Func<CaseMemory, DeviceView<T>, Action> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Square<T>(operation, kernel, name, input, n, count, quick, flops) with
        {
            Prepare = memory =>
            {
                MatrixView<T> original = memory.Load<T>(input).Host;
                Operand<T> A = memory.Zeros<T>(count * n, n);
                return new(work(memory, A.Device), path => NpyFile.Write(path, A.Host), () => original.CopyTo(A.Host));
            },
        };

    /// <summary>All but the work.</summary>
    private static Case Square<T>(
        string operation, string kernel, string name, InputSpec input, nint n, int count, bool quick, double flops)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
        {
            Name = $"{operation}-{Times(count)}{n}-{SyntheticInputs.ElementName<T>()}",
            Work = $"{name}, {Of(count)}{n} x {n}",
            Group = count > 1 ? CaseGroup.Batched : CaseGroup.Factorisation,
            Operation = operation,
            Kernel = kernel,
            ElementType = SyntheticInputs.ElementName<T>(),
            Inputs = new Dictionary<string, InputSpec> { ["A"] = input },
            Parameters = new Dictionary<string, double[]> { ["count"] = [count] },
            Cost = WorkCost.Of<T>(count * flops, 2.0 * count * n * n),
            Quick = quick,
            Prepare = _ => throw new InvalidOperationException("The caller says how the work is prepared."),
        };
}
