using VemKernels.Bench.Inputs;
using VemKernels.Bench.Roofs;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Bench.Cases;

/// <summary>
/// Whole fits in float, weights included. Costs count, in double, kernels and one eigendecomposition a candidate, and
/// in float, for each target, one triangular product an alpha (n n flops) and the refit (2 n n): what the method needs
/// before it finds alphas redundant.
/// </summary>
internal static class SolverCases
{
    private const double EigenFlops = (4.0 / 3) + 2;
    private const int LowestAlphaExponent = -5;
    private const int HighestAlphaExponent = 10;
    private const int Seed = 1;
    private const string SkipTorch = "skip_torch";
    private const string SkipNumpy = "skip_numpy";

    /// <summary>
    /// Kernel ridge with a linear kernel, from features to dual weights: one alpha a target by cross-validation.
    /// </summary>
    public static Case KernelRidge(int samples, int targets, int features, int alphas, int folds, bool quick = false)
    {
        double n = samples;
        return Ridge("kernel_ridge_cv", "KernelRidgeCV", samples, targets, features, alphas, folds, quick, n * (n + 1) * features, n) with
        {
            Prepare = memory =>
            {
                MatrixView<float> X = memory.Load<float>(Features(samples, features)).Host;
                return Fit(memory, SyntheticInputs.Targets<float>(samples, features, targets, Seed), Y =>
                {
                    using Matrix<float> kernel = Predictions.LinearKernel(memory.Backend, X, X);
                    return KernelRidgeCV.Solve(
                        memory.Backend, kernel.View, Y, CrossValidationSplits.KFold(samples, folds), Options(alphas));
                });
            },
        };
    }

    /// <summary>Ridge from the same features, to primal weights.</summary>
    public static Case FeatureRidge(int samples, int targets, int features, int alphas, int folds, bool quick = false)
    {
        double order = Math.Min(samples, features);
        double other = Math.Max(samples, features);
        return Ridge("ridge_cv", "RidgeCV", samples, targets, features, alphas, folds, quick, order * (order + 1) * other, order) with
        {
            Prepare = memory =>
            {
                MatrixView<float> X = memory.Load<float>(Features(samples, features)).Host;
                return Fit(memory, SyntheticInputs.Targets<float>(samples, features, targets, Seed), Y => RidgeCV.Solve(
                    memory.Backend, X, Y, CrossValidationSplits.KFold(samples, folds), Options(alphas, WeightKind.Primal)));
            },
        };
    }

    /// <summary>
    /// Multiple-kernel ridge by random search over given candidates, from kernels to dual weights. PyTorch is skipped
    /// where its float eigendecomposition does not converge.
    /// </summary>
    public static Case MultipleKernel(
        int samples, int targets, int kernels, int features, int candidates, int alphas, int folds, bool quick = false,
        bool skipTorch = false)
    {
        InputSpec gammas = SyntheticInputs.Gammas(candidates, kernels, 0);
        InputSpec Ks = SyntheticInputs.LinearKernels<float>(samples, features, kernels, Seed);
        InputSpec targetInput = SyntheticInputs.Targets<float>(samples, (nint)features * kernels, targets, Seed);
        double n = samples;
        return new()
        {
            Name = $"mkr-{samples}x{targets}x{kernels}x{features}-{candidates}",
            Work = $"multiple-kernel ridge, {samples} x {targets}, {kernels} kernels of {features} features, "
                + $"{candidates} candidates, {alphas} alphas, {folds} folds, dual weights",
            Group = CaseGroup.Solver,
            Operation = "multiple_kernel_ridge",
            ElementType = "float32",
            Inputs = new Dictionary<string, InputSpec> { ["Ks"] = Ks, ["Y"] = targetInput, ["gammas"] = gammas },
            Parameters = new Dictionary<string, double[]>(Grid(alphas, folds)) { [SkipTorch] = [skipTorch ? 1 : 0] },
            Cost = new(
                n * n * targets * ((candidates * alphas) + 2),
                candidates * n * n * n * EigenFlops,
                sizeof(float) * ((kernels * n * n) + (2 * n * targets))),
            Quick = quick,
            Prepare = memory =>
            {
                MatrixView<float> stacked = memory.Load<float>(Ks).Host;
                MatrixView<double> candidateGammas = memory.Load<double>(gammas).Host;
                MatrixView<float>[] views = [.. Enumerable.Range(0, kernels).Select(i => stacked.SliceRows(i * samples, samples))];
                return Fit(memory, targetInput, Y => MultipleKernelRidge.Solve(
                    memory.Backend, views, Y, candidateGammas, CrossValidationSplits.KFold(samples, folds), Options(alphas)));
            },
        };
    }

