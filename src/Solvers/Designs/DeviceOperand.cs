using System.Numerics;

namespace VemKernels.Solvers.Designs;

/// <summary>A matrix of the device, which frees what was allocated or adopted for it.</summary>
internal readonly record struct DeviceOperand<T>(DeviceMatrix<T>? Owned, DeviceView<T> View) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Dispose() => Owned?.Dispose();
}
