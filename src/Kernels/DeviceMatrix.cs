namespace VemKernels;

/// <summary>
/// A dense rows x columns matrix in the memory of a backend. What is inside is reached by the operations of
/// <see cref="IBackend"/> alone. Backends derive from it.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public abstract class DeviceMatrix<T> : IDisposable
    where T : unmanaged
{
    /// <summary>Remembers the shape: strides count elements.</summary>
    protected DeviceMatrix(nint rows, nint columns, nint rowStride, nint columnStride)
    {
        Rows = rows;
        Columns = columns;
        View = new DeviceView<T>(this, 0, rows, columns, rowStride, columnStride);
    }

    /// <summary>Number of rows.</summary>
    public nint Rows { get; }

    /// <summary>Number of columns.</summary>
    public nint Columns { get; }

    /// <summary>The whole matrix as a view.</summary>
    public DeviceView<T> View { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the memory (unless it is foreign).</summary>
    protected abstract void Dispose(bool disposing);
}
