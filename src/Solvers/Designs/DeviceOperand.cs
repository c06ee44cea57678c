using System.Numerics;

namespace VemKernels.Solvers.Designs;

/// <summary>A matrix of the device, which gives back what was rented, allocated or adopted for it.</summary>
internal readonly record struct DeviceOperand<T>(DeviceLease<T> Rented, DeviceView<T> View) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Dispose() => Rented.Dispose();
}
