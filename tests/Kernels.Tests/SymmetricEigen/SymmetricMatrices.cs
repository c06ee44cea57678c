namespace VemKernels.Kernels.Tests;

/// <summary>
/// Families of symmetric matrices chosen to hurt, as LAPACK's test suite has them (LAPACK working note 41).
/// </summary>
internal static class SymmetricMatrices
{
    private const double Smallest = 1e-12;

    /// <summary>All families, by name; each makes a matrix of a given order, the same one each time.</summary>
    public static readonly IReadOnlyDictionary<string, Func<int, double[,]>> Families =
        new Dictionary<string, Func<int, double[,]>>
    {
        ["random"] = Random,
        ["clustered"] = n => FromSpectrum(n, i => i % 3),
        ["nearly equal"] = n => FromSpectrum(n, i => 1 + (1e-14 * i)),
        ["graded"] = n => Graded(n, i => i),
        ["graded, reversed"] = n => Graded(n, i => n - 1 - i),
        ["geometric spectrum"] = n => FromSpectrum(n, i => Math.Pow(Smallest, Fraction(i, n))),
        ["one large, others tiny"] = n => FromSpectrum(n, i => i == 0 ? 1 : Smallest),
        ["rank-deficient"] = n => FromSpectrum(n, i => i < (n / 3) + 1 ? i + 1 : 0),
        ["signs"] = n => FromSpectrum(n, i => i % 2 == 0 ? 1 : -1),
        ["zero"] = n => new double[n, n],
        ["identity"] = n => Diagonal(n, _ => 1),
        ["diagonal"] = n => Diagonal(n, i => Math.Cos(7 * i)),
        ["all ones"] = n => Build(n, (_, _) => 1),
        ["tridiagonal 2, -1"] = SecondDifference,
        ["Wilkinson"] = n => GluedWilkinson(n, n, 0),
        ["glued Wilkinson"] = n => GluedWilkinson(n, 21, 1e-9),
        ["loosely glued Wilkinson"] = n => GluedWilkinson(n, 21, 1e-2),
        ["tiny couplings"] = n => Build(n, (i, j) => i == j ? i % 5 : Math.Abs(i - j) == 1 ? 1e-17 : 0),
        ["arrow"] = n => Build(n, (i, j) => i == j ? i : Math.Min(i, j) == 0 ? 1 : 0),
    };

    public static double[,] Random(int n)
    {
        Random random = new(1000 + n);
        return Build(n, (_, _) => (2 * random.NextDouble()) - 1);
    }

    public static double[,] SecondDifference(int n) => Build(n, (i, j) => i == j ? 2 : Math.Abs(i - j) == 1 ? -1 : 0);

    public static double[,] Scaled(double[,] A, double factor) => Build(A.GetLength(0), (i, j) => factor * A[i, j]);

    /// <summary>H diag(spectrum) H for a product H of a few random reflections.</summary>
    public static double[,] FromSpectrum(int n, Func<int, double> spectrum)
    {
        double[,] A = Diagonal(n, spectrum);
        Random random = new(2000 + n);
        for (int reflection = 0; reflection < 3; reflection++)
        {
            double[] v = new double[n];
            double squares = 0;
            for (int i = 0; i < n; i++)
            {
                v[i] = random.NextDouble() - 0.5;
                squares += v[i] * v[i];
            }

            Reflect(A, v, 2 / Math.Max(squares, double.Epsilon));
        }

        return Build(n, (i, j) => (A[i, j] + A[j, i]) / 2);
    }

    /// <summary>(I - tau v v') A (I - tau v v').</summary>
    private static void Reflect(double[,] A, double[] v, double tau)
    {
        int n = v.Length;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < n; i++)
            {
                double dot = 0;
                for (int j = 0; j < n; j++)
                {
                    dot += v[j] * (pass == 0 ? A[i, j] : A[j, i]);
                }

                for (int j = 0; j < n; j++)
                {
                    if (pass == 0)
                    {
                        A[i, j] -= tau * dot * v[j];
                    }
                    else
                    {
                        A[j, i] -= tau * dot * v[j];
                    }
                }
            }
        }
    }

    /// <summary>
    /// D R D with D falling from 1 to 1e-6 along the order that place gives, so that elements fall to 1e-12.
    /// </summary>
    private static double[,] Graded(int n, Func<int, int> place)
    {
        double[,] A = Random(n);
        double Weight(int i) => Math.Pow(Smallest, Fraction(place(i), n) / 2);
        return Build(n, (i, j) => A[i, j] * Weight(i) * Weight(j));
    }

    /// <summary>
    /// Copies of the Wilkinson matrix W+ of some order along the diagonal, neighbours coupled by glue.
    /// </summary>
    private static double[,] GluedWilkinson(int n, int order, double glue) => Build(
        n, (i, j) => i == j ? Math.Abs((i % order) - ((order - 1) / 2))
            : Math.Abs(i - j) != 1 ? 0
            : Math.Max(i, j) % order == 0 ? glue : 1);

    private static double[,] Diagonal(int n, Func<int, double> element) => Build(n, (i, j) => i == j ? element(i) : 0);

    private static double Fraction(int i, int n) => n == 1 ? 0 : i / (n - 1.0);

    private static double[,] Build(int n, Func<int, int, double> element)
    {
        double[,] A = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                A[i, j] = A[j, i] = element(i, j);
            }
        }

        return A;
    }
}
