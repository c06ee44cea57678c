namespace VemKernels.Benchmark.Checks;

/// <summary>One comparison of a result with what it must be.</summary>
/// <param name="Name">What was compared.</param>
/// <param name="Error">How far off it is, in the units of the tolerance; NaN is wrong.</param>
/// <param name="Tolerance">How far off it may be.</param>
internal sealed record CheckResult(string Name, double Error, double Tolerance)
{
    /// <summary>Whether the result is right.</summary>
    public bool Passed => Error <= Tolerance;
}
