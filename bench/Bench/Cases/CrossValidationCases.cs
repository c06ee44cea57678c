using System.Numerics;
using VemKernels.Bench.Inputs;
using VemKernels.Benchmark.Roofs;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Bench.Cases;

/// <summary>The fused operations of cross-validation on one tile of targets, and scores.</summary>
internal static class CrossValidationCases
{
    /// <summary>Squared norms of R Y, R triangular: n n t flops.</summary>
    public static Case TriangularSquaredNorms<T>(nint n, nint t)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputSpec r = SyntheticInputs.Normal<T>(n, n, 1);
        InputSpec y = SyntheticInputs.Normal<T>(n, t, 2);
        return Tile<T>("triangular", nameof(IBackend.TriangularSquaredNorms), $"triangular product with squared norms, {n} samples, {t} targets", (double)n * n * t, (n * n / 2) + (n * t), n, t) with
        {
            Inputs = new Dictionary<string, InputSpec> { ["R"] = r, ["Y"] = y },
            Prepare = memory =>
            {
                Operand<T> R = memory.Load<T>(r);
                DeviceView<T> Y = memory.Load<T>(y).Device;
                Operand<double> norms = memory.Zeros<double>(1, t);
                ClearBelowDiagonal(R.Host);
                return new(() => memory.Backend.TriangularSquaredNorms(R.Device, Y, norms.Device), path => NpyFile.Write(path, norms.Host));
            },
        };
    }

    /// <summary>Scores of the predictions P Y: 2 n n t flops.</summary>
    public static Case ResolutionScores<T>(int n, nint t, int folds)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputSpec p = SyntheticInputs.Normal<T>(n, n, 1);
        InputSpec y = SyntheticInputs.Normal<T>(n, t, 2);
        return Tile<T>("resolution", nameof(IBackend.ResolutionScores), $"cross-validation tile by resolution, {n} samples, {t} targets, {folds} folds", 2.0 * n * n * t, (n * n) + (n * t), n, t) with
        {
            Inputs = new Dictionary<string, InputSpec> { ["P"] = p, ["Y"] = y },
            Prepare = memory =>
            {
                DeviceView<T> P = memory.Load<T>(p).Device;
                DeviceView<T> Y = memory.Load<T>(y).Device;
                Operand<double> scores = memory.Zeros<double>(folds, t);
                Fold[] splits = CrossValidationSplits.KFold(n, folds);
                return new(
                    () => memory.Backend.ResolutionScores(splits, P, Y, ScoreKind.R2, scores.Device),
                    path => NpyFile.Write(path, scores.Host));
            },
        };
    }

    /// <summary>
    /// Scores by filtered projections on a basis of rank r, and a small product a fold: 2 n r t + 2 n (n / folds) t
    /// flops.
    /// </summary>
    public static Case ResidualScores<T>(int n, nint rank, nint t, int folds)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint block = (n + folds - 1) / folds;
        InputSpec q = SyntheticInputs.Normal<T>(n, rank, 1);
        InputSpec z = SyntheticInputs.Normal<T>(rank, t, 2);
        InputSpec y = SyntheticInputs.Normal<T>(n, t, 3);
        InputSpec m = SyntheticInputs.Normal<T>(n, block, 4);
        InputSpec filter = SyntheticInputs.Normal<T>(rank, 1, 5);
        double flops = (2.0 * n * rank * t) + (2.0 * n * block * t);
        double elements = ((double)n * rank) + (rank * t) + (n * t) + (n * block);
        return Tile<T>("residual", nameof(IBackend.ResidualScores), $"cross-validation tile by residuals, {n} samples, rank {rank}, {t} targets, {folds} folds", flops, elements, n, t) with
        {
            Inputs = new Dictionary<string, InputSpec> { ["Q"] = q, ["Z"] = z, ["Y"] = y, ["M"] = m, ["filter"] = filter },
            Prepare = memory =>
            {
                DeviceView<T> Q = memory.Load<T>(q).Device;
                DeviceView<T> Z = memory.Load<T>(z).Device;
                DeviceView<T> Y = memory.Load<T>(y).Device;
                DeviceView<T> M = memory.Load<T>(m).Device;
                DeviceView<T> c = memory.Load<T>(filter).Device;
                Operand<double> scores = memory.Zeros<double>(folds, t);
                Fold[] splits = CrossValidationSplits.KFold(n, folds);
                return new(
                    () => memory.Backend.ResidualScores(splits, 0, Q, c, Z, Y, M, null, ScoreKind.NegativeSquaredError, scores.Device),
                    path => NpyFile.Write(path, scores.Host));
            },
        };
    }

    /// <summary>A score of each column: some flops an element, bound by memory.</summary>
    public static Case Score<T>(ScoreKind kind, nint n, nint t)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputSpec y = SyntheticInputs.Normal<T>(n, t, 1);
        InputSpec p = SyntheticInputs.Normal<T>(n, t, 2);
        return Tile<T>($"score-{kind}", nameof(IBackend.Score), $"score {kind}, {n} samples, {t} targets", 2.0 * n * t, 2.0 * n * t, n, t) with
        {
            Inputs = new Dictionary<string, InputSpec> { ["Y"] = y, ["P"] = p },
            Prepare = memory =>
            {
                DeviceView<T> Y = memory.Load<T>(y).Device;
                DeviceView<T> P = memory.Load<T>(p).Device;
                Operand<double> scores = memory.Zeros<double>(1, t);
                return new(() => memory.Backend.Score(kind, Y, P, scores.Device), path => NpyFile.Write(path, scores.Host));
            },
        };
    }

    /// <summary>Moments from which scores split by space are made: bound by memory.</summary>
    public static Case SplitMoments<T>(nint n, nint t, int spaces)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputSpec y = SyntheticInputs.Normal<T>(n, t, 1);
        InputSpec p = SyntheticInputs.Normal<T>(spaces * n, t, 2);
        double elements = (1.0 + spaces) * n * t;
        return Tile<T>("split-moments", nameof(IBackend.SplitMoments), $"moments of split scores, {n} samples, {t} targets, {spaces} spaces", 0, elements, n, t) with
        {
            Inputs = new Dictionary<string, InputSpec> { ["Y"] = y, ["P"] = p },
            Prepare = memory =>
            {
                DeviceView<T> Y = memory.Load<T>(y).Device;
                DeviceView<T> P = memory.Load<T>(p).Device;
                Operand<double> moments = memory.Zeros<double>(1 + spaces + (spaces * spaces), t);
                return new(
                    () => memory.Backend.SplitMoments(Y, P, spaces, moments.Device), path => NpyFile.Write(path, moments.Host));
            },
        };
    }

    private static void ClearBelowDiagonal<T>(MatrixView<T> R)
        where T : unmanaged
    {
        for (nint i = 1; i < R.Rows; i++)
        {
            R.Block(i, 0, 1, i).Fill(default);
        }
    }

    /// <summary>All but inputs and work.</summary>
    private static Case Tile<T>(string operation, string kernel, string work, double flops, double elements, nint n, nint t)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
        {
            Name = $"{operation}-{n}x{t}-{SyntheticInputs.ElementName<T>()}",
            Work = work,
            Group = CaseGroup.CrossValidation,
            Operation = operation,
            Kernel = kernel,
            ElementType = SyntheticInputs.ElementName<T>(),
            Inputs = new Dictionary<string, InputSpec>(),
            Cost = WorkCost.Of<T>(flops, elements),
            Prepare = _ => throw new InvalidOperationException("The caller says how the work is prepared."),
        };
}