    /// <summary>
    /// Multiple-kernel ridge by hyper-gradient descent with himalaya's defaults, from kernels to log weights. Costs
    /// count, in float, what one iteration cannot do without on each fold: one product of all kernels for the dual
    /// weights, one for validation and one for the hyper-gradient. The result is the mean score at the end. numpy is
    /// skipped where it takes hours.
    /// </summary>
    public static Case HyperGradient(
        int samples, int targets, int kernels, int features, int iterations, int folds, bool skipNumpy = false)
    {
        InputSpec Ks = SyntheticInputs.LinearKernels<float>(samples, features, kernels, Seed);
        InputSpec targetInput = SyntheticInputs.SharedTargets<float>(samples, features, kernels, targets, Seed);
        double n = samples, train = n * (folds - 1) / folds;
        return new()
        {
            Name = $"hyper-{samples}x{targets}x{kernels}x{features}",
            Work = $"hyper-gradient descent, {samples} x {targets}, {kernels} kernels of {features} features, "
                + $"{iterations} iterations, {folds} folds",
            Group = CaseGroup.Solver,
            Operation = "hyper_gradient",
            ElementType = "float32",
            Inputs = new Dictionary<string, InputSpec> { ["Ks"] = Ks, ["Y"] = targetInput },
            Parameters = new Dictionary<string, double[]>
            {
                ["iterations"] = [iterations], ["folds"] = [folds], [SkipNumpy] = [skipNumpy ? 1 : 0],
            },
            Cost = new(
                2 * train * (n + train) * kernels * targets * iterations * folds, 0,
                sizeof(float) * ((kernels * n * n) + (n * targets))),
            Prepare = memory =>
            {
                MatrixView<float> stacked = memory.Load<float>(Ks).Host;
                MatrixTargetSource<float> Y = new(memory.Load<float>(targetInput).Host);
                MatrixView<float>[] views = [.. Enumerable.Range(0, kernels).Select(i => stacked.SliceRows(i * samples, samples))];
                Operand<double> score = memory.Zeros<double>(1, 1);
                MatrixView<double> mean = score.Host;
                HyperGradientOptions options = new() { MaxIterations = iterations, Seed = 0 };
                return new(
                    () =>
                    {
                        using HyperGradientResult<float> fit = HyperGradientDescent.Solve(
                            memory.Backend, views, Y, CrossValidationSplits.KFold(samples, folds), options);
                        mean[0, 0] = Enumerable.Range(0, targets).Average(j => fit.CvScores[iterations - 1, j]);
                    },
                    path => NpyFile.Write(path, mean));
            },
        };
    }

    private static InputSpec Features(int samples, int features) => SyntheticInputs.Normal<float>(samples, features, Seed);

    private static Dictionary<string, double[]> Grid(int alphas, int folds) => new() { ["alphas"] = Alphas(alphas), ["folds"] = [folds] };

    /// <summary>Evenly spaced in the logarithm, as numpy's logspace.</summary>
    private static double[] Alphas(int count) => [.. Enumerable.Range(0, count).Select(
        i => Math.Pow(10, LowestAlphaExponent + ((double)i * (HighestAlphaExponent - LowestAlphaExponent) / (count - 1))))];

    private static RandomSearchOptions Options(int alphas, WeightKind weights = WeightKind.Dual) =>
        new() { Alphas = Alphas(alphas), Weights = weights };

    /// <summary>All but the work.</summary>
    private static Case Ridge(
        string operation, string name, int samples, int targets, int features, int alphas, int folds, bool quick, double gramFlops, double order)
    {
        double n = samples;
        return new()
        {
            Name = $"{operation}-{samples}x{targets}x{features}",
            Work = $"{name}, {samples} x {targets}, {features} features, {alphas} alphas, {folds} folds",
            Group = CaseGroup.Solver,
            Operation = operation,
            ElementType = "float32",
            Inputs = new Dictionary<string, InputSpec>
            {
                ["X"] = Features(samples, features),
                ["Y"] = SyntheticInputs.Targets<float>(samples, features, targets, Seed),
            },
            Parameters = Grid(alphas, folds),
            Cost = new(
                n * n * targets * (alphas + 2),
                gramFlops + (order * order * order * EigenFlops),
                sizeof(float) * ((n * features) + (2 * n * targets))),
            Quick = quick,
            Prepare = _ => throw new InvalidOperationException("The caller says how the work is prepared."),
        };
    }

    private static PreparedCase Fit(CaseMemory memory, InputSpec targets, Func<TargetSource<float>, RandomSearchResult<float>> fit)
    {
        MatrixTargetSource<float> Y = new(memory.Load<float>(targets).Host);
        LastResult last = new();
        memory.Own(last);
        return new(
            () => last.Replace(fit(Y)),
            path => NpyFile.Write(path, last.Result!.CvScores.View),
            () => last.Replace(null));
    }

    /// <summary>
    /// Holds the result of the last run, so that its memory is freed outside the time that is measured.
    /// </summary>
    private sealed class LastResult : IDisposable
    {
        public RandomSearchResult<float>? Result { get; private set; }

        public void Replace(RandomSearchResult<float>? result)
        {
            Result?.Dispose();
            Result = result;
        }

        public void Dispose() => Replace(null);
    }
}
