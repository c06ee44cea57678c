using System.Numerics;

namespace VemKernels.Solvers.Designs;

/// <summary>Host data to the device.</summary>
internal static class Upload
{
    /// <summary>A vector as an n x 1 matrix.</summary>
    public static DeviceMatrix<T> Column<T>(IBackend backend, ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Matrix<T> host = Matrix<T>.From(values.Length, 1, values);
        return Allocation.Of(backend, host.View);
    }

    /// <summary>A matrix, rounded or widened to double.</summary>
    public static DeviceMatrix<double> AsDouble<T>(IBackend backend, MatrixView<T> view)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Allocation.Filled<double>(
            backend, view.Rows, view.Columns, result => AsDouble(backend, new InputMatrix<T>(view), result));

    /// <summary>The same, wherever it lies.</summary>
    public static DeviceMatrix<double> AsDouble<T>(IBackend backend, InputMatrix<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Allocation.Filled<double>(
            backend, matrix.Rows, matrix.Columns, result => AsDouble(backend, matrix, result));

    /// <summary>A matrix into device memory of doubles.</summary>
    public static void AsDouble<T>(IBackend backend, InputMatrix<T> matrix, DeviceView<double> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DeviceOperand<T> raw = matrix.Borrow(backend);
        backend.Copy(raw.View, destination);
    }

    /// <summary>A device vector (n x 1 or 1 x n) to the host.</summary>
    public static double[] ToHost(IBackend backend, DeviceView<double> vector)
    {
        nint count = vector.Rows * vector.Columns;
        using Matrix<double> host = Matrix<double>.Uninitialized(vector.Rows, vector.Columns);
        backend.Download(vector, host.View);
        double[] values = new double[count];
        for (nint i = 0; i < count; i++)
        {
            values[i] = vector.Rows == 1 ? host[0, i] : host[i, 0];
        }

        return values;
    }
}
