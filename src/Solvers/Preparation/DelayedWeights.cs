using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>
/// Weights of delayed features by delay: rows as <see cref="Delays.Apply"/> orders columns, delay by delay inside each
/// space.
/// </summary>
public static class DelayedWeights
{
    /// <summary>Shows primal weights of one space by delay, without a copy.</summary>
    /// <param name="weights">(delays * features) x targets, delay by delay.</param>
    /// <param name="delays">How many delays.</param>
    /// <returns>One view a delay, features x targets.</returns>
    /// <exception cref="ArgumentException">The rows cannot be shared out to so many delays.</exception>
    public static MatrixView<T>[] Split<T>(MatrixView<T> weights, int delays)
        where T : unmanaged => Split(weights, delays, nameof(weights));

    /// <summary>Shows primal weights of several spaces, stacked by rows, by space and delay, without a copy.</summary>
    /// <param name="weights">(delays * features of all spaces) x targets.</param>
    /// <param name="columns">Columns of each space's delayed features: its delays * features.</param>
    /// <param name="delays">How many delays each space has.</param>
    /// <returns>For each space one view a delay, features x targets.</returns>
    /// <exception cref="ArgumentException">Counts that do not fit.</exception>
    public static MatrixView<T>[][] Split<T>(MatrixView<T> weights, ReadOnlySpan<int> columns, ReadOnlySpan<int> delays)
        where T : unmanaged
    {
        if (columns.Length != delays.Length)
        {
            throw new ArgumentException(
                $"Numbers of delays of {delays.Length} spaces; there are {columns.Length}.", nameof(delays));
        }

        nint total = 0;
        foreach (int count in columns)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(columns));
            total += count;
        }

        Shapes.Require(weights, total, weights.Columns, nameof(weights));
        MatrixView<T>[][] spaces = new MatrixView<T>[columns.Length][];
        nint row = 0;
        for (int i = 0; i < spaces.Length; i++)
        {
            spaces[i] = Split(weights.SliceRows(row, columns[i]), delays[i], $"weights of space {i}");
            row += columns[i];
        }

        return spaces;
    }

    /// <summary>
    /// The mean over delays of the weights of each feature, summed in double: how the feature acts, whenever it does.
    /// </summary>
    /// <param name="weights">(delays * features) x targets, delay by delay.</param>
    /// <param name="delays">How many delays.</param>
    /// <returns>features x targets.</returns>
    /// <exception cref="ArgumentException">The rows cannot be shared out to so many delays.</exception>
    public static Matrix<T> Mean<T>(MatrixView<T> weights, int delays)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T>[] byDelay = Split(weights, delays);
        Matrix<T> mean = Matrix<T>.Uninitialized(byDelay[0].Rows, weights.Columns);
        MatrixView<T> result = mean.View;
        for (nint i = 0; i < result.Rows; i++)
        {
            for (nint j = 0; j < result.Columns; j++)
            {
                double sum = 0;
                foreach (MatrixView<T> delay in byDelay)
                {
                    sum += double.CreateTruncating(delay[i, j]);
                }

                result[i, j] = T.CreateTruncating(sum / delays);
            }
        }

        return mean;
    }

    private static MatrixView<T>[] Split<T>(MatrixView<T> weights, int delays, string name)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delays, 1);
        (nint features, nint rest) = (weights.Rows / delays, weights.Rows % delays);
        if (rest != 0)
        {
            throw new ArgumentException(
                $"{name}: {weights.Rows} rows cannot be shared out to {delays} delays.", nameof(weights));
        }

        MatrixView<T>[] byDelay = new MatrixView<T>[delays];
        for (int d = 0; d < delays; d++)
        {
            byDelay[d] = weights.SliceRows(d * features, features);
        }

        return byDelay;
    }
}
