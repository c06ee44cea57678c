using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// B = L' B in place, L lower triangular: recursion on halves of the triangle, so that nearly all work is gemm; at the
/// leaves a product with a copy of L whose zeros are stored, and left out.
/// <code>
///   | L11' L21' | | B1 |      B1 = L11' B1, then B1 += L21' B2
///   |      L22' | | B2 |      B2 = L22' B2
/// </code>
/// </summary>
internal static unsafe class Trmm<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Largest order of a leaf: gemm's depth, so that its copies are small and its product a whole one.
    /// </summary>
    public const int Leaf = GemmBlocking.Depth;

    /// <summary>Halves are multiples of this: whole micro-tiles of every instruction set and type.</summary>
    private const int HalfUnit = 48;

    /// <summary>Of L only the lower triangle is read.</summary>
    public static void RunTransposed(SimdContext context, MatrixView<T> L, MatrixView<T> B)
    {
        nint n = L.Rows;
        if (B.IsEmpty)
        {
            return;
        }

        if (n <= Leaf)
        {
            MultiplyLeaf(context, L, B);
            return;
        }

        nint half = Half(n);
        MatrixView<T> first = B.SliceRows(0, half);
        MatrixView<T> last = B.SliceRows(half, n - half);
        RunTransposed(context, L.Block(0, 0, half, half), first);
        Gemm<S, V, T>.Run(context, T.One, L.Block(half, 0, n - half, half).Transposed, last, T.One, first);
        RunTransposed(context, L.Block(half, half, n - half, n - half), last);
    }

    /// <summary>About half of n, in whole micro-tiles.</summary>
    public static nint Half(nint n) => ((n / 2) + HalfUnit - 1) / HalfUnit * HalfUnit;

    /// <summary>A copy of the lower triangle of L, zeros above it.</summary>
    public static MatrixView<T> CopyLower(SimdContext context, MatrixView<T> L, Scratch<T> memory)
    {
        MatrixView<T> copy = memory.View(L.Rows, L.Rows);
        context.Pool.For(checked((int)L.Rows), (From: L, To: copy), static (on, i) =>
        {
            on.From.Block(i, 0, 1, i + 1).CopyTo(on.To.Block(i, 0, 1, i + 1));
            on.To.RowSpan(i)[(i + 1)..].Clear();
        });
        return copy;
    }

    private static void MultiplyLeaf(SimdContext context, MatrixView<T> L, MatrixView<T> B)
    {
        using Scratch<T> triangle = context.Scratch.Rent<T>(L.Rows * L.Rows);
        using Scratch<T> factor = context.Scratch.Rent<T>(B.Rows * B.Columns);
        MatrixView<T> lower = CopyLower(context, L, triangle);
        MatrixView<T> copy = factor.View(B.Rows, B.Columns);
        context.Pool.For(
            checked((int)B.Rows), (From: B, To: copy),
            static (on, i) => on.From.SliceRows(i, 1).CopyTo(on.To.SliceRows(i, 1)));
        Gemm<S, V, T>.Run(context, T.One, lower.Transposed, copy, T.Zero, B, GemmShapes.UpperA);
    }
}
