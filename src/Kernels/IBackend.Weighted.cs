using System.Numerics;

namespace VemKernels;

/// <content>
/// What solvers that iterate on many targets at once need: each column has a step, a norm, a state of its own.
/// </content>
public partial interface IBackend
{
    /// <summary>dots(0, j) = sum over i of A(i, j) B(i, j), summed in double; the shapes are equal.</summary>
    void ColumnDots<T>(DeviceView<T> A, DeviceView<T> B, DeviceView<double> dots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// B(i, j) = aFactors(j) A(i, j) + bFactors(j) B(i, j). Factors are n x 1 or 1 x n; null stands for ones.
    /// </summary>
    void CombineColumns<T>(DeviceView<T> A, DeviceView<T>? aFactors, DeviceView<T>? bFactors, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// ratios(0, j) = the largest |A(i, j) / B(i, j)| of the column, over the rows where B is not zero; 0 where there
    /// is none. A ratio that is not a number counts as infinity.
    /// </summary>
    void ColumnMaxRatios<T>(DeviceView<T> A, DeviceView<T> B, DeviceView<double> ratios)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
