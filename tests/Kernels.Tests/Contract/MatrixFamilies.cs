namespace VemKernels.Kernels.Tests.Contract;

/// <summary>Symmetric matrices that hurt.</summary>
public enum SymmetricFamily
{
    Random,
    Clustered,
    Graded,
    GradedRows,
    RankDeficient,
    Wilkinson,
    Zero,
    Diagonal,
    Identity,
    Large,
    Small,
}

/// <summary>Rectangular matrices that hurt.</summary>
public enum RectangularFamily
{
    Random,
    Clustered,
    Graded,
    RankDeficient,
    Zero,
    Identity,
    RepeatedColumns,
}

/// <summary>The members of the families, seeded.</summary>
internal static class MatrixFamilies
{
    /// <summary>The smallest of graded values; the largest is 1.</summary>
    private const double LowestGrade = 1e-12;

    private const double ClusterWidth = 1e-10;
    private const double LargeScale = 1e15;

    public static double[,] Symmetric(SymmetricFamily family, int n, int seed) => family switch
    {
        SymmetricFamily.Clustered => FromSpectrum(n, seed, i => (i % 3 == 0 ? 1 : 2) + (ClusterWidth * i)),
        SymmetricFamily.Graded => FromSpectrum(n, seed, i => Grade(i, n)),
        SymmetricFamily.GradedRows => Rescaled(RandomSymmetric(n, seed), i => Math.Sqrt(Grade(i, n))),
        SymmetricFamily.RankDeficient => FromSpectrum(n, seed, i => i < n / 3 ? 1 + i : 0),
        SymmetricFamily.Wilkinson => Arrays.Make(n, n, (i, j) =>
            i == j ? Math.Abs(i - ((n - 1) / 2.0)) : Math.Abs(i - j) == 1 ? 1 : 0),
        SymmetricFamily.Zero => new double[n, n],
        SymmetricFamily.Diagonal => Diagonal(n, seed),
        SymmetricFamily.Identity => Arrays.Identity(n),
        SymmetricFamily.Large => Arrays.Map(RandomSymmetric(n, seed), value => value * LargeScale),
        SymmetricFamily.Small => Arrays.Map(RandomSymmetric(n, seed), value => value / LargeScale),
        _ => RandomSymmetric(n, seed),
    };

    public static double[,] Rectangular(RectangularFamily family, int m, int n, int seed)
    {
        int k = Math.Min(m, n);
        return family switch
        {
            RectangularFamily.Clustered =>
                FromSingularValues(m, n, seed, i => (i % 3 == 0 ? 1 : 2) + (ClusterWidth * i)),
            RectangularFamily.Graded => FromSingularValues(m, n, seed, i => Grade(i, k)),
            RectangularFamily.RankDeficient => FromSingularValues(m, n, seed, i => i < k / 3 ? 1 + i : 0),
            RectangularFamily.Zero => new double[m, n],
            RectangularFamily.Identity => Arrays.Make(m, n, (i, j) => i == j ? 1 : 0),
            RectangularFamily.RepeatedColumns => RepeatedColumns(m, n, seed),
            _ => Arrays.Normal(m, n, seed),
        };
    }

    /// <summary>A kernel with an n x n identity added: eigenvalues from 1 to about 5.</summary>
    public static double[,] PositiveDefinite(int n, int seed)
    {
        double[,] X = Arrays.Normal(n, n, seed);
        double[,] gram = Arrays.Product(X, Arrays.Transpose(X));
        return Arrays.Make(n, n, (i, j) => (gram[i, j] / n) + (i == j ? 1 : 0));
    }

    /// <summary>Q diag(lambda) Q' with a random orthogonal Q.</summary>
    public static double[,] FromSpectrum(int n, int seed, Func<int, double> lambda)
    {
        double[,] Q = RandomOrthonormal(n, n, seed);
        double[,] scaled = Arrays.Make(n, n, (i, j) => Q[i, j] * lambda(j));
        return Symmetrised(Arrays.Product(scaled, Arrays.Transpose(Q)));
    }

    /// <summary>A condition number of 1e4: safely positive definite in float too.</summary>
    public static double[,] IllConditioned(int n, int seed) =>
        FromSpectrum(n, seed, i => Math.Pow(10, -4.0 * i / Math.Max(1, n - 1)));

    private static double[,] FromSingularValues(int m, int n, int seed, Func<int, double> s)
    {
        int k = Math.Min(m, n);
        double[,] U = RandomOrthonormal(m, k, seed);
        double[,] V = RandomOrthonormal(n, k, seed + 1);
        return Arrays.Product(Arrays.Make(m, k, (i, j) => U[i, j] * s(j)), Arrays.Transpose(V));
    }

    private static double Grade(int i, int n) => Math.Pow(LowestGrade, (double)i / Math.Max(1, n - 1));

    private static double[,] RandomSymmetric(int n, int seed) => Symmetrised(Arrays.Normal(n, n, seed));

    private static double[,] Symmetrised(double[,] A) =>
        Arrays.Make(A.GetLength(0), A.GetLength(0), (i, j) => (A[i, j] + A[j, i]) / 2);

    private static double[,] Rescaled(double[,] A, Func<int, double> factor) =>
        Arrays.Make(A.GetLength(0), A.GetLength(1), (i, j) => factor(i) * A[i, j] * factor(j));

    private static double[,] Diagonal(int n, int seed)
    {
        double[,] values = Arrays.Normal(n, 1, seed);
        return Arrays.Make(n, n, (i, j) => i == j ? values[i, 0] : 0);
    }

    private static double[,] RepeatedColumns(int m, int n, int seed)
    {
        double[,] values = Arrays.Normal(m, n, seed);
        return Arrays.Make(m, n, (i, j) => values[i, j / 2]);
    }

    /// <summary>Columns of normal deviates, made orthonormal by Gram and Schmidt, twice.</summary>
    private static double[,] RandomOrthonormal(int m, int k, int seed)
    {
        double[,] Q = Arrays.Normal(m, k, seed);
        for (int j = 0; j < k; j++)
        {
            for (int pass = 0; pass < 2; pass++)
            {
                for (int before = 0; before < j; before++)
                {
                    double share = ColumnDot(Q, before, j);
                    for (int i = 0; i < m; i++)
                    {
                        Q[i, j] -= share * Q[i, before];
                    }
                }
            }

            double length = Math.Sqrt(ColumnDot(Q, j, j));
            for (int i = 0; i < m; i++)
            {
                Q[i, j] /= length;
            }
        }

        return Q;
    }

    private static double ColumnDot(double[,] A, int p, int q)
    {
        double sum = 0;
        for (int i = 0; i < A.GetLength(0); i++)
        {
            sum += A[i, p] * A[i, q];
        }

        return sum;
    }
}
