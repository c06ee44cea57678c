using VemKernels.Bench.Cases;

namespace VemKernels.Bench.Suites;

/// <summary>Matrix products and triangular solves.</summary>
public class Level3Suite : CaseSuite
{
    /// <inheritdoc/>
    public override IEnumerable<string> Cases => NamesOf(CaseGroup.Level3);
}
