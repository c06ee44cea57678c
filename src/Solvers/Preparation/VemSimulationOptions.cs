namespace VemKernels.Solvers;

/// <summary>What <see cref="Simulation.Vem"/> simulates.</summary>
public sealed record VemSimulationOptions
{
    /// <summary>Features of each space; as many spaces as numbers. Default: three spaces of 30.</summary>
    public IReadOnlyList<int> Features { get; init; } = [30, 30, 30];

    /// <summary>
    /// Share of the targets that each space drives; the sum is at most 1 and the rest is noise. Null: spaces and noise
    /// share alike.
    /// </summary>
    public IReadOnlyList<double>? Shares { get; init; }

    /// <summary>Number of targets.</summary>
    public int Targets { get; init; } = 1000;

    /// <summary>Number of runs, labelled 1, 2, ...</summary>
    public int Runs { get; init; } = 6;

    /// <summary>Samples of each run, at least 2.</summary>
    public int SamplesPerRun { get; init; } = 100;

    /// <summary>
    /// Correlation of a feature with itself a sample earlier in its run, 0 (white) to under 1 (smooth).
    /// </summary>
    public double Autocorrelation { get; init; }

    /// <summary>
    /// Delays, in samples, with which features drive the targets; see <see cref="Solvers.Delays"/>. Default: no delay.
    /// </summary>
    public IReadOnlyList<int> Delays { get; init; } = [0];

    /// <summary>Variance of the signal over the variance of the noise, in driven targets.</summary>
    public double SignalToNoise { get; init; } = 1.0;

    /// <summary>Seed, 0 to 2^32 - 1.</summary>
    public long Seed { get; init; }
}
