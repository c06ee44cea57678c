using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers;

/// <summary>
/// Host matrices as operands of a backend: adopted where the device shares host memory, else copied there (and back).
/// </summary>
internal static class OnDevice
{
    /// <summary>An operand that is only read.</summary>
    public static DeviceMatrix<T> Input<T>(IBackend backend, MatrixView<T> view)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceMatrix<T>? adopted = backend.TryAdopt(ForeignMatrix<T>.Host(view));
        if (adopted is not null)
        {
            return adopted;
        }

        return Allocation.Of(backend, view);
    }

    /// <summary>Runs an operation that writes (and, if it updates, first reads) a host matrix.</summary>
    public static void Write<T>(IBackend backend, MatrixView<T> host, bool updates, Action<DeviceView<T>> operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DeviceMatrix<T>? adopted = backend.TryAdopt(ForeignMatrix<T>.Host(host));
        if (adopted is not null)
        {
            operation(adopted.View);
            return;
        }

        using DeviceMatrix<T> copy = backend.Allocate<T>(host.Rows, host.Columns);
        if (updates)
        {
            backend.Upload(host, copy.View);
        }

        operation(copy.View);
        backend.Download(copy.View, host);
    }
}
