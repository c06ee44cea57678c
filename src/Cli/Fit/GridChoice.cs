using System.Numerics;

namespace VemKernels.Cli.Fit;

/// <summary>How many targets chose each value of a grid of alphas or penalties.</summary>
/// <param name="Name">What was chosen: "alpha", "l21", "l1".</param>
/// <param name="Grid">The values, ascending, each once.</param>
/// <param name="Counts">How many targets chose each; jittered ones count for the nearest.</param>
internal sealed record GridChoice(string Name, IReadOnlyList<double> Grid, IReadOnlyList<int> Counts)
{
    /// <summary>The option of the grid, without dashes.</summary>
    public string Option => Name == "alpha" ? "alphas" : Name;

    /// <summary>How much farther an end is to reach, as a factor.</summary>
    private const double Farther = 1000;

    /// <summary>A shorter grid is a choice of the user's, and has no edges to speak of.</summary>
    public const int FewestOfGrid = 3;

    /// <summary>Counts the choices.</summary>
    /// <param name="name">What was chosen.</param>
    /// <param name="grid">The values, in any order.</param>
    /// <param name="chosen">The choice of each target, 1 x targets.</param>
    public static GridChoice Of<T>(string name, IReadOnlyList<double> grid, MatrixView<T> chosen)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] values = [.. grid.Distinct().Order()];
        int[] counts = new int[values.Length];
        for (nint target = 0; target < chosen.Columns; target++)
        {
            counts[Nearest(values, double.CreateTruncating(chosen[0, target]))]++;
        }

        return new(name, values, counts);
    }

    /// <summary>
    /// The ends of the grid, and how many targets chose them; none where it is too short to have ends. Nothing lies
    /// beyond 0.
    /// </summary>
    public IEnumerable<(string End, double Value, int Count)> Edges()
    {
        if (Grid.Count >= FewestOfGrid)
        {
            if (Grid[0] > 0)
            {
                yield return ("lowest", Grid[0], Counts[0]);
            }

            yield return ("highest", Grid[^1], Counts[^1]);
        }
    }

    /// <summary>Where an end of the grid might be instead.</summary>
    public double Beyond(double end) => end == Grid[0] ? end / Farther : end * Farther;

    /// <summary>The nearest value by ratio, as grids are even in the logarithm; next to 0, by difference.</summary>
    private static int Nearest(double[] values, double number)
    {
        int next = Array.BinarySearch(values, number);
        next = next < 0 ? ~next : next;
        if (next == 0 || next == values.Length)
        {
            return Math.Clamp(next, 0, values.Length - 1);
        }

        (double below, double above) = (values[next - 1], values[next]);
        double middle = below > 0 ? Math.Sqrt(below * above) : above / 2;
        return number < middle ? next - 1 : next;
    }
}
