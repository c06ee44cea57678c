using System.Numerics;
using VemKernels.Solvers.HyperGradient;
using VemKernels.Solvers.Tests.RandomSearch;

namespace VemKernels.Solvers.Tests.Memory;

/// <summary>One small run of each solver that works on tiles of targets, to all numbers that it returns.</summary>
internal static class SolverRuns<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 20;
    private const int Targets = 17;

    private static readonly RandomSearchOptions Search = new()
    {
        Alphas = [0.1, 1, 10, 100, 1000, 10_000], Weights = WeightKind.Dual,
    };

    private static Fold[] Folds => CrossValidationSplits.KFold(Samples, 4);

    public static IReadOnlyDictionary<string, Func<IBackend, double[]>> All { get; } =
        new Dictionary<string, Func<IBackend, double[]>>
        {
            ["random search, residual"] = b => MultipleKernels(b, Search with { Way = CrossValidationWay.Residual }),
            ["random search, triangular"] = b => MultipleKernels(b, Search with { Way = CrossValidationWay.Triangular }),
            ["random search, resolution"] = b => MultipleKernels(
                b, Search with { Way = CrossValidationWay.Resolution, FitIntercept = true }),
            ["banded ridge, primal"] = BandedPrimal,
            ["ridge"] = PlainRidge,
            ["kernel ridge"] = OneKernel,
            ["weighted kernel ridge"] = WeightedKernels,
            ["lasso"] = Lasso,
            ["hyper-gradient"] = HyperGradient,
            ["predictions"] = Predicted,
            ["Tikhonov prior"] = MappedBack,
        };

    /// <summary>So many targets that redundant alphas are judged on a sample of them.</summary>
    public static double[] WithSampledAlphas(IBackend backend)
    {
        using SmallProblem<T> problem = new(seed: 8, samples: 12, targets: 800, [5, 3]);
        using Matrix<double> gammas = DirichletSamples.Generate(2, 2, [1.0], 0);
        using RandomSearchResult<T> fit = MultipleKernelRidge.Solve(
            backend, problem.KernelViews, problem.Targets, gammas.View, CrossValidationSplits.KFold(12, 3), Search);
        return Numbers(fit.CvScores, fit.Weights!);
    }

    private static double[] MultipleKernels(IBackend backend, RandomSearchOptions options)
    {
        using SmallProblem<T> problem = new(seed: 1, Samples, Targets, [6, 4]);
        using Matrix<double> gammas = DirichletSamples.Generate(3, 2, [1.0], 0);
        using RandomSearchResult<T> fit = MultipleKernelRidge.Solve(
            backend, problem.KernelViews, problem.Targets, gammas.View, Folds, options);
        return Numbers(fit.CvScores, fit.Weights!, fit.Deltas);
    }

    private static double[] BandedPrimal(IBackend backend)
    {
        using SmallProblem<T> problem = new(seed: 2, Samples, Targets, [6, 4], offset: 1);
        using Matrix<double> gammas = DirichletSamples.Generate(3, 2, [1.0], 0);
        using RandomSearchResult<T> fit = BandedRidge.Solve(
            backend, problem.FeatureViews, problem.Targets, gammas.View, Folds,
            Search with { Weights = WeightKind.Primal, FitIntercept = true, Space = SearchSpace.Kernels });
        return Numbers(fit.CvScores, fit.Weights!, fit.Intercept!);
    }

    private static double[] PlainRidge(IBackend backend)
    {
        using SmallProblem<T> problem = new(seed: 3, Samples, Targets, [6], offset: 1);
        using RidgeResult<T> fit = Ridge.Solve(
            backend, problem.FeatureViews[0], problem.Targets, new RidgeOptions { FitIntercept = true });
        return Numbers(fit.Weights!, fit.Intercept!);
    }

    private static double[] OneKernel(IBackend backend)
    {
        using SmallProblem<T> problem = new(seed: 3, Samples, Targets, [6], offset: 1);
        using DualWeightsResult<T> fit = KernelRidge.Solve(
            backend, problem.KernelViews[0], problem.Targets, new KernelRidgeOptions { FitIntercept = true });
        return Numbers(fit.Weights!, fit.Intercept!);
    }

    private static double[] WeightedKernels(IBackend backend)
    {
        using SmallProblem<T> problem = new(seed: 4, Samples, Targets, [6, 4], offset: 1);
        using Matrix<T> deltas = SmallProblem<T>.Gaussian(new RandomState(4), 2, Targets, 0);
        using DualWeightsResult<T> fit = WeightedKernelRidge.Solve(
            backend, problem.KernelViews, problem.Targets, deltas.View,
            new WeightedKernelRidgeOptions { FitIntercept = true, Tolerance = 1e-5 });
        return Numbers(fit.Weights!, fit.Intercept!);
    }

    private static double[] Lasso(IBackend backend)
    {
        using SmallProblem<T> problem = new(seed: 5, Samples, Targets, [6], offset: 1);
        using SparseGroupLassoCVResult<T> fit = SparseGroupLassoCV.Solve(
            backend, problem.FeatureViews[0], problem.Targets, Folds,
            new SparseGroupLassoCVOptions
            {
                Groups = [0, 0, 1, 1, 2, 2], L21 = [0.1, 0.01], FitIntercept = true, MaxIterations = 40,
            });
        return Numbers(fit.CvScores, fit.Refit.Weights!, fit.Refit.Intercept!);
    }

    private static double[] HyperGradient(IBackend backend)
    {
        using SmallProblem<T> problem = new(seed: 6, Samples, Targets, [6, 4], offset: 1);
        using HyperGradientResult<T> fit = HyperGradientDescent.Solve(
            backend, problem.KernelViews, problem.Targets, Folds,
            new HyperGradientOptions
            {
                MaxIterations = 3, Seed = 1, CgTolerances = [typeof(T) == typeof(float) ? 1e-5 : 1e-11], FitIntercept = true, Weights = WeightKind.Dual,
            });
        return Numbers(fit.Deltas, fit.CvScores, fit.Weights!, fit.Intercept!);
    }

    private static double[] Predicted(IBackend backend)
    {
        using SmallProblem<T> problem = new(seed: 7, Samples, Targets, [6, 4]);
        using Matrix<T> dual = SmallProblem<T>.Gaussian(new RandomState(4), Samples, Targets, 0);
        using Matrix<T> deltas = SmallProblem<T>.Gaussian(new RandomState(5), 2, Targets, 0);
        using Matrix<T> offset = SmallProblem<T>.Gaussian(new RandomState(6), 1, Targets, 0);
        using Matrix<T> predictions = new(Samples, Targets);
        Predictions.Predict(
            backend, problem.KernelViews, dual.View, deltas.View, offset.View, predictions.View);
        using Matrix<T> split = new(2 * Samples, Targets);
        Predictions.PredictSplit(backend, problem.KernelViews, dual.View, deltas.View, split.View);
        using TestScores<T> scores = Predictions.Score(
            backend, problem.KernelViews, dual.View, deltas.View, problem.Targets);
        using Matrix<T> correlations = Scores.CorrelationSplit(backend, problem.Y.View, split.View, 2);
        using Matrix<T> primal = new(6, Targets);
        PrimalWeights.FromDual(
            backend, dual.View, deltas.View.SliceRows(0, 1), [problem.FeatureViews[0]], [primal.View]);
        return Numbers(predictions, split, scores.R2, scores.R2Split, correlations, primal);
    }

    private static double[] MappedBack(IBackend backend)
    {
        using SmallProblem<T> problem = new(seed: 9, Samples, Targets, [5]);
        using Prior features = Prior.Spherical(5, variance: 4);
        using Prior delays = Prior.Spherical(3, variance: 2);
        TikhonovPrior prior = new(features, delays);
        using Matrix<T> weights = SmallProblem<T>.Gaussian(new RandomState(2), 15, Targets, 0);
        prior.MapBack(backend, weights.View, weights.View);
        return Numbers(weights);
    }

    private static double[] Numbers(params Matrix<T>[] matrices) =>
    [
        .. from matrix in matrices
           from i in Enumerable.Range(0, (int)matrix.Rows)
           from j in Enumerable.Range(0, (int)matrix.Columns)
           select double.CreateTruncating(matrix[i, j]),
    ];
}
