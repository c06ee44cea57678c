using VemKernels.Bench.Inputs;
using VemKernels.Benchmark.Roofs;
using VemKernels.Data;

namespace VemKernels.Bench.Cases;

/// <summary>
/// Column statistics, norms and centring, float: bound by memory. What is changed in place counts as read once and
/// written once, though its statistics must be known before it is changed.
/// </summary>
internal static class StatisticsCases
{
    private const int Rows = 300;
    private const int Columns = 100_000;
    private const int Order = 3600;

    private static readonly InputSpec First = SyntheticInputs.Normal<float>(Rows, Columns, 1);
    private static readonly InputSpec Second = SyntheticInputs.Normal<float>(Rows, Columns, 2);
    private static readonly InputSpec Square = SyntheticInputs.Normal<float>(Order, Order, 1);

    /// <summary>One case an operation.</summary>
    public static IEnumerable<Case> All =>
    [
        Of(nameof(IBackend.FrobeniusNorm), "Frobenius norm", 2, 1, memory =>
        {
            DeviceView<float> A = memory.Load<float>(First).Device;
            Operand<double> norm = memory.Zeros<double>(1, 1);
            MatrixView<double> value = norm.Host;
            return new(() => value[0, 0] = memory.Backend.FrobeniusNorm(A), path => NpyFile.Write(path, norm.Host));
        }),
        Of(nameof(IBackend.ColumnMeans), "column means", 1, 1, memory =>
        {
            DeviceView<float> A = memory.Load<float>(First).Device;
            Operand<float> means = memory.Zeros<float>(1, Columns);
            return new(() => memory.Backend.ColumnMeans(A, means.Device), path => NpyFile.Write(path, means.Host));
        }),
        Of(nameof(IBackend.ColumnMeansInDouble), "column means left in double", 1, 1, memory =>
        {
            DeviceView<float> A = memory.Load<float>(First).Device;
            Operand<double> means = memory.Zeros<double>(1, Columns);
            return new(() => memory.Backend.ColumnMeansInDouble(A, means.Device), path => NpyFile.Write(path, means.Host));
        }),
        Of(nameof(IBackend.SubtractRow), "subtract a row", 1, 2, memory =>
        {
            Operand<float> A = memory.Load<float>(First), row = memory.Zeros<float>(1, Columns);
            return new(() => memory.Backend.SubtractRow(A.Device, row.Device), path => NpyFile.Write(path, A.Host));
        }),
        Of(nameof(IBackend.ZScoreColumns), "z-score columns", 5, 2, memory =>
        {
            Operand<float> A = memory.Load<float>(First);
            return new(() => memory.Backend.ZScoreColumns(A.Device), path => NpyFile.Write(path, A.Host));
        }),
        Of(nameof(IBackend.ColumnDots), "column dots", 2, 2, memory =>
        {
            DeviceView<float> A = memory.Load<float>(First).Device, B = memory.Load<float>(Second).Device;
            Operand<double> dots = memory.Zeros<double>(1, Columns);
            return new(() => memory.Backend.ColumnDots(A, B, dots.Device), path => NpyFile.Write(path, dots.Host));
        }),
        Of(nameof(IBackend.ColumnMaxRatios), "greatest ratios of columns", 2, 2, memory =>
        {
            DeviceView<float> A = memory.Load<float>(First).Device, B = memory.Load<float>(Second).Device;
            Operand<double> ratios = memory.Zeros<double>(1, Columns);
            return new(() => memory.Backend.ColumnMaxRatios(A, B, ratios.Device), path => NpyFile.Write(path, ratios.Host));
        }),
        Centre("centre a kernel", memory =>
        {
            Operand<float> K = memory.Load<float>(Square);
            return new(() => memory.Backend.CenterKernel(K.Device), path => NpyFile.Write(path, K.Host));
        }),
        Centre("centre a kernel by training means", memory =>
        {
            Operand<float> K = memory.Load<float>(Square);
            Operand<double> means = memory.Zeros<double>(1, Order);
            return new(
                () => memory.Backend.CenterKernel(K.Device, means.Device, 0), path => NpyFile.Write(path, K.Host));
        }),
    ];

    private static Case Of(
        string kernel, string work, double flopsAnElement, double passes, Func<CaseMemory, PreparedCase> prepare) =>
        KernelCase.Of<float>(
            CaseGroup.Statistics, kernel, work, $"{Rows} x {Columns}",
            WorkCost.Of<float>(flopsAnElement * Rows * Columns, passes * Rows * Columns),
            new Dictionary<string, InputSpec> { ["A"] = First }, prepare);

    private static Case Centre(string work, Func<CaseMemory, PreparedCase> prepare)
    {
        const double FlopsAnElement = 4;
        return KernelCase.Of<float>(
            CaseGroup.Statistics, nameof(IBackend.CenterKernel), work, $"{Order} x {Order}",
            WorkCost.Of<float>(FlopsAnElement * Order * Order, 2.0 * Order * Order),
            new Dictionary<string, InputSpec> { ["K"] = Square }, prepare);
    }
}
