using System.Numerics;

namespace VemKernels.Device;

/// <content>Proximal gradient descent.</content>
public abstract partial class DeviceBackend
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
        nint features = weights.Rows;
        nint targets = weights.Columns;
        if (IsHosted<T>())
        {
            Host.SparseGroupProximalStep(
                step, momentum, groupEnds, OnHost(linear, nameof(linear)), OnHost(thresholds, nameof(thresholds)),
                OnHost(active, nameof(active)), OnHost(gradient, nameof(gradient)), OnHost(point, nameof(point)),
                OnHost(weights, nameof(weights)), OnHost(changes, nameof(changes)));
            return;
        }

        BufferView slope = OnDevice(gradient, nameof(gradient));
        BufferView constant = linear is { } present ? OnDevice(present, nameof(linear)) : slope;
        BufferView limits = OnDevice(thresholds, nameof(thresholds));
        BufferView isActive = OnDevice(active, nameof(active));
        BufferView at = OnDevice(point, nameof(point));
        BufferView w = OnDevice(weights, nameof(weights));
        using WideView norms = Wide(changes, nameof(changes));
        using DeviceBuffer ends = _runtime.CreateBuffer(groupEnds);
        KernelCall call = Call<T>("proximal", "sparse_group_step");
        call.Real<T>(step);
        call.Real<T>(momentum);
        call.Flag(linear is not null);
        call.Buffer(ends);
        call.Int(groupEnds.Length);
        call.View(constant);
        call.View(limits);
        call.View(isActive);
        call.View(slope);
        call.View(at);
        call.View(w);
        call.View(norms.View);
        call.Size(features);
        call.Size(targets);
        call.RunColumns(1, targets);

        norms.WriteBack();
    }
}
