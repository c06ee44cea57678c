using System.Numerics;

namespace VemKernels.Simd;

/// <content>Proximal gradient descent.</content>
public sealed unsafe partial class SimdBackend
{
    /// <inheritdoc/>
    public void SparseGroupProximalStep<T>(
        double step, double momentum, ReadOnlySpan<int> groupEnds, DeviceView<T>? linear, DeviceView<T> thresholds,
        DeviceView<T> active,
        DeviceView<T> gradient, DeviceView<T> point, DeviceView<T> weights, DeviceView<double> changes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint features = weights.Rows;
        nint targets = weights.Columns;
        GroupEnds.Require(groupEnds, features, nameof(groupEnds));
        if (linear is { } given)
        {
            Shapes.Require(given, features, targets, nameof(linear));
        }

        Shapes.Require(thresholds, 2, targets, nameof(thresholds));
        Shapes.Require(active, 1, targets, nameof(active));
        Shapes.Require(gradient, features, targets, nameof(gradient));
        Shapes.Require(point, features, targets, nameof(point));
        Shapes.Require(changes, 2, targets, nameof(changes));
        using Dense<T> l = ReadDense(linear ?? gradient);
        using Dense<T> g = ReadDense(gradient);
        using Dense<T> p = ReadDense(point);
        using Dense<T> w = ReadDense(weights);
        Kernels<T>().SparseGroupProximalStep(
            _context, T.CreateTruncating(step), T.CreateTruncating(momentum), groupEnds.ToArray(),
            linear is null ? null : l.View,
            Host(thresholds), Host(active), g.View, p.View, w.View, Host(changes));
        p.WriteBack();
        w.WriteBack();
    }
}
