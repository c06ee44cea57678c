namespace VemKernels.Bench.Cases;

/// <summary>All that is measured.</summary>
internal static class CaseCatalog
{
    /// <summary>Targets in a tile, as the CPU backend prefers them.</summary>
    private const int Tile = 3072;

    /// <summary>Small matrices, and how many of them: about as many elements each time.</summary>
    private static readonly (int Order, int Count)[] Batched =
        [(4, 20000), (8, 5000), (16, 1200), (32, 300), (64, 80), (128, 20), (256, 8)];

    /// <summary>The cases, in the order in which tables show them.</summary>
    public static IReadOnlyList<Case> All { get; } =
    [
        Level3Cases.Gemm<float>(512, 512, 512, quick: true),
        Level3Cases.Gemm<float>(1024, 1024, 1024),
        Level3Cases.Gemm<float>(2048, 2048, 2048),
        Level3Cases.Gemm<float>(4096, 4096, 4096),
        Level3Cases.Gemm<float>(3000, 3000, 2000),
        Level3Cases.Gemm<float>(1000, 100, 20000),
        Level3Cases.Gemm<double>(512, 512, 512, quick: true),
        Level3Cases.Gemm<double>(1024, 1024, 1024),
        Level3Cases.Gemm<double>(2048, 2048, 2048),
        Level3Cases.Gemm<double>(4096, 4096, 4096),
        Level3Cases.Gemm<double>(3000, 3000, 2000),
        Level3Cases.Gemm<double>(1000, 100, 20000),
        Level3Cases.Syrk<double>(300, 300),
        Level3Cases.Syrk<double>(1200, 1200, quick: true),
        Level3Cases.Syrk<double>(3600, 3600),
        Level3Cases.Trsm<double>(300, 300),
        Level3Cases.Trsm<double>(1200, 1200),
        Level3Cases.Trsm<double>(3600, 3600),
        FactorisationCases.Cholesky<double>(300),
        FactorisationCases.Cholesky<double>(1200, quick: true),
        FactorisationCases.Cholesky<double>(3600),
        FactorisationCases.Inverse<double>(300),
        FactorisationCases.Inverse<double>(1200),
        FactorisationCases.Inverse<double>(3600),
        FactorisationCases.SymmetricEigen<float>(300),
        FactorisationCases.SymmetricEigen<float>(1200),
        FactorisationCases.SymmetricEigen<float>(2400),
        FactorisationCases.SymmetricEigen<double>(300, quick: true),
        FactorisationCases.SymmetricEigen<double>(600),
        FactorisationCases.SymmetricEigen<double>(1200),
        FactorisationCases.SymmetricEigen<double>(2400),
        FactorisationCases.SymmetricEigen<double>(3600),
        FactorisationCases.ThinSvd<double>(300, 300, quick: true),
        FactorisationCases.ThinSvd<double>(3600, 600),
        FactorisationCases.ThinSvd<double>(1200, 1200),
        .. Batched.SelectMany(size => new[]
        {
            FactorisationCases.SymmetricEigen<double>(size.Order, size.Count),
            FactorisationCases.ThinSvd<double>(size.Order, size.Order, size.Count),
        }),
        FactorisationCases.Cholesky<double>(64, 1000),
        FactorisationCases.Inverse<double>(64, 1000),
        PairwiseKernelCases.Rbf<float>(3600, 2000),
        PairwiseKernelCases.Linear<float>(3600, 2000),
        PairwiseKernelCases.Polynomial<float>(3600, 2000),
        PairwiseKernelCases.Sigmoid<float>(3600, 2000),
        PairwiseKernelCases.Cosine<float>(3600, 2000),
        CrossValidationCases.TriangularSquaredNorms<float>(1000, Tile),
        CrossValidationCases.ResolutionScores<float>(1000, Tile, 5),
        CrossValidationCases.ResidualScores<float>(1000, 500, Tile, 10),
        KernelProductCases.WeightedKernelProduct<float>(1000, 3, Tile),
        KernelProductCases.IndexedKernelProduct<float>(1000, 3, Tile),
        KernelProductCases.KernelProductMoments<float>(1000, 3, Tile),
        KernelProductCases.KernelProductDots<float>(1000, 3, Tile),
        CrossValidationCases.Score<float>(ScoreKind.R2, 300, 100000),
        CrossValidationCases.Score<float>(ScoreKind.Correlation, 300, 100000),
        CrossValidationCases.SplitMoments<float>(300, 100000, spaces: 3),
        .. StatisticsCases.All,
        .. ElementwiseCases.All,
        SolverCases.KernelRidge(samples: 1000, targets: 20000, features: 500, alphas: 20, folds: 10),
        SolverCases.FeatureRidge(samples: 1000, targets: 20000, features: 500, alphas: 20, folds: 10),
        SolverCases.MultipleKernel(samples: 1000, targets: 5000, kernels: 3, features: 500, candidates: 5, alphas: 20, folds: 5),
        SolverCases.MultipleKernel(
            samples: 300, targets: 1000, kernels: 3, features: 200, candidates: 10, alphas: 20, folds: 5, quick: true),
        SolverCases.HyperGradient(samples: 300, targets: 500, kernels: 3, features: 200, iterations: 5, folds: 5),
        SolverCases.HyperGradient(
            samples: 1000, targets: 5000, kernels: 3, features: 200, iterations: 5, folds: 5, skipNumpy: true),
        SolverCases.MultipleKernel(
            samples: 3600, targets: 10000, kernels: 2, features: 2000, candidates: 1, alphas: 20, folds: 12, skipTorch: true),
    ];

    /// <summary>The same fit with 1, 4 and 16 tiles of targets, for what it allocates.</summary>
    public static IReadOnlyList<Case> FitsByTiles { get; } = [.. new[] { 1, 4, 16 }.Select(tiles =>
        SolverCases.KernelRidge(samples: 300, targets: tiles * Tile, features: 150, alphas: 10, folds: 5))];

    /// <summary>The case of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Case Find(string name) =>
        All.Concat(FitsByTiles).FirstOrDefault(item => item.Name == name) ?? throw new ArgumentException($"There is no case {name}.", nameof(name));
}
