namespace VemKernels.Reference;

/// <summary>
/// Thin singular value decomposition A = U diag(s) Vt by the one-sided Jacobi method of Hestenes: rotate pairs of
/// columns of A until all are orthogonal; their lengths are the singular values (Golub and Van Loan, Matrix
/// Computations, section 8.6.3).
/// </summary>
internal static class OneSidedJacobi
{
    /// <summary>Convergence is quadratic in the end; rank-deficient matrices take a few sweeps more.</summary>
    private const int MaxSweeps = 60;

    /// <summary>Unit roundoff of double: 2^-53.</summary>
    private const double Roundoff = 1.1102230246251565e-16;

    /// <summary>
    /// Next to a largest element of about 1, a column this short is rounding; its squares would soon underflow.
    /// </summary>
    private const double NegligibleLength = 1e-100;

    /// <summary>U (m x k), s (k, descending) and Vt (k x n) of A (m x n), k = min(m, n). A is not changed.</summary>
    /// <exception cref="ArithmeticException">No convergence.</exception>
    public static (double[][] U, double[] S, double[][] Vt) Compute(double[][] A, int n, CancellationToken cancellation)
    {
        int m = A.Length;
        if (m < n)
        {
            // A' = X S Y' gives A = Y S X'.
            (double[][] X, double[] s, double[][] Yt) = Tall(A.Select(row => row.ToArray()).ToArray(), n, cancellation);
            return (Dense.Transpose(Yt, m), s, Dense.Transpose(X, m));
        }

        return Tall(Dense.Transpose(A, n), m, cancellation);
    }

    /// <summary>
    /// Decomposes the m x n matrix, m >= n, whose columns are given: column j in array j. Destroys them.
    /// </summary>
    private static (double[][] U, double[] S, double[][] Vt) Tall(double[][] columns, int m, CancellationToken cancellation)
    {
        int n = columns.Length;
        double[][] Vt = Dense.Identity(n);
        int exponent = ScaleToOne(columns);
        int sweep = 0;
        while (Sweep(columns, Vt, m))
        {
            cancellation.ThrowIfCancellationRequested();
            if (++sweep == MaxSweeps)
            {
                throw new ArithmeticException($"The Jacobi method for singular values did not converge in {MaxSweeps} sweeps.");
            }
        }

        cancellation.ThrowIfCancellationRequested();
        double[] lengths = [.. columns.Select(x => Math.Sqrt(Dense.Dot(x, x)))];
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(j => lengths[j])];
        double[][] Ut = Dense.Rows(columns, order);
        for (int j = 0; j < n; j++)
        {
            double length = lengths[order[j]];
            Ut[j] = length > 0 ? [.. Ut[j].Select(x => x / length)] : UnitOrthogonalTo(Ut[..j], m);
        }

        double[] s = [.. order.Select(j => Math.ScaleB(lengths[j], exponent))];
        return (Dense.Transpose(Ut, m), s, Dense.Rows(Vt, order));
    }

    /// <summary>
    /// Scales by a power of two, so exactly, to a largest element from 1 to 2; returns the exponent taken out.
    /// </summary>
    private static int ScaleToOne(double[][] columns)
    {
        double largest = columns.Select(x => x.Max(Math.Abs)).DefaultIfEmpty().Max();
        int exponent = largest == 0 ? 0 : Math.ILogB(largest);
        foreach (double[] x in columns)
        {
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = Math.ScaleB(x[i], -exponent);
            }
        }

        return exponent;
    }

    /// <summary>Makes every pair orthogonal once; whether any was not.</summary>
    private static bool Sweep(double[][] columns, double[][] Vt, int m)
    {
        // An inner product of m terms cannot be told from zero below this cosine.
        double negligibleCosine = Math.Sqrt(m) * Roundoff;
        bool rotated = false;
        foreach (double[] x in columns)
        {
            if (Dense.Dot(x, x) < NegligibleLength * NegligibleLength)
            {
                Array.Clear(x);
            }
        }

        for (int p = 0; p < columns.Length; p++)
        {
            for (int q = p + 1; q < columns.Length; q++)
            {
                double xx = Dense.Dot(columns[p], columns[p]);
                double yy = Dense.Dot(columns[q], columns[q]);
                double xy = Dense.Dot(columns[p], columns[q]);
                if (Math.Abs(xy) > negligibleCosine * Math.Sqrt(xx) * Math.Sqrt(yy))
                {
                    Rotation rotation = Rotation.Diagonalising(xx, xy, yy);
                    rotation.Apply(columns[p], columns[q]);
                    rotation.Apply(Vt[p], Vt[q]);
                    rotated = true;
                }
            }
        }

        return rotated;
    }

    /// <summary>
    /// A unit vector orthogonal to fewer than m orthonormal ones of length m, by Gram and Schmidt on a unit vector.
    /// </summary>
    private static double[] UnitOrthogonalTo(double[][] basis, int m)
    {
        // The axis that the basis covers least keeps a share of at least 1 / m, so nothing is lost to cancellation.
        int axis = Enumerable.Range(0, m).MinBy(i => basis.Sum(b => b[i] * b[i]));
        double[] x = new double[m];
        x[axis] = 1;
        for (int pass = 0; pass < 2; pass++)
        {
            foreach (double[] b in basis)
            {
                double share = Dense.Dot(b, x);
                for (int i = 0; i < m; i++)
                {
                    x[i] -= share * b[i];
                }
            }
        }

        double length = Math.Sqrt(Dense.Dot(x, x));
        return [.. x.Select(value => value / length)];
    }
}
