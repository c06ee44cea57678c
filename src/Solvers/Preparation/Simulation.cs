using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>
/// Simulated data sets with a known truth, for demonstrations, tests and benchmarks. A seed fixes every value.
/// </summary>
public static partial class Simulation
{
    /// <summary>The space of targets that no space drives.</summary>
    public const int NoiseOnly = -1;

    /// <summary>
    /// Simulates a voxelwise-encoding experiment: Gaussian feature spaces recorded in runs, targets each driven by one
    /// space through random weights (or by none), and white noise.
    /// </summary>
    /// <remarks>
    /// <code>
    /// x(t) = a x(t-1) + sqrt(1 - a a) e(t)           each feature, from new in each run, a the autocorrelation, e white
    /// y    = s / std(s) + n / sqrt(signal to noise)  s = delayed X of the target's space times weights, n white
    /// </code>
    /// Targets that nothing drives are n / sqrt(signal to noise).
    /// </remarks>
    /// <exception cref="ArgumentException">An option that makes no sense; the message names it.</exception>
    public static SimulatedVem<T> Vem<T>(VemSimulationOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(options);
        int[] counts = Check(options);
        RandomState random = new(options.Seed);
        RunLabels runs = Runs(options);
        int[] spaceOfTarget = DrawSpaces(random, counts, options.Targets);
        int[] delays = [.. options.Delays];

        Matrix<T>[] features = new Matrix<T>[counts.Length];
        using Matrix<double> responses = new(runs.Samples, options.Targets);
        for (int space = 0; space < counts.Length; space++)
        {
            using Matrix<double> X = DrawFeatures(random, runs, options.Features[space], options.Autocorrelation);
            using Matrix<double> delayed = Delays.Apply(X.View, delays, runs);
            AddSignal(random, delayed.View, space, spaceOfTarget, responses.View);
            features[space] = DenseLoops.Convert<T>(X.View);
        }

        AddNoise(random, responses.View, 1.0 / Math.Sqrt(options.SignalToNoise));
        return new SimulatedVem<T>(features, DenseLoops.Convert<T>(responses.View), runs, spaceOfTarget);
    }

    private static int[] Check(VemSimulationOptions options)
    {
        Require(
            options.Features.Count > 0 && options.Features.All(count => count > 0),
            nameof(options.Features), "at least one space, each with features");
        Require(options.Targets > 0, nameof(options.Targets), "at least 1");
        Require(options.Runs > 0, nameof(options.Runs), "at least 1");
        Require(options.SamplesPerRun > 1, nameof(options.SamplesPerRun), "at least 2");
        Require(options.Autocorrelation is >= 0.0 and < 1.0, nameof(options.Autocorrelation), "0 to under 1");
        Require(
            options.Delays.Count > 0 && options.Delays.All(delay => Math.Abs((long)delay) < options.SamplesPerRun - 1),
            nameof(options.Delays), "at least one, shorter than a run");
        bool ratioIsUsable = options.SignalToNoise > 0.0 && double.IsFinite(options.SignalToNoise);
        Require(ratioIsUsable, nameof(options.SignalToNoise), "over 0, and finite");

        int spaces = options.Features.Count;
        IReadOnlyList<double> shares = options.Shares ?? [.. Enumerable.Repeat(1.0 / (spaces + 1), spaces)];
        const double Rounding = 1e-9;
        Require(
            shares.Count == spaces && shares.All(share => share >= 0.0) && shares.Sum() <= 1.0 + Rounding,
            nameof(options.Shares), "one a space, not negative, together at most 1");
        return [.. shares.Select(share => (int)Math.Floor((share * options.Targets) + Rounding))];
    }

    private static void Require(bool holds, string option, string expected)
    {
        if (!holds)
        {
            throw new ArgumentException($"Simulation option {option}: expected {expected}.", option);
        }
    }

    private static RunLabels Runs(VemSimulationOptions options)
    {
        int[] labels = new int[checked(options.Runs * options.SamplesPerRun)];
        for (int run = 0; run < options.Runs; run++)
        {
            labels.AsSpan(run * options.SamplesPerRun, options.SamplesPerRun).Fill(run + 1);
        }

        return new RunLabels(labels);
    }

    private static int[] DrawSpaces(RandomState random, int[] counts, int targets)
    {
        int[] spaceOfTarget = new int[targets];
        Array.Fill(spaceOfTarget, NoiseOnly);
        int first = 0;
        for (int space = 0; space < counts.Length; space++)
        {
            spaceOfTarget.AsSpan(first, counts[space]).Fill(space);
            first += counts[space];
        }

        random.Shuffle(spaceOfTarget.AsSpan());
        return spaceOfTarget;
    }

    private static Matrix<double> DrawFeatures(RandomState random, RunLabels runs, int features, double autocorrelation)
    {
        Matrix<double> X = random.Randn(runs.Samples, features);
        double innovation = Math.Sqrt(1.0 - (autocorrelation * autocorrelation));
        foreach (RunSegment run in runs.Segments)
        {
            for (int i = run.First + 1; i < run.First + run.Count; i++)
            {
                Span<double> previous = X.View.RowSpan(i - 1);
                Span<double> current = X.View.RowSpan(i);
                for (int j = 0; j < features; j++)
                {
                    current[j] = (autocorrelation * previous[j]) + (innovation * current[j]);
                }
            }
        }

        return X;
    }

    private static void AddSignal(
        RandomState random, MatrixView<double> delayed, int space, int[] spaceOfTarget, MatrixView<double> responses)
    {
        int[] driven = [.. Enumerable.Range(0, spaceOfTarget.Length).Where(target => spaceOfTarget[target] == space)];
        using Matrix<double> weights = random.Randn(delayed.Columns, driven.Length);
        using Matrix<double> signal = new(delayed.Rows, driven.Length);
        DenseLoops.AddProduct(delayed, weights.View, signal.View);
        DenseLoops.Divide(signal.View, DenseLoops.StandardDeviations(signal.View));
        for (nint i = 0; i < delayed.Rows; i++)
        {
            for (int j = 0; j < driven.Length; j++)
            {
                responses[i, driven[j]] = signal[i, j];
            }
        }
    }

    private static void AddNoise(RandomState random, MatrixView<double> responses, double scale)
    {
        for (nint i = 0; i < responses.Rows; i++)
        {
            foreach (ref double value in responses.RowSpan(i))
            {
                value += random.Randn() * scale;
            }
        }
    }
}
