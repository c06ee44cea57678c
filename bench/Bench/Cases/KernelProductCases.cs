using System.Numerics;
using VemKernels.Bench.Inputs;
using VemKernels.Benchmark.Roofs;
using VemKernels.Data;

namespace VemKernels.Bench.Cases;

/// <summary>
/// Products with several kernels, each target with weights of its own; the indexed ones on one of five folds: 4/5 of
/// the samples are trained on, 1/5 is predicted. Flops are those of the products alone.
/// </summary>
internal static class KernelProductCases
{
    private const int Folds = 5;

    /// <summary>sum_i K_i (weights_i . W): 2 n n m t flops.</summary>
    public static Case WeightedKernelProduct<T>(nint n, nint kernels, nint t)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of<T>(
            nameof(IBackend.WeightedKernelProduct), "weighted kernel product", (int)n, (int)kernels, t, All, All,
            (memory, Ks, weights, _, _, W, result) =>
                () => memory.Backend.WeightedKernelProduct(Ks, weights, W, result.Device));

    /// <summary>The same on training rows and columns: 2 |rows| |columns| m t flops.</summary>
    public static Case IndexedKernelProduct<T>(nint n, nint kernels, nint t)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of<T>(
            nameof(IBackend.IndexedKernelProduct), "indexed kernel product", (int)n, (int)kernels, t, Train, Train,
            (memory, Ks, weights, rows, columns, W, result) =>
                () => memory.Backend.IndexedKernelProduct(Ks, rows, columns, null, weights, W, result.Device));

    /// <summary>Predictions of validation rows, gradient and Hessian.</summary>
    public static Case KernelProductMoments<T>(nint n, nint kernels, nint t)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of<T>(
            nameof(IBackend.KernelProductMoments), "kernel product moments", (int)n, (int)kernels, t, Validation, Train,
            (memory, Ks, weights, rows, columns, W, result) =>
            {
                Operand<T> Y = memory.Load<T>(SyntheticInputs.Normal<T>(rows.Length, t, 4));
                Operand<double> gradient = memory.Zeros<double>(kernels, t);
                Operand<double> hessian = memory.Zeros<double>(kernels * kernels, t);
                return () => memory.Backend.KernelProductMoments(
                    Ks, rows, columns, null, weights, W, Y.Device, result.Device, gradient.Device, hessian.Device);
            });

    /// <summary>Dots of each kernel's product with given vectors.</summary>
    public static Case KernelProductDots<T>(nint n, nint kernels, nint t)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of<T>(
            nameof(IBackend.KernelProductDots), "kernel product dots", (int)n, (int)kernels, t, Train, Train,
            (memory, Ks, weights, rows, columns, W, _) =>
            {
                Operand<T> V = memory.Load<T>(SyntheticInputs.Normal<T>(rows.Length, t, 4));
                Operand<double> dots = memory.Zeros<double>(kernels, t);
                return () => memory.Backend.KernelProductDots(
                    Ks, rows, columns, null, weights, W, V.Device, dots.Device);
            });

    private delegate Action Work<T>(
        CaseMemory memory, DeviceView<T> Ks, DeviceView<T> weights, int[] rows, int[] columns, DeviceView<T> W,
        Operand<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    private static Case Of<T>(
        string kernel, string work, int n, int kernels, nint t, Func<int, int[]> rowsOf, Func<int, int[]> columnsOf,
        Work<T> prepare)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] rows = rowsOf(n), columns = columnsOf(n);
        InputSpec ks = SyntheticInputs.Normal<T>(n, kernels * n, 1);
        InputSpec w = SyntheticInputs.Normal<T>(columns.Length, t, 2);
        InputSpec weights = SyntheticInputs.Normal<T>(kernels, t, 3);
        double product = (double)rows.Length * columns.Length * kernels;
        double elements = product + ((double)(rows.Length + columns.Length + kernels) * t);
        return KernelCase.Of<T>(
            CaseGroup.KernelProduct, kernel, work, $"{kernels} kernels of {rows.Length} x {columns.Length}, {t} targets",
            WorkCost.Of<T>(2 * product * t, elements),
            new Dictionary<string, InputSpec> { ["Ks"] = ks, ["W"] = w, ["weights"] = weights },
            memory =>
            {
                DeviceView<T> Ks = memory.Load<T>(ks).Device, W = memory.Load<T>(w).Device;
                DeviceView<T> factors = memory.Load<T>(weights).Device;
                Operand<T> result = memory.Zeros<T>(rows.Length, t);
                return new(
                    prepare(memory, Ks, factors, rows, columns, W, result), path => NpyFile.Write(path, result.Host));
            });
    }

    private static int[] All(int n) => [.. Enumerable.Range(0, n)];

    private static int[] Validation(int n) => [.. Enumerable.Range(0, n / Folds)];

    private static int[] Train(int n) => [.. Enumerable.Range(n / Folds, n - (n / Folds))];
}
