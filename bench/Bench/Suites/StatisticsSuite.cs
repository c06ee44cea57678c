using VemKernels.Bench.Cases;

namespace VemKernels.Bench.Suites;

/// <summary>Column statistics, norms and centring.</summary>
public class StatisticsSuite : CaseSuite
{
    /// <inheritdoc/>
    public override IEnumerable<string> Cases => NamesOf(CaseGroup.Statistics);
}
