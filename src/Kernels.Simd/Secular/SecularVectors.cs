using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// The vectors that belong to the roots r of a secular equation (Gu and Eisenstat, "A stable and efficient algorithm
/// for the rank-one modification of the symmetric eigenproblem", SIAM J. Matrix Anal. Appl. 15, 1994; for singular
/// values "A divide-and-conquer algorithm for the bidiagonal SVD", 16, 1995): z is replaced by the z^ whose exact roots
/// the r are, so that the vectors are orthogonal to working accuracy however close the roots. With x_i = d_i or d_i^2:
/// <code>
///   z^(i)^2 = (r_i - x_i)  product over j != i of  (r_j - x_i) / (x_j - x_i)
///
///   eigenvector     q_j(i) = z^(i) / (x_i - r_j)                   each normalised
///   right singular  v_j(i) = z^(i) / (x_i - r_j)
///   left singular   u_j(i) = d_i v_j(i),  u_j(0) = -1              d_0 = 0, and z is the first row of the matrix
/// </code>
/// The root r_j is at pole[j] + tau[j].
/// </summary>
/// <typeparam name="X">The variable.</typeparam>
/// <typeparam name="T">The type of the vectors' elements.</typeparam>
internal static unsafe class SecularVectors<X, T>
    where X : struct, ISecularVariable
    where T : unmanaged
{
    /// <summary>Component i of z^, with the sign of z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Component(int k, int i, double* d, double* pole, double* tau, double z)
    {
        double di = d[i];
        double square = X.Difference(di, pole[i], tau[i]) * Ratios(0, i, di, d, pole, tau)
            * Ratios(i + 1, k, di, d, pole, tau);
        return Math.CopySign(Math.Sqrt(Math.Abs(square)), z);
    }

    /// <summary>Eigenvector j: its component i at row[position[i]]; work holds k numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Form(
        int k, double* d, double* components, double pole, double tau, int* position, double* work, T* row)
    {
        Vector<double> poles = new(pole), taus = new(tau), squares = Vector<double>.Zero;
        int i = 0;
        for (; i + Vector<double>.Count <= k; i += Vector<double>.Count)
        {
            Vector<double> u = Vector.Load(components + i)
                / X.Difference(Vector.Load(d + i), poles, taus);
            squares += u * u;
            Vector.Store(u, work + i);
        }

        double sum = Vector.Sum(squares);
        for (; i < k; i++)
        {
            double u = components[i] / X.Difference(d[i], pole, tau);
            sum += u * u;
            work[i] = u;
        }

        double scale = 1 / Math.Sqrt(sum);
        for (i = 0; i < k; i++)
        {
            row[position[i]] = ElementConversion<T>.Round(work[i] * scale);
        }
    }

    /// <summary>
    /// Singular vectors j: their components i at left[position[i]] and right[position[i]]; work holds k numbers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FormPair(
        int k, double* d, double* components, double pole, double tau, int* position, double* work, T* left, T* right)
    {
        Vector<double> poles = new(pole), taus = new(tau);
        Vector<double> leftSquares = Vector<double>.Zero, rightSquares = Vector<double>.Zero;
        int i = 0;
        for (; i + Vector<double>.Count <= k; i += Vector<double>.Count)
        {
            Vector<double> di = Vector.Load(d + i);
            Vector<double> v = Vector.Load(components + i) / X.Difference(di, poles, taus);
            Vector<double> u = di * v;
            rightSquares += v * v;
            leftSquares += u * u;
            Vector.Store(v, work + i);
        }

        // The first element of u is -1; above it counted as d_0 v(0) = 0.
        double leftSum = 1 + Vector.Sum(leftSquares), rightSum = Vector.Sum(rightSquares);
        for (; i < k; i++)
        {
            double v = components[i] / X.Difference(d[i], pole, tau);
            double u = d[i] * v;
            rightSum += v * v;
            leftSum += u * u;
            work[i] = v;
        }

        double leftScale = 1 / Math.Sqrt(leftSum), rightScale = 1 / Math.Sqrt(rightSum);
        left[position[0]] = ElementConversion<T>.Round(-leftScale);
        right[position[0]] = ElementConversion<T>.Round(work[0] * rightScale);
        for (i = 1; i < k; i++)
        {
            left[position[i]] = ElementConversion<T>.Round(d[i] * work[i] * leftScale);
            right[position[i]] = ElementConversion<T>.Round(work[i] * rightScale);
        }
    }

    /// <summary>The product over j = first ... end - 1 of (x_i - r_j) / (x_i - x_j).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Ratios(int first, int end, double di, double* d, double* pole, double* tau)
    {
        Vector<double> here = new(di), products = Vector<double>.One;
        int j = first;
        for (; j + Vector<double>.Count <= end; j += Vector<double>.Count)
        {
            products *= X.Difference(here, Vector.Load(pole + j), Vector.Load(tau + j))
                / X.Difference(here, Vector.Load(d + j), Vector<double>.Zero);
        }

        double product = 1;
        for (int lane = 0; lane < Vector<double>.Count; lane++)
        {
            product *= products[lane];
        }

        for (; j < end; j++)
        {
            product *= X.Difference(di, pole[j], tau[j]) / X.Difference(di, d[j], 0);
        }

        return product;
    }
}
