using VemKernels.Bench.Inputs;
using VemKernels.Benchmark.Roofs;
using VemKernels.Data;

namespace VemKernels.Bench.Cases;

/// <summary>
/// Copies and elementwise operations on matrices that no cache holds, float: bound by memory. Bytes are each matrix
/// read once and each written once; what is updated in place counts twice.
/// </summary>
internal static class ElementwiseCases
{
    private const int Rows = 300;
    private const int Columns = 100_000;

    private static readonly InputSpec First = SyntheticInputs.Normal<float>(Rows, Columns, 1);
    private static readonly InputSpec Second = SyntheticInputs.Normal<float>(Rows, Columns, 2);
    private static readonly InputSpec RowFactors = SyntheticInputs.Normal<float>(Rows, 1, 3);
    private static readonly InputSpec ColumnFactors = SyntheticInputs.Normal<float>(1, Columns, 4);

    /// <summary>Every second column.</summary>
    private static readonly int[] EvenColumns = [.. Enumerable.Range(0, Columns / 2).Select(j => 2 * j)];

    /// <summary>All rows, from the last to the first.</summary>
    private static readonly int[] RowsBackwards = [.. Enumerable.Range(0, Rows).Reverse()];

    /// <summary>One case an operation.</summary>
    public static IEnumerable<Case> All =>
    [
        Of(nameof(IBackend.Upload), "upload", 0, 2, (memory, A, B) =>
        {
            MatrixView<float> host = A.Host;
            return () => memory.Backend.Upload(host, B.Device);
        }),
        Of(nameof(IBackend.Download), "download", 0, 2, (memory, A, B) =>
        {
            MatrixView<float> host = B.Host;
            return () => memory.Backend.Download(A.Device, host);
        }),
        Of(nameof(IBackend.Copy), "copy", 0, 2, (memory, A, B) => () => memory.Backend.Copy(A.Device, B.Device)),
        Convert(),
        Of(nameof(IBackend.Fill), "fill", 0, 1, (memory, _, B) => () => memory.Backend.Fill(B.Device, 1)),
        Of(nameof(IBackend.GatherRows), "gather rows", 0, 2, (memory, A, B) =>
            () => memory.Backend.GatherRows(A.Device, RowsBackwards, B.Device)),
        Of(nameof(IBackend.GatherColumns), "gather every second column", 0, 1, (memory, A, B) =>
        {
            DeviceView<float> half = B.Device.SliceColumns(0, EvenColumns.Length);
            return () => memory.Backend.GatherColumns(A.Device, EvenColumns, half);
        }),
        Of(nameof(IBackend.ScatterColumns), "scatter to every second column", 0, 1, (memory, A, B) =>
        {
            DeviceView<float> half = A.Device.SliceColumns(0, EvenColumns.Length);
            return () => memory.Backend.ScatterColumns(half, EvenColumns, B.Device);
        }),
        Of(nameof(IBackend.AddScaled), "add scaled", 2, 3, (memory, A, B) =>
            () => memory.Backend.AddScaled(0.5, A.Device, B.Device)),
        Of(nameof(IBackend.Scale), "scale rows and columns", 2, 2, (memory, A, B) =>
        {
            DeviceView<float> rows = memory.Load<float>(RowFactors).Device;
            DeviceView<float> columns = memory.Load<float>(ColumnFactors).Device;
            return () => memory.Backend.Scale(A.Device, rows, columns, B.Device);
        }),
        Of(nameof(IBackend.Multiply), "multiply elements", 1, 3, (memory, A, B) =>
        {
            DeviceView<float> W = memory.Load<float>(Second).Device;
            return () => memory.Backend.Multiply(A.Device, W, B.Device);
        }),
        Of(nameof(IBackend.CombineColumns), "combine columns", 3, 3, (memory, A, B) =>
        {
            DeviceView<float> factors = memory.Load<float>(ColumnFactors).Device;
            Operand<float> halves = memory.Zeros<float>(1, Columns);
            halves.Host.Fill(0.5f); // Sums of repeated runs stay bounded.
            memory.ToDevice();
            return () => memory.Backend.CombineColumns(A.Device, factors, halves.Device, B.Device);
        }),
        AddDiagonal(3600),
        SparseGroupProximalStep(1000, 10_000, groups: 10),
    ];

