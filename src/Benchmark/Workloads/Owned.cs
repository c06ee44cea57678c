using System.Numerics;

namespace VemKernels.Benchmark.Workloads;

/// <summary>Memory of a workload on the host and the device, freed together, last made first.</summary>
internal sealed class Owned(IBackend backend) : IDisposable
{
    private readonly Stack<IDisposable> _things = new();

    /// <summary>Keeps something until the end.</summary>
    public TThing Keep<TThing>(TThing thing)
        where TThing : IDisposable
    {
        _things.Push(thing);
        return thing;
    }

    /// <summary>Memory on the device, undefined.</summary>
    public DeviceView<T> Device<T>(nint rows, nint columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Keep(backend.Allocate<T>(rows, columns)).View;

    /// <summary>A copy on the device.</summary>
    public DeviceView<T> Device<T>(Matrix<T> host)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceView<T> device = Device<T>(host.Rows, host.Columns);
        backend.Upload(host.View, device);
        return device;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_things.TryPop(out IDisposable? thing))
        {
            thing.Dispose();
        }
    }
}
