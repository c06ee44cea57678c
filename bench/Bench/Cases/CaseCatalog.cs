namespace VemKernels.Bench.Cases;

/// <summary>All that is measured.</summary>
internal static class CaseCatalog
{
    /// <summary>Targets in a tile, as the CPU backend prefers them.</summary>
    private const int Tile = 3072;

    /// <summary>The cases, in the order in which tables show them.</summary>
    public static IReadOnlyList<Case> All { get; } =
    [
        Level3Cases.Gemm<float>(512, 512, 512, quick: true),
        Level3Cases.Gemm<float>(1024, 1024, 1024),
        Level3Cases.Gemm<float>(2048, 2048, 2048),
        Level3Cases.Gemm<float>(4096, 64, 4096),
        Level3Cases.Gemm<float>(300, 300, 20000),
        Level3Cases.Gemm<float>(4096, 4096, 16),
        Level3Cases.Gemm<double>(512, 512, 512, quick: true),
        Level3Cases.Gemm<double>(1024, 1024, 1024),
        Level3Cases.Gemm<double>(2048, 2048, 2048),
        Level3Cases.Gemm<double>(4096, 64, 4096),
        Level3Cases.Gemm<double>(4096, 4096, 16),
        Level3Cases.Syrk<float>(1000, 4000),
        Level3Cases.Syrk<double>(1000, 4000, quick: true),
        Level3Cases.Trsm<double>(1000, 4000),
        FactorisationCases.Cholesky<float>(1000),
        FactorisationCases.Cholesky<double>(1000, quick: true),
        FactorisationCases.Cholesky<double>(3000),
        FactorisationCases.Inverse<double>(1000),
        FactorisationCases.SymmetricEigen<float>(1200),
        FactorisationCases.SymmetricEigen<double>(300, quick: true),
        FactorisationCases.SymmetricEigen<double>(600),
        FactorisationCases.SymmetricEigen<double>(1200),
        FactorisationCases.SymmetricEigen<double>(2400),
        FactorisationCases.ThinSvd<double>(300, 300, quick: true),
        FactorisationCases.ThinSvd<double>(1000, 1000),
        FactorisationCases.ThinSvd<double>(4000, 300),
        FactorisationCases.Cholesky<double>(100, count: 200),
        FactorisationCases.Inverse<double>(100, count: 200),
        FactorisationCases.SymmetricEigen<double>(32, count: 500),
        FactorisationCases.ThinSvd<double>(64, 16, count: 500),
        CrossValidationCases.TriangularSquaredNorms<float>(1000, Tile),
        CrossValidationCases.ResolutionScores<float>(1000, Tile, 5),
        CrossValidationCases.ResidualScores<float>(1000, 500, Tile, 10),
        CrossValidationCases.WeightedKernelProduct<float>(1000, 3, Tile),
        CrossValidationCases.Score<float>(ScoreKind.R2, 1000, Tile),
        CrossValidationCases.Score<float>(ScoreKind.Correlation, 1000, Tile),
        SolverCases.KernelRidge(samples: 1000, targets: 20000, features: 500, alphas: 20, folds: 10),
        SolverCases.FeatureRidge(samples: 1000, targets: 20000, features: 500, alphas: 20, folds: 10),
        SolverCases.MultipleKernel(samples: 1000, targets: 5000, kernels: 3, features: 500, candidates: 5, alphas: 20, folds: 5),
        SolverCases.MultipleKernel(
            samples: 300, targets: 1000, kernels: 3, features: 200, candidates: 10, alphas: 20, folds: 5, quick: true),
    ];

    /// <summary>The case of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Case Find(string name) =>
        All.FirstOrDefault(item => item.Name == name) ?? throw new ArgumentException($"There is no case {name}.", nameof(name));
}
