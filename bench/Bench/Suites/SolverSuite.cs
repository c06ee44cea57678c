using VemKernels.Bench.Cases;

namespace VemKernels.Bench.Suites;

/// <summary>Whole fits.</summary>
public class SolverSuite : CaseSuite
{
    /// <inheritdoc/>
    public override IEnumerable<string> Cases => NamesOf(CaseGroup.Solver);
}
