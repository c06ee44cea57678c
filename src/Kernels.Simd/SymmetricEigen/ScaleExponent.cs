using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// The power of two that brings a matrix to a largest element near 1, so that no sum of squares over- or underflows.
/// </summary>
internal static class ScaleExponent
{
    /// <summary>
    /// Exponents beyond these have no power of two that is a normal number; what remains to scale then does no harm.
    /// </summary>
    private const int LargestSingle = 126;

    /// <summary>The same of double.</summary>
    private const int LargestDouble = 1022;

    /// <summary>
    /// The exponent of the largest element of the lower triangle of a symmetric matrix; 0 if all are zero.
    /// </summary>
    /// <param name="A">The matrix.</param>
    /// <param name="index">Which of many matrices it is, for the message.</param>
    /// <exception cref="ArithmeticException">An element is NaN or infinity.</exception>
    public static int Of<T>(MatrixView<T> A, int? index = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T largest = LargestMagnitude.OfLowerTriangle(A);
        if (!T.IsFinite(largest))
        {
            throw new ArithmeticException(Describe(A, index));
        }

        return OfLargest(largest);
    }

    /// <summary>The exponent for this largest absolute element, which is finite; 0 if it is zero.</summary>
    public static int OfLargest<T>(T largest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int bound = typeof(T) == typeof(float) ? LargestSingle : LargestDouble;
        return largest == T.Zero ? 0 : Math.Clamp(T.ILogB(largest), -bound, bound);
    }

    private static string Describe<T>(MatrixView<T> A, int? index)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string name = index is null ? "A" : $"A[{index}]";
        for (nint i = 0; i < A.Rows; i++)
        {
            for (nint j = 0; j <= i; j++)
            {
                if (!T.IsFinite(A[i, j]))
                {
                    return $"A symmetric eigendecomposition needs finite numbers; {name}({i}, {j}) is {A[i, j]}.";
                }
            }
        }

        throw new InvalidOperationException("All elements are finite.");
    }
}
