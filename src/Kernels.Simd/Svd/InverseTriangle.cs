using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// The inverse of a block reflector's triangle. It needs no recurrence: where H(0) H(1) ... = I - V F V', F^-1 is the
/// upper triangle of V'V with 1 / tau on its diagonal (Joffrain, Low, Quintana-Orti, van de Geijn and Van Zee,
/// "Accumulating Householder transformations, revisited", ACM TOMS 32(2), 2006). F W is then the solution of a
/// triangular system, nearly all of it gemm, however many reflectors there are.
/// </summary>
internal static unsafe class InverseTriangle<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Blocks are whole micro-tiles of every instruction set and type: 48, 24, 12 and 8 columns.</summary>
    private const nint WidthUnit = 48;

    /// <summary>The widest block, about gemm's depth.</summary>
    private const nint LargestWidth = 5 * WidthUnit;

    /// <summary>
    /// Blocks in a matrix, at least: what a block's corner of zeros, V'V and the system cost is 1.75 width / order of
    /// the work.
    /// </summary>
    private const nint FewestBlocks = 8;

    /// <summary>
    /// How many of order reflectors to take at once. Narrow products of gemm are mostly packing, wide blocks mostly
    /// zeros.
    /// </summary>
    public static nint BlockWidth(nint order) =>
        Math.Clamp((order + (FewestBlocks * WidthUnit) - 1) / (FewestBlocks * WidthUnit), 1, LargestWidth / WidthUnit)
        * WidthUnit;

    /// <summary>
    /// Makes the upper triangle of V'V the inverse of F. A reflector with tau = 0 is none: its row becomes the
    /// identity's, its right-hand sides zero.
    /// </summary>
    public static void Complete(T* taus, MatrixView<T> upper, MatrixView<T> rightHandSides)
    {
        for (nint i = 0; i < upper.Rows; i++)
        {
            if (taus[i] == T.Zero)
            {
                upper.Block(i, i, 1, upper.Columns - i).Fill(T.Zero);
                rightHandSides.SliceRows(i, 1).Fill(T.Zero);
            }

            upper[i, i] = taus[i] == T.Zero ? T.One : T.One / taus[i];
        }
    }
}
