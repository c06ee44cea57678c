namespace VemKernels.Reference;

/// <summary>
/// Cholesky factorisation A = L L', unblocked, row by row (Golub and Van Loan, Matrix Computations, section 4.2).
/// </summary>
internal static class CholeskyFactor
{
    /// <summary>Replaces the lower triangle of A by L, the upper by zeros.</summary>
    /// <exception cref="NotPositiveDefiniteException">A pivot is not positive (NaN is not).</exception>
    public static void Compute(double[][] A, int matrix)
    {
        int n = A.Length;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double rest = A[i][j];
                for (int k = 0; k < j; k++)
                {
                    rest -= A[i][k] * A[j][k];
                }

                if (j < i)
                {
                    A[i][j] = rest / A[j][j];
                }
                else if (rest > 0)
                {
                    A[i][i] = Math.Sqrt(rest);
                }
                else
                {
                    throw new NotPositiveDefiniteException(i, matrix, rest);
                }
            }

            Array.Clear(A[i], i + 1, n - i - 1);
        }
    }

    /// <summary>Replaces L by the inverse of L L': first the rows of X = inv(L), then X' X.</summary>
    public static void Invert(double[][] L)
    {
        int n = L.Length;
        double[][] X = Dense.Identity(n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                for (int k = j; k < i; k++)
                {
                    X[i][j] -= L[i][k] * X[k][j];
                }

                X[i][j] /= L[i][i];
            }
        }

        double[][] inverse = Dense.Product(Dense.Transpose(X, n), X, n);
        for (int i = 0; i < n; i++)
        {
            inverse[i].CopyTo(L[i], 0);
        }
    }
}
