namespace VemKernels.Reference;

/// <summary>
/// Symmetric eigendecomposition A = Q diag(w) Q' by the cyclic Jacobi method: rotations, each of which annihilates one
/// off-diagonal element, in sweeps over all of them (Golub and Van Loan, Matrix Computations, section 8.5).
/// </summary>
internal static class SymmetricJacobi
{
    /// <summary>Convergence is quadratic; matrices of hundreds of rows take about ten sweeps.</summary>
    private const int MaxSweeps = 60;

    /// <summary>Unit roundoff of double: 2^-53.</summary>
    private const double Roundoff = 1.1102230246251565e-16;

    /// <summary>The eigenvectors in the columns of Q, eigenvalues ascending. Destroys A.</summary>
    /// <exception cref="ArithmeticException">No convergence.</exception>
    public static (double[][] Q, double[] W) Compute(double[][] A, CancellationToken cancellation)
    {
        int n = A.Length;

        // Row r holds eigenvector r: rotations then run along rows.
        double[][] Qt = Dense.Identity(n);

        // What is left off the diagonal at this size is less than the rounding of A itself.
        double negligible = Roundoff * A.Select(row => row.Max(Math.Abs)).DefaultIfEmpty().Max();
        int sweep = 0;
        while (Sweep(A, Qt, negligible))
        {
            cancellation.ThrowIfCancellationRequested();
            if (++sweep == MaxSweeps)
            {
                throw new ArithmeticException($"The Jacobi eigenvalue method did not converge in {MaxSweeps} sweeps.");
            }
        }

        cancellation.ThrowIfCancellationRequested();
        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => A[i][i])];
        double[] w = [.. order.Select(i => A[i][i])];
        return (Dense.Transpose(Dense.Rows(Qt, order), n), w);
    }

    /// <summary>Rotates every pair once; whether any had to be.</summary>
    private static bool Sweep(double[][] A, double[][] Qt, double negligible)
    {
        bool rotated = false;
        for (int p = 0; p < A.Length; p++)
        {
            for (int q = p + 1; q < A.Length; q++)
            {
                if (Math.Abs(A[p][q]) > negligible)
                {
                    Rotation rotation = Rotation.Diagonalising(A[p][p], A[p][q], A[q][q]);
                    rotation.ApplyToColumns(A, p, q);
                    rotation.Apply(A[p], A[q]);
                    A[p][q] = 0;
                    A[q][p] = 0;
                    rotation.Apply(Qt[p], Qt[q]);
                    rotated = true;
                }
            }
        }

        return rotated;
    }
}
