using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// The vectors of diag(d) + rho z z' from its computed eigenvalues x (Gu and Eisenstat, "A stable and efficient
/// algorithm for the rank-one modification of the symmetric eigenproblem", SIAM J. Matrix Anal. Appl. 15, 1994): z is
/// replaced by the z^ whose exact eigenvalues the x are, so that the vectors are orthogonal to working accuracy however
/// close the eigenvalues.
/// <code>
///   z^(i)^2 = (x_i - d_i)  product over j != i of  (x_j - d_i) / (d_j - d_i),      u_j(i) = z^(i) / (d_i - x_j), normalised
/// </code>
/// The root x_j is pole[j] + tau[j].
/// </summary>
internal static unsafe class SecularVectors<T>
    where T : unmanaged
{
    /// <summary>Component i of z^, with the sign of z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Component(int k, int i, double* d, double* pole, double* tau, double z)
    {
        double di = d[i];
        double square = (di - pole[i] - tau[i]) * Ratios(0, i, di, d, pole, tau) * Ratios(i + 1, k, di, d, pole, tau);
        return Math.CopySign(Math.Sqrt(Math.Abs(square)), z);
    }

    /// <summary>Vector j: its component i at row[position[i]]; work holds k numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Form(
        int k, double* d, double* components, double pole, double tau, int* position, double* work, T* row)
    {
        Vector<double> poles = new(pole), taus = new(tau), squares = Vector<double>.Zero;
        int i = 0;
        for (; i + Vector<double>.Count <= k; i += Vector<double>.Count)
        {
            Vector<double> u = Vector.Load(components + i)
                / (Vector.Load(d + i) - poles - taus);
            squares += u * u;
            Vector.Store(u, work + i);
        }

        double sum = Vector.Sum(squares);
        for (; i < k; i++)
        {
            double u = components[i] / (d[i] - pole - tau);
            sum += u * u;
            work[i] = u;
        }

        double scale = 1 / Math.Sqrt(sum);
        for (i = 0; i < k; i++)
        {
            row[position[i]] = ElementConversion<T>.Round(work[i] * scale);
        }
    }

    /// <summary>The product over j = first ... end - 1 of (d_i - x_j) / (d_i - d_j).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Ratios(int first, int end, double di, double* d, double* pole, double* tau)
    {
        Vector<double> here = new(di), products = Vector<double>.One;
        int j = first;
        for (; j + Vector<double>.Count <= end; j += Vector<double>.Count)
        {
            products *= (here - Vector.Load(pole + j) - Vector.Load(tau + j))
                / (here - Vector.Load(d + j));
        }

        double product = 1;
        for (int lane = 0; lane < Vector<double>.Count; lane++)
        {
            product *= products[lane];
        }

        for (; j < end; j++)
        {
            product *= (di - pole[j] - tau[j]) / (di - d[j]);
        }

        return product;
    }
}
