using System.Numerics;

namespace VemKernels.Benchmark.Checks;

/// <summary>
/// Whether factors multiply to the matrix that was factored and are orthogonal where they must be, as LAPACK's tests
/// have it: residuals over n epsilon |A|, here of products with a random vector. Batches are stacks of rows; the worst
/// of all matrices counts.
/// </summary>
internal static class FactorisationCheck
{
    /// <summary>LAPACK's own.</summary>
    private const double Tolerance = 30;

    private const string Residual = "residual over n epsilon |A|";
    private const string Orthogonality = "orthogonality over n epsilon";

    /// <summary>A = L L', (count n) x n each; L with zeros above its diagonal.</summary>
    public static IReadOnlyList<CheckResult> Cholesky<T>(MatrixView<T> A, MatrixView<T> L)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint n = A.Columns;
        double[] x = ProbeVectors.Signs(n);
        double residual = 0;
        for (nint first = 0; first < A.Rows; first += n)
        {
            MatrixView<T> a = A.SliceRows(first, n);
            MatrixView<T> l = L.SliceRows(first, n);
            double[] product = ProbeVectors.Times(l, ProbeVectors.TransposeTimes(l, x));
            residual = Math.Max(residual, Relative<T>(ProbeVectors.Times(a, x), product, x, ProbeVectors.Norm(a)));
        }

        return [new(Residual, residual, Tolerance)];
    }

    /// <summary>A = Q diag(w) Q': A and Q (count n) x n, w count x n ascending.</summary>
    public static IReadOnlyList<CheckResult> SymmetricEigen<T>(MatrixView<T> A, MatrixView<T> Q, MatrixView<T> w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint n = A.Columns;
        double[] x = ProbeVectors.Signs(n);
        double residual = 0, orthogonality = 0;
        for (nint first = 0; first < A.Rows; first += n)
        {
            MatrixView<T> a = A.SliceRows(first, n);
            MatrixView<T> q = Q.SliceRows(first, n);
            double[] qx = ProbeVectors.Times(q, x);
            double[] product = ProbeVectors.Times(q, ProbeVectors.Scale(w, first / n, x));
            residual = Math.Max(residual, Relative<T>(ProbeVectors.Times(a, qx), product, x, ProbeVectors.Norm(a)));
            orthogonality = Math.Max(orthogonality, Relative<T>(ProbeVectors.TransposeTimes(q, qx), x, x, 1));
        }

        return
        [
            new(Residual, residual, Tolerance),
            new(Orthogonality, orthogonality, Tolerance),
            new("eigenvalues out of order", OutOfOrder(w, sign: 1), 0),
        ];
    }

    /// <summary>
    /// A = U diag(s) Vt: A and U (count m) x n, m at least n; s count x n descending; Vt (count n) x n.
    /// </summary>
    public static IReadOnlyList<CheckResult> ThinSvd<T>(
        MatrixView<T> A, MatrixView<T> U, MatrixView<T> s, MatrixView<T> Vt)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint n = A.Columns;
        nint m = A.Rows / s.Rows;
        double[] x = ProbeVectors.Signs(n);
        double residual = 0, orthogonality = 0;
        for (nint b = 0; b < s.Rows; b++)
        {
            MatrixView<T> a = A.SliceRows(b * m, m);
            MatrixView<T> u = U.SliceRows(b * m, m);
            MatrixView<T> vt = Vt.SliceRows(b * n, n);
            double[] vx = ProbeVectors.TransposeTimes(vt, x);
            double[] product = ProbeVectors.Times(u, ProbeVectors.Scale(s, b, x));
            residual = Math.Max(residual, Relative<T>(ProbeVectors.Times(a, vx), product, x, ProbeVectors.Norm(a)));
            double[] back = ProbeVectors.TransposeTimes(u, ProbeVectors.Times(u, x));
            orthogonality = Math.Max(orthogonality, Relative<T>(back, x, x, 1));
            orthogonality = Math.Max(orthogonality, Relative<T>(ProbeVectors.Times(vt, vx), x, x, 1));
        }

        return
        [
            new(Residual, residual, Tolerance),
            new(Orthogonality, orthogonality, Tolerance),
            new("singular values out of order", OutOfOrder(s, sign: -1), 0),
        ];
    }

    private static double Relative<T>(double[] found, double[] expected, double[] probe, double norm)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ProbeVectors.Distance(found, expected)
        / (probe.Length * ProbeVectors.Epsilon<T>() * norm * ProbeVectors.Norm(probe));

    private static double OutOfOrder<T>(MatrixView<T> values, int sign)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = 0;
        for (nint b = 0; b < values.Rows; b++)
        {
            for (nint i = 1; i < values.Columns; i++)
            {
                bool inOrder = sign > 0 ? values[b, i - 1] <= values[b, i] : values[b, i - 1] >= values[b, i];
                count += inOrder ? 0 : 1;
            }
        }

        return count;
    }
}
