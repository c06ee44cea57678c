using VemKernels.Bench.Cases;

namespace VemKernels.Bench.Suites;

/// <summary>Copies and elementwise operations.</summary>
public class ElementwiseSuite : CaseSuite
{
    /// <inheritdoc/>
    public override IEnumerable<string> Cases => NamesOf(CaseGroup.Elementwise);
}
