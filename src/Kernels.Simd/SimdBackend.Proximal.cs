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
        ContractShapes.RequireProximalStep(
            groupEnds, linear, thresholds, active, gradient, point, weights, changes);
        using Dense<T> l = ReadDense(linear ?? gradient);
        using Dense<T> g = ReadDense(gradient);
        using Dense<T> p = ReadDense(point);
        using Dense<T> w = ReadDense(weights);
        Kernels<T>().SparseGroupProximalStep(
            _context, T.CreateTruncating(step), T.CreateTruncating(momentum), groupEnds,
            linear is null ? null : l.View,
            Host(thresholds), Host(active), g.View, p.View, w.View, Host(changes));
        p.WriteBack();
        w.WriteBack();
    }
}
