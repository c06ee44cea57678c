using VemKernels.OpenCL;
using VemKernels.Solvers.RandomSearch;
using VemKernels.Solvers.Tests.RandomSearch;

namespace VemKernels.Solvers.Tests.Memory;

/// <summary>The workspace that is planned holds what a device's operations borrow for themselves.</summary>
internal sealed class ScratchBudgetTests
{
    private const int Samples = 64;
    private const int Targets = 4096;

    /// <summary>What plans set aside for small needs.</summary>
    private const long Overhead = 48L << 20;

    [Test]
    public void A_tile_is_narrower_where_its_scratch_would_not_fit()
    {
        using OpenClBackend device = (OpenClBackend)ScarceBackend.Device.Create(_ => false);
        long residual = (2 * Samples) + (2 * Samples);
        long scratch = residual * Targets * sizeof(float);
        int free = TileOf(device, new MemoryBudget(Overhead + (20 * scratch)));
        int tight = TileOf(device, new MemoryBudget(Overhead + (3 * scratch / 2)));
        Assert.That(free, Is.EqualTo(Targets));
        Assert.That(tight, Is.LessThan(Targets).And.GreaterThan(64));
    }

    [Test]
    public void A_search_stays_in_its_budget_on_a_device([Values] CrossValidationWay way)
    {
        using OpenClBackend device = (OpenClBackend)ScarceBackend.Device.Create(_ => false);
        using SmallProblem<float> problem = new(seed: 3, Samples, Targets, [5, 3]);
        using Matrix<double> gammas = DirichletSamples.Generate(2, 2, [1.0], 0);
        RandomSearchOptions options = new()
        {
            Alphas = [1, 100], Way = way, Memory = new MemoryBudget(Overhead + (2L << 20)),
        };
        using RandomSearchResult<float> fit = MultipleKernelRidge.Solve(
            device, problem.KernelViews, problem.Targets, gammas.View, CrossValidationSplits.KFold(Samples, 4), options);

        // Of the overhead, packed panels of products take at most this.
        const long Packing = 16L << 20;
        Assert.That(device.PeakBytes, Is.LessThan(Packing + (2L << 20)));
    }

    private static int TileOf(IBackend backend, MemoryBudget memory)
    {
        using SmallProblem<float> problem = new(seed: 3, Samples, Targets, [5, 3]);
        using Matrix<double> gammas = DirichletSamples.Generate(2, 2, [1.0], 0);
        Problem<float> stated = new(
            Inputs<float>.Kernels(new InputMatrices<float>(problem.KernelViews), null), problem.Targets, gammas.View,
            CrossValidationSplits.KFold(Samples, 4),
            new RandomSearchOptions { Alphas = [1, 100], Way = CrossValidationWay.Residual, Memory = memory }, false, null);
        return WorkPlan.Make(stated, backend).Tile;
    }
}
