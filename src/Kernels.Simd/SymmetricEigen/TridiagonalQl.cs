using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Eigendecomposition of a small symmetric tridiagonal matrix by implicit QL with Wilkinson's shift (Bowdler, Martin,
/// Reinsch and Wilkinson, "The QR and QL algorithms for symmetric matrices", Numer. Math. 11, 1968): the leaves of
/// divide and conquer. In double for either element type. Vectors are the rows of Z, so that a rotation works on two
/// contiguous rows.
/// </summary>
internal static unsafe class TridiagonalQl
{
    /// <summary>Sweeps for one eigenvalue; two are the rule.</summary>
    private const int MostSweeps = 60;

    /// <summary>Half the distance from 1 to the next larger double.</summary>
    private const double UnitRoundoff = 1.1102230246251565e-16;

    /// <summary>Couplings below this are zero beside a matrix whose largest element is near 1.</summary>
    private const double Negligible = 1e-140;

    /// <summary>
    /// Overwrites d (n elements) by the eigenvalues, in no order, and Z (n x n, row-major, no padding) by the vectors,
    /// in rows. e (n elements, the last one spare) is destroyed.
    /// </summary>
    /// <exception cref="ArithmeticException">An eigenvalue did not converge.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int n, double* d, double* e, double* Z)
    {
        new Span<double>(Z, n * n).Clear();
        for (int i = 0; i < n; i++)
        {
            Z[(i * n) + i] = 1;
        }

        e[n - 1] = 0;
        for (int l = 0; l < n; l++)
        {
            for (int sweep = 0; ; sweep++)
            {
                int m = l;
                while (m < n - 1
                    && Math.Abs(e[m]) > (UnitRoundoff * (Math.Abs(d[m]) + Math.Abs(d[m + 1]))) + Negligible)
                {
                    m++;
                }

                if (m == l)
                {
                    break;
                }

                if (sweep == MostSweeps)
                {
                    throw new ArithmeticException($"The QL iteration did not converge in {MostSweeps} sweeps.");
                }

                Sweep(n, l, m, d, e, Z);
            }
        }
    }

    /// <summary>One implicit QL sweep on the unreduced block l ... m.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sweep(int n, int l, int m, double* d, double* e, double* Z)
    {
        double ratio = (d[l + 1] - d[l]) / (2 * e[l]);
        double g = d[m] - d[l] + (e[l] / (ratio + Math.CopySign(Hypotenuse(ratio, 1), ratio)));
        double sine = 1, cosine = 1, p = 0;
        for (int i = m - 1; i >= l; i--)
        {
            double f = sine * e[i];
            double b = cosine * e[i];
            double r = Hypotenuse(f, g);
            e[i + 1] = r;
            if (r == 0)
            {
                // The bulge vanished: the block splits here.
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }

            sine = f / r;
            cosine = g / r;
            g = d[i + 1] - p;
            r = ((d[i] - g) * sine) + (2 * cosine * b);
            p = sine * r;
            d[i + 1] = g + p;
            g = (cosine * r) - b;
            Rotate(n, cosine, sine, Z + (i * n), Z + ((i + 1) * n));
        }

        d[l] -= p;
        e[l] = g;
        e[m] = 0;
    }

    /// <summary>(x, y) = (c x - s y, s x + c y).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rotate(int n, double c, double s, double* x, double* y)
    {
        int i = 0;
        for (; i + Vector<double>.Count <= n; i += Vector<double>.Count)
        {
            Vector<double> xi = Vector.Load(x + i), yi = Vector.Load(y + i);
            Vector.Store((xi * c) - (yi * s), x + i);
            Vector.Store((xi * s) + (yi * c), y + i);
        }

        for (; i < n; i++)
        {
            double xi = x[i], yi = y[i];
            x[i] = (c * xi) - (s * yi);
            y[i] = (s * xi) + (c * yi);
        }
    }

    /// <summary>
    /// sqrt(x^2 + y^2) where one of the two may be infinite, or both so small that the other form would underflow.
    /// </summary>
    private static double Hypotenuse(double x, double y)
    {
        double squares = (x * x) + (y * y);
        return squares is > 1e-280 and < 1e280 ? Math.Sqrt(squares) : double.Hypot(x, y);
    }
}
