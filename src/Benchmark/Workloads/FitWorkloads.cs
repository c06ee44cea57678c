using VemKernels.Benchmark.Checks;
using VemKernels.Benchmark.Roofs;
using VemKernels.Solvers;

namespace VemKernels.Benchmark.Workloads;

/// <summary>
/// Whole fits of float data, weights included. Costs count what a method needs before it finds anything redundant: in
/// double, kernels and one eigendecomposition a candidate; in float, for each voxel, one triangular product an alpha
/// (n n flops) and the refit (2 n n). For the descent they are a lower bound: one product of all kernels for the dual
/// weights, one for validation and one for the hyper-gradient, a fold and iteration.
/// </summary>
internal static class FitWorkloads
{
    private const double EigenFlops = (4.0 / 3) + 2;
    private const double LowestAlphaExponent = 0;
    private const double HighestAlphaExponent = 7;
    private const int CandidateSeed = 0;
    private const int PowerIterationSeed = 0;

    /// <summary>Kernel ridge with a linear kernel: an alpha for each voxel by cross-validation.</summary>
    public static Workload KernelRidge(FitSizes sizes, int alphas)
    {
        double n = sizes.Samples;
        double[] grid = Alphas(alphas);
        RandomSearchOptions options = new() { Alphas = grid };
        return Describe(
            "kernel-ridge", WorkloadGroup.KernelRidge, "kernel ridge", sizes, $"{alphas} alphas",
            n * n * sizes.Voxels * (alphas + 2), KernelFlops(sizes) + (n * n * n * EigenFlops)) with
        {
            CostIsLeast = false,
            Prepare = backend =>
            {
                FitData data = new(sizes);
                return new FitWorkload<RandomSearchResult<float>>(
                    data,
                    cancellation =>
                    {
                        using Matrix<float> kernel = Predictions.LinearKernel(
                            backend, data.Spaces[0], data.Spaces[0], cancellation);
                        return KernelRidgeCV.Solve(
                            backend, kernel.View, data.Targets, data.Folds, options, cancellation: cancellation);
                    },
                    fit => FitCheck.Search(data.Explicit(), grid, data.Y, fit));
            },
        };
    }

    /// <summary>Banded ridge: weights of spaces and an alpha for each voxel by random search.</summary>
    public static Workload BandedRidge(FitSizes sizes, int candidates, int alphas)
    {
        double n = sizes.Samples;
        double[] grid = Alphas(alphas);
        RandomSearchOptions options = new() { Alphas = grid, Space = SearchSpace.Kernels };
        return Describe(
            "banded-ridge", WorkloadGroup.BandedRidge, "banded ridge", sizes,
            $"{candidates} candidates, {alphas} alphas",
            n * n * sizes.Voxels * ((candidates * alphas) + 2),
            KernelFlops(sizes) + (candidates * n * n * n * EigenFlops)) with
        {
            CostIsLeast = false,
            Prepare = backend =>
            {
                FitData data = new(sizes);
                return new FitWorkload<RandomSearchResult<float>>(
                    data,
                    cancellation =>
                    {
                        using Matrix<double> gammas = DirichletSamples.Generate(
                            candidates, sizes.Spaces, DirichletSamples.DefaultConcentrations, CandidateSeed);
                        return Solvers.BandedRidge.Solve(
                            backend, data.Spaces, data.Targets, gammas.View, data.Folds, options,
                            cancellation: cancellation);
                    },
                    fit => FitCheck.Search(data.Explicit(), grid, data.Y, fit));
            },
        };
    }

    /// <summary>Multiple-kernel ridge: log weights of kernels for each voxel by gradient descent.</summary>
    public static Workload HyperGradient(FitSizes sizes, int iterations)
    {
        double n = sizes.Samples;
        double train = n * (sizes.Folds - 1) / sizes.Folds;
        double rows = train + (n - train) + train;
        double flops = 2 * rows * train * sizes.Spaces * sizes.Voxels * iterations * sizes.Folds;

        // Kernels of as many features as here have a diagonal of about that size: they begin with one of about 1.
        double initialDelta = -Math.Log(sizes.Features);
        HyperGradientOptions options = new()
        {
            MaxIterations = iterations, Tolerance = null, Seed = PowerIterationSeed, Weights = WeightKind.Dual,
        };
        return Describe(
            "hyper-gradient", WorkloadGroup.HyperGradient, "hyper-gradient descent", sizes,
            $"{iterations} iterations", flops, KernelFlops(sizes)) with
        {
            Prepare = backend =>
            {
                FitData data = new(sizes);
                return new FitWorkload<HyperGradientResult<float>>(
                    data,
                    cancellation => Descend(backend, data, options, initialDelta, cancellation),
                    fit => FitCheck.Descent(data.Explicit(), initialDelta, data.Y, fit));
            },
        };
    }

    private static HyperGradientResult<float> Descend(
        IBackend backend, FitData data, HyperGradientOptions options, double initialDelta,
        CancellationToken cancellation)
    {
        Matrix<float>[] kernels = [.. data.Spaces.Select(space => Predictions.LinearKernel(
            backend, space, space, cancellation))];
        try
        {
            return HyperGradientDescent.Solve(
                backend, [.. kernels.Select(kernel => kernel.View)], data.Targets, data.Folds, options,
                InitialDeltas<float>.Constant(initialDelta), cancellation: cancellation);
        }
        finally
        {
            foreach (Matrix<float> kernel in kernels)
            {
                kernel.Dispose();
            }
        }
    }

    /// <summary>Evenly spaced in the logarithm.</summary>
    private static double[] Alphas(int count) => [.. Enumerable.Range(0, count).Select(i => Math.Pow(
        10, LowestAlphaExponent + (i * (HighestAlphaExponent - LowestAlphaExponent) / (count - 1))))];

    private static double KernelFlops(FitSizes sizes) =>
        (double)sizes.Samples * (sizes.Samples + 1) * sizes.Features * sizes.Spaces;

    /// <summary>All but the work.</summary>
    private static Workload Describe(
        string name, WorkloadGroup group, string words, FitSizes sizes, string more, double singleFlops,
        double doubleFlops)
    {
        double elements = ((double)sizes.Samples * sizes.Spaces * sizes.Features)
            + (2.0 * sizes.Samples * sizes.Voxels);
        return new()
        {
            Name = $"{name}-{sizes.Label}",
            Group = group,
            Description = $"{words}, {sizes}, {more}",
            ElementType = ElementName.Of<float>(),
            Unit = RateUnit.Voxels,
            Amount = sizes.Voxels,
            Cost = new(singleFlops, doubleFlops, sizeof(float) * elements),
            Prepare = _ => throw new InvalidOperationException("The caller says how the work is prepared."),
        };
    }
}
