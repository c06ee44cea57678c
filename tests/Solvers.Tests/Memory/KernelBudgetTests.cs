using VemKernels.Simd;
using VemKernels.Solvers.Tests.RandomSearch;

namespace VemKernels.Solvers.Tests.Memory;

/// <summary>Kernels that are more than the memory holds are read from the host again for each candidate.</summary>
internal sealed class KernelBudgetTests
{
    private const int Spaces = 12;

    [Test]
    public void A_budget_under_the_kernels_gives_the_same_fit([Values] Factoring factoring, [Values] bool intercept)
    {
        using SimdBackend backend = new();
        using SmallProblem<double> problem = new(
            seed: 4, samples: 310, targets: 6, [.. Enumerable.Repeat(7, Spaces - 1), 400]);
        using Matrix<double> gammas = DirichletSamples.Generate(2, Spaces, [1.0], seed: 1);
        RandomSearchResult<double> Solve(MemoryBudget budget) => MultipleKernelRidge.Solve(
            backend, problem.KernelViews, problem.Targets, gammas.View, CrossValidationSplits.KFold(310, 3),
            new()
            {
                Alphas = [0.1, 10], Memory = budget, FitIntercept = intercept, Weights = WeightKind.Primal,
                Factoring = factoring,
            },
            problem.FeatureViews);
        MemoryBudgetException refused = Assert.Throws<MemoryBudgetException>(() => Solve(new MemoryBudget(1000)))!;
        const long Kernels = Spaces * 310L * 310 * sizeof(double);
        using RandomSearchResult<double> tight = Solve(new MemoryBudget(refused.NeededBytes));
        using RandomSearchResult<double> ample = Solve(new MemoryBudget(refused.NeededBytes + (4 * Kernels)));
        Assert.That(tight.BestCandidates, Is.EqualTo(ample.BestCandidates));
        for (nint i = 0; i < ample.Weights!.Rows; i++)
        {
            for (nint j = 0; j < ample.Weights.Columns; j++)
            {
                Assert.That(tight.Weights![i, j], Is.EqualTo(ample.Weights[i, j]).Within(1e-9));
            }
        }
    }
    [Test]
    public void A_device_with_less_memory_than_the_budget_is_named()
    {
        BackendInfo device = new(
            "cuda:0", "A card", "sm_80", 80, MemoryBytes: 5_000_000, SharesHostMemory: false, PreferredTile: 4096);
        Assert.Multiple(() =>
        {
            Assert.That(
                new MemoryBudgetException(new MemoryBudget(1_000_000_000), 7_000_000, device).Message,
                Does.StartWith("The memory of cuda:0 (A card), 5 MB, is too small").And.Contain("at least 7 MB"));
            Assert.That(
                new MemoryBudgetException(new MemoryBudget(1_000_000), 7_000_000, device).Message,
                Does.StartWith("The memory budget of 1 MB is too small"));
        });
    }
}
