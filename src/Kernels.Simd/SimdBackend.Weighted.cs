using System.Numerics;

namespace VemKernels.Simd;

/// <content>Operations on columns that each have a factor of their own.</content>
public sealed unsafe partial class SimdBackend
{
    /// <inheritdoc/>
    public void ColumnDots<T>(DeviceView<T> A, DeviceView<T> B, DeviceView<double> dots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        Shapes.Require(dots, 1, A.Columns, nameof(dots));
        using Dense<T> a = ReadDense(A);
        using Dense<T> b = ReadDense(B);
        Kernels<T>().ColumnDots(_context, a.View, b.View, Host(dots));
    }

    /// <inheritdoc/>
    public void CombineColumns<T>(DeviceView<T> A, DeviceView<T>? aFactors, DeviceView<T>? bFactors, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        using Scratch<T> a = Vector(aFactors, A.Columns, nameof(aFactors));
        using Scratch<T> b = Vector(bFactors, A.Columns, nameof(bFactors));
        Kernels<T>().CombineColumns(
            _context, Host(A), aFactors is null ? null : a.Pointer, bFactors is null ? null : b.Pointer, Host(B));
    }

    /// <inheritdoc/>
    public void ColumnMaxRatios<T>(DeviceView<T> A, DeviceView<T> B, DeviceView<double> ratios)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        Shapes.Require(ratios, 1, A.Columns, nameof(ratios));
        using Dense<T> a = ReadDense(A);
        using Dense<T> b = ReadDense(B);
        Kernels<T>().ColumnMaxRatios(_context, a.View, b.View, Host(ratios));
    }
}
