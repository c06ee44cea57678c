using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Scaling by a power of two, exact, that brings the largest element to where its square is far from overflow and the
/// squares of elements 2^-100 (float; double 2^-900) times as large are far from underflow: no later step guards its
/// sums of squares.
/// </summary>
/// <remarks>The power is kept as two factors: from a subnormal number up, it may be no number of the type by
/// itself.</remarks>
/// <typeparam name="T">float or double.</typeparam>
internal readonly unsafe struct SvdScaling<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>log2 of the largest element after scaling: float, double.</summary>
    private const int SingleExponent = 48;
    private const int DoubleExponent = 400;

    /// <summary>Rows that one task looks at.</summary>
    private const int RowsPerTask = 64;

    private readonly T _first;
    private readonly T _second;

    private SvdScaling(int exponent)
    {
        _first = T.ScaleB(T.One, exponent / 2);
        _second = T.ScaleB(T.One, exponent - (exponent / 2));
    }

    /// <summary>The scaling back.</summary>
    public SvdScaling<T> Inverse => new(-T.ILogB(_first) - T.ILogB(_second));

    /// <summary>The scaling for a matrix of this largest absolute element, which is positive and finite.</summary>
    public static SvdScaling<T> For(T largest) =>
        new((typeof(T) == typeof(float) ? SingleExponent : DoubleExponent) - T.ILogB(largest));

    /// <summary>The largest absolute element of A, 0 of an empty matrix.</summary>
    /// <exception cref="ArithmeticException">A holds NaN or infinity.</exception>
    public static T Largest(SimdContext context, MatrixView<T> A)
    {
        MatrixView<T> rows = A.HasContiguousRows ? A : A.Transposed;
        int tasks = checked((int)((rows.Rows + RowsPerTask - 1) / RowsPerTask));
        using Scratch<T> largest = context.Scratch.Rent<T>(tasks);
        T* results = largest.Pointer;
        context.Pool.For(tasks, task =>
        {
            nint first = (nint)task * RowsPerTask;
            results[task] = Largest(rows.SliceRows(first, Math.Min(RowsPerTask, rows.Rows - first)));
        });

        T result = T.Zero;
        for (int task = 0; task < tasks; task++)
        {
            result = T.Max(result, results[task]);
        }

        return result;
    }

    /// <summary>The same, on the calling thread.</summary>
    /// <exception cref="ArithmeticException">A holds NaN or infinity.</exception>
    public static T Largest(MatrixView<T> A)
    {
        T largest = LargestMagnitude.Of(A);
        if (!T.IsFinite(largest))
        {
            ThrowNotFinite();
        }

        return largest;
    }

    /// <exception cref="ArithmeticException">Always.</exception>
    public static void ThrowNotFinite() =>
        throw new ArithmeticException("The matrix of a singular value decomposition holds NaN or infinity.");

    /// <summary>The scaled value.</summary>
    public T Apply(T value) => value * _first * _second;

    /// <summary>Scales A in place.</summary>
    public void Apply(SimdContext context, MatrixView<T> A)
    {
        MatrixView<T> rows = A.HasContiguousRows ? A : A.Transposed;
        SvdScaling<T> scaling = this;
        int tasks = checked((int)((rows.Rows + RowsPerTask - 1) / RowsPerTask));
        context.Pool.For(tasks, task =>
        {
            nint first = (nint)task * RowsPerTask;
            scaling.ApplyTo(rows.SliceRows(first, Math.Min(RowsPerTask, rows.Rows - first)));
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ApplyTo(MatrixView<T> A)
    {
        for (nint i = 0; i < A.Rows; i++)
        {
            for (nint j = 0; j < A.Columns; j++)
            {
                A[i, j] = Apply(A[i, j]);
            }
        }
    }
}
