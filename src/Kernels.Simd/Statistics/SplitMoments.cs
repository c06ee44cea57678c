using System.Numerics;
using System.Runtime.Intrinsics;

namespace VemKernels.Simd;

/// <summary>
/// Products of truth and of predictions split over spaces; the rows of the result are in the contract's order.
/// <code>
///   arrays: truth, space 1, ... space m         products of each pair, summed over rows
///   in blocks of four arrays:   a vector of columns of each is loaded once for the ten products of a block,
///                               whose sums stay in registers for eight rows, while the eight below are asked for
/// </code>
/// </summary>
/// <remarks>
/// Up to three spaces are one block: memory is read once and each element converted once, by the load itself. Four
/// arrays, eight rows and a vector of columns take 32 loads that convert, 80 multiply-adds, and 10 loads and stores of
/// sums.
/// </remarks>
internal static unsafe class SplitMoments<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Run(
        SimdContext context, MatrixView<T> truth, MatrixView<T> predictions, int spaces, MatrixView<double> moments)
    {
        switch (S.Width * sizeof(T))
        {
            case 64:
                SplitProducts<Simd512<double>, Vector512<double>, T>.Run(context, truth, predictions, spaces, moments);
                break;
            case 32:
                SplitProducts<Simd256<double>, Vector256<double>, T>.Run(context, truth, predictions, spaces, moments);
                break;
            default:
                SplitProducts<Simd128<double>, Vector128<double>, T>.Run(context, truth, predictions, spaces, moments);
                break;
        }
    }
}
