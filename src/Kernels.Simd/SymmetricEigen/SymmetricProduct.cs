using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// y += A x for some rows of a symmetric matrix of which the strict lower triangle is stored, each element read once:
/// <code>
///   row r:  | a(r,0) ... a(r,r-1) 0 0 |   s(r) = sum over j of a(r,j) x(j)   (the row's own product)
///                                         y(j) += a(r,j) x(r)                (its mirror image, column r)
/// </code>
/// Four rows share the loads of x and y. The diagonal is left to the caller: it and the rest of the vector that it lies
/// in are stored as zeros, so that no loop has a tail. x and y are padded; x with zeros.
/// </summary>
internal static unsafe class SymmetricProduct<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows that are worked on together.</summary>
    public const int RowGroup = 4;

    /// <summary>Adds the products of rows first ... end - 1; first is a multiple of the row group.</summary>
    public static void AddRows(T* A, nint stride, nint first, nint end, T* x, T* y)
    {
        nint r = first;
        for (; r + RowGroup <= end; r += RowGroup)
        {
            AddFourRows(A + (r * stride), stride, r, x, y);
        }

        for (; r < end; r++)
        {
            AddRow(A + (r * stride), r, x, y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFourRows(T* a, nint stride, nint row, T* x, T* y)
    {
        T* a1 = a + stride, a2 = a1 + stride, a3 = a2 + stride;
        V x0 = S.Broadcast(x[row]), x1 = S.Broadcast(x[row + 1]);
        V x2 = S.Broadcast(x[row + 2]), x3 = S.Broadcast(x[row + 3]);
        V s0 = S.Zero, s1 = S.Zero, s2 = S.Zero, s3 = S.Zero;
        for (nint j = 0; j < row + RowGroup; j += S.Width)
        {
            V xj = S.Load(x + j);
            V r0 = S.Load(a + j), r1 = S.Load(a1 + j), r2 = S.Load(a2 + j), r3 = S.Load(a3 + j);
            V even = S.MultiplyAdd(r0, x0, S.MultiplyAdd(r2, x2, S.Load(y + j)));
            s0 = S.MultiplyAdd(r0, xj, s0);
            s1 = S.MultiplyAdd(r1, xj, s1);
            S.Store(y + j, S.MultiplyAdd(r1, x1, S.MultiplyAdd(r3, x3, even)));
            s2 = S.MultiplyAdd(r2, xj, s2);
            s3 = S.MultiplyAdd(r3, xj, s3);
        }

        y[row] += S.Sum(s0);
        y[row + 1] += S.Sum(s1);
        y[row + 2] += S.Sum(s2);
        y[row + 3] += S.Sum(s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow(T* a, nint row, T* x, T* y)
    {
        V xr = S.Broadcast(x[row]);
        V s = S.Zero;
        for (nint j = 0; j < row + 1; j += S.Width)
        {
            V r = S.Load(a + j);
            s = S.MultiplyAdd(r, S.Load(x + j), s);
            S.Store(y + j, S.MultiplyAdd(r, xr, S.Load(y + j)));
        }

        y[row] += S.Sum(s);
    }
}