    private static Case Of(
        string kernel, string work, double flopsAnElement, double passes,
        Func<CaseMemory, Operand<float>, Operand<float>, Action> run) => KernelCase.Of<float>(
            CaseGroup.Elementwise, kernel, work, $"{Rows} x {Columns}",
            WorkCost.Of<float>(flopsAnElement * Rows * Columns, passes * Rows * Columns),
            new Dictionary<string, InputSpec> { ["A"] = First },
            memory =>
            {
                Operand<float> A = memory.Load<float>(First);
                Operand<float> B = memory.Zeros<float>(Rows, Columns);
                return new(run(memory, A, B), path => NpyFile.Write(path, B.Host));
            });

    private static Case Convert() => KernelCase.Of<float>(
        CaseGroup.Elementwise, nameof(IBackend.Copy), "copy to double", $"{Rows} x {Columns}",
        new(0, 0, (sizeof(float) + sizeof(double)) * (double)Rows * Columns),
        new Dictionary<string, InputSpec> { ["A"] = First },
        memory =>
        {
            DeviceView<float> A = memory.Load<float>(First).Device;
            Operand<double> B = memory.Zeros<double>(Rows, Columns);
            return new(() => memory.Backend.Copy(A, B.Device), path => NpyFile.Write(path, B.Host));
        });

    /// <summary>
    /// A cache line for each entry of the diagonal counts as its element: the floor is not reachable.
    /// </summary>
    private static Case AddDiagonal(nint n) => KernelCase.Of<float>(
        CaseGroup.Elementwise, nameof(IBackend.AddDiagonal), "add to the diagonal", $"{n} x {n}",
        WorkCost.Of<float>(n, 2.0 * n), new Dictionary<string, InputSpec>(),
        memory =>
        {
            Operand<float> A = memory.Zeros<float>(n, n);
            return new(() => memory.Backend.AddDiagonal(A.Device, 0.5), path => NpyFile.Write(path, A.Host));
        });

    /// <summary>Four matrices are read, two of them written: ten flops an element or so.</summary>
    private static Case SparseGroupProximalStep(nint p, nint t, int groups)
    {
        const double FlopsAnElement = 10;
        InputSpec gradientInput = SyntheticInputs.Normal<float>(p, t, 1);
        InputSpec linearInput = SyntheticInputs.Normal<float>(p, t, 2);
        int[] ends = [.. Enumerable.Range(1, groups).Select(group => (int)(group * p / groups))];
        return KernelCase.Of<float>(
            CaseGroup.Elementwise, nameof(IBackend.SparseGroupProximalStep), "sparse group proximal step", $"{p} x {t}",
            WorkCost.Of<float>(FlopsAnElement * p * t, 6.0 * p * t),
            new Dictionary<string, InputSpec> { ["gradient"] = gradientInput, ["linear"] = linearInput },
            memory =>
            {
                MatrixView<float> original = memory.Load<float>(gradientInput).Host;
                DeviceView<float> linear = memory.Load<float>(linearInput).Device;
                Operand<float> gradient = memory.Zeros<float>(p, t);
                Operand<float> point = memory.Zeros<float>(p, t), weights = memory.Zeros<float>(p, t);
                Operand<float> thresholds = memory.Zeros<float>(2, t), active = memory.Zeros<float>(1, t);
                Operand<double> changes = memory.Zeros<double>(2, t);
                thresholds.Host.Fill(0.05f);
                active.Host.Fill(1);
                return new(
                    () => memory.Backend.SparseGroupProximalStep(
                        0.1, 0.5, ends, linear, thresholds.Device, active.Device, gradient.Device, point.Device,
                        weights.Device, changes.Device),
                    path => NpyFile.Write(path, weights.Host),
                    () => original.CopyTo(gradient.Host));
            });
    }
}
