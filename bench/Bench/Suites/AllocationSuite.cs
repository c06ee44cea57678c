using VemKernels.Bench.Cases;

namespace VemKernels.Bench.Suites;

/// <summary>
/// What runs once a tile, a fold or an alpha, and one fit with 1 to 16 tiles of targets: none may make garbage that
/// grows with their number.
/// </summary>
public class AllocationSuite : CaseSuite
{
    /// <inheritdoc/>
    public override IEnumerable<string> Cases =>
    [
        .. CaseCatalog.All
            .Where(item => item.Group is CaseGroup.CrossValidation or CaseGroup.KernelProduct)
            .Select(item => item.Name),
        Level3Cases.Gemm<float>(512, 512, 512).Name,
        Level3Cases.Syrk<double>(300, 300).Name,
        Level3Cases.Trsm<double>(300, 300).Name,
        FactorisationCases.Cholesky<double>(300).Name,
        FactorisationCases.SymmetricEigen<double>(300).Name,
        .. CaseCatalog.FitsByTiles.Select(item => item.Name),
    ];
}
