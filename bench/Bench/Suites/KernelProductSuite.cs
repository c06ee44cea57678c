using VemKernels.Bench.Cases;

namespace VemKernels.Bench.Suites;

/// <summary>Products with several kernels, each target with weights of its own.</summary>
public class KernelProductSuite : CaseSuite
{
    /// <inheritdoc/>
    public override IEnumerable<string> Cases => NamesOf(CaseGroup.KernelProduct);
}
