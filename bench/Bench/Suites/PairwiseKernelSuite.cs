using VemKernels.Bench.Cases;

namespace VemKernels.Bench.Suites;

/// <summary>Pairwise kernels of features.</summary>
public class PairwiseKernelSuite : CaseSuite
{
    /// <inheritdoc/>
    public override IEnumerable<string> Cases => NamesOf(CaseGroup.PairwiseKernel);
}
