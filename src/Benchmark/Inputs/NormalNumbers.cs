namespace VemKernels.Benchmark.Inputs;

/// <summary>Standard normal numbers from a seed, by the method of Box and Muller (1958).</summary>
internal sealed class NormalNumbers(int seed)
{
    /// <summary>Numbers that are drawn at a time: 2 MB of doubles, which a second-level cache may hold.</summary>
    private const int NumbersAtOnce = 1 << 18;

    private readonly Random _uniform = new(seed);
    private double _spare;
    private bool _hasSpare;

    /// <summary>The next number.</summary>
    public double Next()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }

        (double first, _spare) = Pair(_uniform.NextDouble(), _uniform.NextDouble());
        _hasSpare = true;
        return first;
    }

    /// <summary>
    /// What so many calls of <see cref="Next"/> give, made on all threads: uniform numbers come one after the other,
    /// what is made of them does not depend on the others.
    /// </summary>
    /// <param name="seed">Seed.</param>
    /// <param name="rows">Rows of numbers.</param>
    /// <param name="columns">Numbers of a row.</param>
    /// <param name="use">Takes a row and its numbers; called for several rows at once.</param>
    public static void ForEachRow(int seed, nint rows, int columns, Action<nint, ReadOnlySpan<double>> use)
    {
        Random uniform = new(seed);

        // Two rows are whole pairs, whatever their length.
        int rowPairs = Math.Max(1, NumbersAtOnce / (2 * Math.Max(1, columns)));
        double[] numbers = new double[2 * rowPairs * columns];
        for (nint first = 0; first < rows; first += 2 * rowPairs)
        {
            int count = (int)Math.Min(2 * rowPairs, rows - first);
            int needed = count * columns;
            for (int i = 0; i < needed + (needed % 2); i++)
            {
                numbers[i] = uniform.NextDouble();
            }

            nint start = first;
            Parallel.For(0, (count + 1) / 2, rowPair =>
            {
                int row = 2 * rowPair;
                int end = Math.Min(row + 2, count);
                for (int i = row * columns; i < end * columns; i += 2)
                {
                    (numbers[i], numbers[i + 1]) = Pair(numbers[i], numbers[i + 1]);
                }

                for (; row < end; row++)
                {
                    use(start + row, numbers.AsSpan(row * columns, columns));
                }
            });
        }
    }

    private static (double First, double Second) Pair(double u, double v)
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - u));
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * v);
        return (radius * cosine, radius * sine);
    }
}
