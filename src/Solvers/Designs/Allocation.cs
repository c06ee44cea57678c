using System.Numerics;

namespace VemKernels.Solvers.Designs;

/// <summary>Device memory that is filled at once.</summary>
internal static class Allocation
{
    /// <summary>
    /// Allocates and fills; where filling fails, which may itself need memory, nothing is left behind.
    /// </summary>
    /// <param name="backend">Where.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="fill">Writes all elements.</param>
    public static DeviceMatrix<T> Filled<T>(IBackend backend, nint rows, nint columns, Action<DeviceView<T>> fill)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceMatrix<T> matrix = backend.Allocate<T>(rows, columns);
        try
        {
            fill(matrix.View);
            return matrix;
        }
        catch
        {
            matrix.Dispose();
            throw;
        }
    }

    /// <summary>A copy of host memory.</summary>
    public static DeviceMatrix<T> Of<T>(IBackend backend, MatrixView<T> host)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Filled<T>(backend, host.Rows, host.Columns, view => backend.Upload(host, view));
}
