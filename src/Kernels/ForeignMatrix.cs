namespace VemKernels;

/// <summary>Where foreign memory lives.</summary>
public enum MemorySpace
{
    /// <summary>Host memory.</summary>
    Host,

    /// <summary>Memory of a CUDA device.</summary>
    Cuda,

    /// <summary>An OpenCL buffer.</summary>
    OpenCL,
}

/// <summary>A matrix in memory that belongs to another library; see <see cref="IBackend.TryAdopt"/>.</summary>
/// <param name="Space">Where the memory lives.</param>
/// <param name="Pointer">Address (or handle) of element (0, 0).</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Number of columns.</param>
/// <param name="RowStride">Elements from one row to the next.</param>
/// <param name="ColumnStride">Elements from one column to the next.</param>
/// <param name="Stream">The device stream or queue that the contents are ordered on; 0 for none.</param>
/// <typeparam name="T">The element type.</typeparam>
public readonly record struct ForeignMatrix<T>(
    MemorySpace Space, nint Pointer, nint Rows, nint Columns, nint RowStride, nint ColumnStride, nint Stream = 0)
    where T : unmanaged
{
    /// <summary>Host memory as a view shows it.</summary>
    public static unsafe ForeignMatrix<T> Host(MatrixView<T> view) =>
        new(MemorySpace.Host, (nint)view.Pointer, view.Rows, view.Columns, view.RowStride, view.ColumnStride);
}
