namespace VemKernels.Reference;

/// <summary>The plane rotation (x, y) -> (c x - s y, s x + c y).</summary>
internal readonly record struct Rotation(double C, double S)
{
    /// <summary>
    /// The rotation by at most 45 degrees that makes [a b; b d] diagonal, b not 0 (Golub and Van Loan, algorithm
    /// 8.5.1).
    /// </summary>
    public static Rotation Diagonalising(double a, double b, double d)
    {
        double tau = (d / (2 * b)) - (a / (2 * b));
        double t = Math.CopySign(1, tau) / (Math.Abs(tau) + Math.Sqrt(1 + (tau * tau)));
        double c = 1 / Math.Sqrt(1 + (t * t));
        return new(c, t * c);
    }

    public void Apply(double[] x, double[] y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            (x[i], y[i]) = ((C * x[i]) - (S * y[i]), (S * x[i]) + (C * y[i]));
        }
    }

    public void ApplyToColumns(double[][] A, int p, int q)
    {
        foreach (double[] row in A)
        {
            (row[p], row[q]) = ((C * row[p]) - (S * row[q]), (S * row[p]) + (C * row[q]));
        }
    }
}
