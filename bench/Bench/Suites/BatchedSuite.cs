using VemKernels.Bench.Cases;

namespace VemKernels.Bench.Suites;

/// <summary>Factorisations of many small matrices.</summary>
public class BatchedSuite : CaseSuite
{
    /// <inheritdoc/>
    public override IEnumerable<string> Cases => NamesOf(CaseGroup.Batched);
}
