using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>
/// Delayed copies of features: a finite impulse response model of the haemodynamic response, whose shape is then fitted
/// with the weights.
/// </summary>
/// <remarks>
/// <code>
/// features x1 x2, delays 1, 2:      [ x1(t-1) x2(t-1) | x1(t-2) x2(t-2) ]      delay by delay
/// </code>
/// Source: Nishimoto et al., "Reconstructing visual experiences from brain activity evoked by natural movies", Current
/// Biology 21 (2011).
/// </remarks>
public static class Delays
{
    /// <summary>Makes delayed copies of features, inside runs.</summary>
    /// <param name="X">samples x features.</param>
    /// <param name="delays">
    /// In samples: under delay d, row i holds row i - d of the same run, else zeros. May be negative.
    /// </param>
    /// <param name="runs">The runs of the samples; null for one run.</param>
    /// <returns>samples x (delays * features), delay by delay.</returns>
    /// <exception cref="ArgumentException">
    /// No delay, a delay named twice, or runs of another number of samples.
    /// </exception>
    public static Matrix<T> Apply<T>(MatrixView<T> X, ReadOnlySpan<int> delays, RunLabels? runs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(delays);
        runs?.RequireSamples(X.Rows, nameof(X));
        Matrix<T> delayed = new(X.Rows, X.Columns * delays.Length);
        for (int d = 0; d < delays.Length; d++)
        {
            MatrixView<T> copy = delayed.View.SliceColumns(d * X.Columns, X.Columns);
            if (runs is null)
            {
                Shift(X, delays[d], copy);
                continue;
            }

            foreach (RunSegment run in runs.Segments)
            {
                Shift(X.SliceRows(run.First, run.Count), delays[d], copy.SliceRows(run.First, run.Count));
            }
        }

        return delayed;
    }

    /// <summary>The features of each delay, as views of what <see cref="Apply"/> made.</summary>
    /// <param name="delayed">samples x (delays * features).</param>
    /// <param name="delays">How many delays.</param>
    /// <returns>
    /// For each delay, samples x features. For weights (delays * features) x targets, pass and use transposed views.
    /// </returns>
    /// <exception cref="ArgumentException">The columns cannot be shared out to so many delays.</exception>
    public static MatrixView<T>[] Split<T>(MatrixView<T> delayed, int delays)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delays, 1);
        (nint features, nint rest) = (delayed.Columns / delays, delayed.Columns % delays);
        if (rest != 0)
        {
            throw new ArgumentException(
                $"{delayed.Columns} columns cannot be shared out to {delays} delays.", nameof(delayed));
        }

        MatrixView<T>[] byDelay = new MatrixView<T>[delays];
        for (int d = 0; d < delays; d++)
        {
            byDelay[d] = delayed.SliceColumns(d * features, features);
        }

        return byDelay;
    }

    private static void Check(ReadOnlySpan<int> delays)
    {
        if (delays.IsEmpty)
        {
            throw new ArgumentException("No delay; expected at least one.", nameof(delays));
        }

        for (int d = 1; d < delays.Length; d++)
        {
            if (delays[..d].Contains(delays[d]))
            {
                throw new ArgumentException($"Delay {delays[d]} is named twice.", nameof(delays));
            }
        }
    }

    private static void Shift<T>(MatrixView<T> run, int delay, MatrixView<T> shifted)
        where T : unmanaged
    {
        nint kept = Math.Max(0, run.Rows - Math.Abs((nint)delay));
        nint from = kept == 0 ? 0 : Math.Max(0, -(nint)delay);
        nint to = kept == 0 ? 0 : Math.Max(0, (nint)delay);
        run.SliceRows(from, kept).CopyTo(shifted.SliceRows(to, kept));
    }
}
