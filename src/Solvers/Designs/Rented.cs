using System.Numerics;

namespace VemKernels.Solvers.Designs;

/// <summary>Rented device memory that is filled at once.</summary>
internal static class Rented
{
    /// <summary>Rents and fills; where filling fails, which may itself need memory, nothing is kept.</summary>
    /// <param name="backend">Where.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="state">What the function needs: a static one makes no object a call.</param>
    /// <param name="fill">Writes all elements.</param>
    public static DeviceLease<T> Filled<T, TState>(
        IBackend backend, nint rows, nint columns, TState state, Action<TState, DeviceView<T>> fill)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceLease<T> lease = backend.Rent<T>(rows, columns);
        try
        {
            fill(state, lease.View);
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>A copy of a matrix, wherever it lies.</summary>
    public static DeviceLease<T> Of<T>(IBackend backend, InputMatrix<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Filled<T, (IBackend Backend, InputMatrix<T> Matrix)>(
            backend, matrix.Rows, matrix.Columns, (backend, matrix), static (on, view) =>
                on.Matrix.CopyTo(on.Backend, view));

    /// <summary>A copy of host memory.</summary>
    public static DeviceLease<T> Of<T>(IBackend backend, MatrixView<T> host)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Filled<T, (IBackend Backend, MatrixView<T> Host)>(
            backend, host.Rows, host.Columns, (backend, host), static (on, view) => on.Backend.Upload(on.Host, view));
}
