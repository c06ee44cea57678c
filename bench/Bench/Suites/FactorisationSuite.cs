using VemKernels.Bench.Cases;

namespace VemKernels.Bench.Suites;

/// <summary>Factorisations of one matrix.</summary>
public class FactorisationSuite : CaseSuite
{
    /// <inheritdoc/>
    public override IEnumerable<string> Cases => NamesOf(CaseGroup.Factorisation);
}
