using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>Plane rotations and the 2 x 2 triangle, in double.</summary>
internal static class Rotation
{
    /// <summary>2^-1022, the smallest double of full precision.</summary>
    public const double SmallestNormal = 2.2250738585072014e-308;

    /// <summary>Sums of squares under this have lost digits to underflow.</summary>
    private const double SmallestSafeSquare = SmallestNormal / 1.1102230246251565e-16;

    /// <summary>
    /// A power of two by which tiny elements are scaled up while they are squared, 2^600, and its inverse.
    /// </summary>
    private const double Up = 4.149515568880993e180;
    private const double Down = 1 / Up;

    /// <summary>
    /// The rotation for which c f + s g = r and c g - s f = 0. f and g are under 2^511 in absolute value.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Generate(double f, double g, out double cosine, out double sine)
    {
        if (g == 0)
        {
            cosine = 1;
            sine = 0;
            return f;
        }

        double sum = (f * f) + (g * g);
        if (sum < SmallestSafeSquare)
        {
            return GenerateTiny(f, g, out cosine, out sine);
        }

        double r = Math.Sqrt(sum);
        cosine = f / r;
        sine = g / r;
        return r;
    }

    /// <summary>
    /// The smaller singular value of the triangle [f g; 0 h], by sums of positive terms only (Demmel and Kahan, section
    /// 5).
    /// </summary>
    public static double SmallerSingularValue(double f, double g, double h)
    {
        double small = Math.Min(Math.Abs(f), Math.Abs(h));
        double large = Math.Max(Math.Abs(f), Math.Abs(h));
        if (small == 0)
        {
            return 0;
        }

        // With everything over the larger diagonal element: the two singular values are (s + t) / 2 and their product
        // is small / large.
        double ratio = small / large;
        double corner = Math.Abs(g) / large;
        double s = double.Hypot(1 + ratio, corner);
        double t = double.Hypot((large - small) / large, corner);
        return 2 * small / (s + t);
    }

    private static double GenerateTiny(double f, double g, out double cosine, out double sine)
    {
        f *= Up;
        g *= Up;
        double r = Math.Sqrt((f * f) + (g * g));
        cosine = f / r;
        sine = g / r;
        return r * Down;
    }
}
