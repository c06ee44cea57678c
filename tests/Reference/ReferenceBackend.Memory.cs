using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Reference;

/// <content>Memory of its own, and the books on it.</content>
public sealed partial class ReferenceBackend
{
    private readonly Lock _books = new();

    /// <summary>How often host memory was copied here.</summary>
    public long Uploads { get; private set; }

    /// <summary>Bytes copied here from host memory.</summary>
    public long UploadedBytes { get; private set; }

    /// <summary>How often host memory was written from here.</summary>
    public long Downloads { get; private set; }

    /// <summary>Bytes copied from here to host memory.</summary>
    public long DownloadedBytes { get; private set; }

    /// <summary>Matrices allocated and not yet disposed.</summary>
    public int LiveMatrices { get; private set; }

    /// <summary>Bytes of the matrices that are live.</summary>
    public long LiveBytes { get; private set; }

    /// <summary>The most bytes that were ever live at once.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>The most bytes that may be live at once; an allocation that goes beyond throws.</summary>
    public long AllocationLimitBytes { get; set; } = long.MaxValue;

    /// <summary>Whether an allocation of so many bytes is refused as if memory were short; null for none.</summary>
    public Func<long, bool>? Refuses { get; set; }

    /// <inheritdoc/>
    public DeviceMatrix<T> Allocate<T>(nint rows, nint columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequireSupported<T>();
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        Int128 elements = (Int128)(long)rows * (long)columns;
        Int128 bytes = elements * Unsafe.SizeOf<T>();
        lock (_books)
        {
            if (elements > Array.MaxLength || LiveBytes + bytes > AllocationLimitBytes)
            {
                throw new InsufficientMemoryException(
                    $"A matrix of {rows} x {columns} needs {bytes} bytes; {LiveBytes} of {AllocationLimitBytes} are in use.");
            }

            if (Refuses?.Invoke((long)bytes) == true)
            {
                throw new InsufficientMemoryException($"A matrix of {rows} x {columns}, {bytes} bytes, was refused.");
            }

            LiveMatrices++;
            LiveBytes += (long)bytes;
            PeakBytes = Math.Max(PeakBytes, LiveBytes);
        }

        return new ReferenceMatrix<T>(this, rows, columns, (long)bytes);
    }

    /// <summary>Never adopts: always null.</summary>
    public DeviceMatrix<T>? TryAdopt<T>(ForeignMatrix<T> memory)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => null;

    /// <inheritdoc/>
    public void Upload<T>(MatrixView<T> source, DeviceView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] memory = Own(destination, nameof(destination)).Values;
        Shapes.Require(source, destination.Rows, destination.Columns, nameof(source));
        for (nint i = 0; i < source.Rows; i++)
        {
            for (nint j = 0; j < source.Columns; j++)
            {
                memory[Position(destination, i, j)] = source[i, j];
            }
        }

        lock (_books)
        {
            Uploads++;
            UploadedBytes += Bytes(destination);
        }
    }

    /// <inheritdoc/>
    public void Download<T>(DeviceView<T> source, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] memory = Own(source, nameof(source)).Values;
        Shapes.Require(destination, source.Rows, source.Columns, nameof(destination));
        for (nint i = 0; i < source.Rows; i++)
        {
            for (nint j = 0; j < source.Columns; j++)
            {
                destination[i, j] = memory[Position(source, i, j)];
            }
        }

        lock (_books)
        {
            Downloads++;
            DownloadedBytes += Bytes(source);
        }
    }

    /// <inheritdoc/>
    public void Copy<TSource, TDestination>(DeviceView<TSource> source, DeviceView<TDestination> destination)
        where TSource : unmanaged, IBinaryFloatingPointIeee754<TSource>
        where TDestination : unmanaged, IBinaryFloatingPointIeee754<TDestination>
    {
        double[][] values = Read(source);
        Own(destination, nameof(destination));
        Shapes.Require(destination, source.Rows, source.Columns, nameof(destination));
        RequireDisjoint(source, destination);
        Write(values, destination);
    }

    /// <inheritdoc/>
    public void Fill<T>(DeviceView<T> A, double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] memory = Own(A, nameof(A)).Values;
        ForEachPosition(A, position => memory[position] = T.CreateTruncating(value));
    }

    /// <inheritdoc/>
    public void GatherRows<T>(DeviceView<T> source, ReadOnlySpan<int> indices, DeviceView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] values = Read(source);
        Own(destination, nameof(destination));
        Shapes.Require(destination, indices.Length, source.Columns, nameof(destination));
        RequireDisjoint(source, destination);
        foreach (int index in indices)
        {
            if (index < 0 || index >= source.Rows)
            {
                throw new ArgumentException($"Row {index} of {source.Rows} rows does not exist.", nameof(indices));
            }
        }

        Write(Dense.Rows(values, indices), destination);
    }

    internal void Release(long bytes)
    {
        lock (_books)
        {
            LiveMatrices--;
            LiveBytes -= bytes;
        }
    }

    private static long Bytes<T>(DeviceView<T> view)
        where T : unmanaged => (long)view.Rows * (long)view.Columns * Unsafe.SizeOf<T>();
}
