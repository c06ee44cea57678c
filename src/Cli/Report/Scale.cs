namespace VemKernels.Cli.Report;

/// <summary>A linear map from values to pixels, with round numbers to mark.</summary>
/// <param name="From">The value at <paramref name="FromPixel"/>.</param>
/// <param name="To">The value at <paramref name="ToPixel"/>.</param>
/// <param name="FromPixel">Where the scale begins.</param>
/// <param name="ToPixel">Where it ends; may be less, as vertical scales go up.</param>
internal readonly record struct Scale(double From, double To, double FromPixel, double ToPixel)
{
    /// <summary>Steps between marks are these times a power of ten.</summary>
    private static readonly double[] RoundSteps = [1, 2, 5, 10];

    /// <summary>The pixel of a value.</summary>
    public double this[double value] => FromPixel + ((value - From) / (To - From) * (ToPixel - FromPixel));

    /// <summary>Round values inside the scale, about as many as wanted.</summary>
    public IEnumerable<double> Ticks(int wanted)
    {
        double rough = (To - From) / wanted;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * RoundSteps.First(candidate => candidate * power >= rough * (1 - Tolerance));
        long first = (long)Math.Ceiling((From / step) - Tolerance);
        long last = (long)Math.Floor((To / step) + Tolerance);
        for (long i = first; i <= last; i++)
        {
            yield return i * step;
        }
    }

    /// <summary>Rounding that does not push a mark off the scale.</summary>
    private const double Tolerance = 1e-9;
}
