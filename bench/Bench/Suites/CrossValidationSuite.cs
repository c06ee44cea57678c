using VemKernels.Bench.Cases;

namespace VemKernels.Bench.Suites;

/// <summary>Operations of cross-validation on one tile of targets, and scores.</summary>
public class CrossValidationSuite : CaseSuite
{
    /// <inheritdoc/>
    public override IEnumerable<string> Cases => NamesOf(CaseGroup.CrossValidation);
}
