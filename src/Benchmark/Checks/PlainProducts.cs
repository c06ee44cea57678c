using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VemKernels.Benchmark.Checks;

/// <summary>
/// Inner products in double for checks: on purpose none of the code that is checked. Compiled at once and in full, for
/// a check's first call is often its only one.
/// </summary>
internal static class PlainProducts
{
    /// <summary>
    /// Rows of the left and of the right matrix whose products <see cref="Block"/> sums side by side.
    /// </summary>
    public const int LeftRows = 4;
    public const int RightRows = 2;

    /// <summary>Sum of a[p] b[p]; b may be longer.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<double> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        b = b[..a.Length];
        Vector<double> first = Vector<double>.Zero, second = Vector<double>.Zero;
        int width = Vector<double>.Count;
        int p = 0;
        for (; p <= a.Length - (2 * width); p += 2 * width)
        {
            (Vector<double> low, Vector<double> high) = Two(a, p);
            first += low * At(b, p);
            second += high * At(b, p + width);
        }

        double sum = Vector.Sum(first + second);
        for (; p < a.Length; p++)
        {
            sum += double.CreateTruncating(a[p]) * b[p];
        }

        return sum;
    }

    /// <summary>y += x a; y may be longer.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<T>(double x, ReadOnlySpan<T> a, Span<double> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        y = y[..a.Length];
        int width = Vector<double>.Count;
        int p = 0;
        for (; p <= a.Length - (2 * width); p += 2 * width)
        {
            (Vector<double> low, Vector<double> high) = Two(a, p);
            (At<double>(y, p) + (x * low)).CopyTo(y[p..]);
            (At<double>(y, p + width) + (x * high)).CopyTo(y[(p + width)..]);
        }

        for (; p < a.Length; p++)
        {
            y[p] += double.CreateTruncating(a[p]) * x;
        }
    }

    /// <summary>
    /// Inner products of the first elements of some rows of A with some of B, eight sums in registers at a time. Rows
    /// beyond the last are taken for the last.
    /// </summary>
    /// <param name="A">Rows of the left matrix.</param>
    /// <param name="left">The first of <see cref="LeftRows"/>.</param>
    /// <param name="B">Rows of the right matrix.</param>
    /// <param name="right">The first of <see cref="RightRows"/>.</param>
    /// <param name="count">Elements of a row that count.</param>
    /// <param name="sums">LeftRows x RightRows, by rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Block(double[][] A, int left, double[][] B, int right, int count, Span<double> sums)
    {
        int lastA = A.Length - 1, lastB = B.Length - 1;
        ReadOnlySpan<double> a0 = A[left].AsSpan(0, count), a1 = A[Math.Min(left + 1, lastA)].AsSpan(0, count);
        ReadOnlySpan<double> a2 = A[Math.Min(left + 2, lastA)].AsSpan(0, count);
        ReadOnlySpan<double> a3 = A[Math.Min(left + 3, lastA)].AsSpan(0, count);
        ReadOnlySpan<double> b0 = B[right].AsSpan(0, count), b1 = B[Math.Min(right + 1, lastB)].AsSpan(0, count);
        Vector<double> s00 = Vector<double>.Zero, s01 = s00, s10 = s00, s11 = s00;
        Vector<double> s20 = s00, s21 = s00, s30 = s00, s31 = s00;
        int p = 0;
        for (; p <= count - Vector<double>.Count; p += Vector<double>.Count)
        {
            Vector<double> v0 = At(b0, p), v1 = At(b1, p);
            Vector<double> u = At(a0, p);
            s00 = Vector.MultiplyAddEstimate(u, v0, s00);
            s01 = Vector.MultiplyAddEstimate(u, v1, s01);
            u = At(a1, p);
            s10 = Vector.MultiplyAddEstimate(u, v0, s10);
            s11 = Vector.MultiplyAddEstimate(u, v1, s11);
            u = At(a2, p);
            s20 = Vector.MultiplyAddEstimate(u, v0, s20);
            s21 = Vector.MultiplyAddEstimate(u, v1, s21);
            u = At(a3, p);
            s30 = Vector.MultiplyAddEstimate(u, v0, s30);
            s31 = Vector.MultiplyAddEstimate(u, v1, s31);
        }

        sums[0] = Vector.Sum(s00) + Rest(a0, b0, p);
        sums[1] = Vector.Sum(s01) + Rest(a0, b1, p);
        sums[2] = Vector.Sum(s10) + Rest(a1, b0, p);
        sums[3] = Vector.Sum(s11) + Rest(a1, b1, p);
        sums[4] = Vector.Sum(s20) + Rest(a2, b0, p);
        sums[5] = Vector.Sum(s21) + Rest(a2, b1, p);
        sums[6] = Vector.Sum(s30) + Rest(a3, b0, p);
        sums[7] = Vector.Sum(s31) + Rest(a3, b1, p);
    }

    private static double Rest(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int p)
    {
        double sum = 0;
        for (; p < a.Length; p++)
        {
            sum += a[p] * b[p];
        }

        return sum;
    }

    /// <summary>Two vectors of doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<double> Low, Vector<double> High) Two<T>(ReadOnlySpan<T> a, int p)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            Vector.Widen(Vector.As<T, float>(At(a, p)), out Vector<double> low, out Vector<double> high);
            return (low, high);
        }

        return (Vector.As<T, double>(At(a, p)), Vector.As<T, double>(At(a, p + Vector<T>.Count)));
    }

    /// <summary>The vector that begins at an element, all of which must be there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> At<T>(ReadOnlySpan<T> a, int p)
        where T : unmanaged => Vector.LoadUnsafe(ref MemoryMarshal.GetReference(a), (nuint)p);
}
