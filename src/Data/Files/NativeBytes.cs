using System.IO.MemoryMappedFiles;

namespace VemKernels.Data;

/// <summary>
/// Bytes outside the garbage-collected heap: a block of native memory, or a file that is mapped whole. Users of
/// <see cref="Pointer"/> keep this object alive until the last access.
/// </summary>
internal sealed unsafe class NativeBytes : IDisposable
{
    /// <summary>How much goes through a stream in one call.</summary>
    private const int ChunkBytes = 1 << 24;

    private readonly Matrix<byte>? _memory;
    private readonly MemoryMappedFile? _mapping;
    private readonly MemoryMappedViewAccessor? _window;
    private readonly byte* _pointer;
    private bool _disposed;

    private NativeBytes(Matrix<byte> memory)
    {
        _memory = memory;
        _pointer = memory.View.Pointer;
        Length = memory.Columns;
    }

    private NativeBytes(FileStream stream, MemoryMappedFileAccess access, bool leaveOpen)
    {
        Length = stream.Length;
        _mapping = MemoryMappedFile.CreateFromFile(
            stream, mapName: null, capacity: 0, access, HandleInheritability.None, leaveOpen);
        _window = _mapping.CreateViewAccessor(0, 0, access);

        // Not AcquirePointer: a count that is never given back would keep a forgotten mapping from being finalised.
        _pointer = (byte*)_window.SafeMemoryMappedViewHandle.DangerousGetHandle();
    }

    /// <summary>Address of the first byte.</summary>
    public byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _pointer;
        }
    }

    /// <summary>Number of bytes.</summary>
    public long Length { get; }

    /// <summary>Allocates memory with undefined contents, aligned to <see cref="Matrix{T}.Alignment"/> bytes.</summary>
    public static NativeBytes Allocate(long bytes) => new(Matrix<byte>.Uninitialized(1, checked((nint)bytes)));

    /// <summary>Maps an existing file for reading.</summary>
    public static NativeBytes Map(string path) =>
        new(InputFile.Open(path), MemoryMappedFileAccess.Read, leaveOpen: false);

    /// <summary>Maps an open, non-empty file for writing. The stream stays its owner's.</summary>
    public static NativeBytes MapForWriting(FileStream stream) =>
        new(stream, MemoryMappedFileAccess.ReadWrite, leaveOpen: true);

    /// <summary>Fills the memory from a stream.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="cancellation">Checked between chunks: decompressing a large file takes seconds.</param>
    /// <returns>How many bytes came before the stream ended: <see cref="Length"/> or fewer.</returns>
    public long FillFrom(Stream stream, CancellationToken cancellation = default)
    {
        long done = 0;
        while (done < Length)
        {
            cancellation.ThrowIfCancellationRequested();
            int read = stream.Read(new Span<byte>(Pointer + done, (int)Math.Min(ChunkBytes, Length - done)));
            if (read == 0)
            {
                break;
            }

            done += read;
        }

        return done;
    }

    /// <summary>Writes any number of bytes to a stream.</summary>
    public static void Write(Stream stream, byte* bytes, long count)
    {
        for (long done = 0; done < count; done += ChunkBytes)
        {
            stream.Write(new ReadOnlySpan<byte>(bytes + done, (int)Math.Min(ChunkBytes, count - done)));
        }
    }

    /// <summary>
    /// Frees the memory, or unmaps the file. Pages written through a mapping reach the disk in the system's own time.
    /// </summary>
    public void Dispose()
    {
        _disposed = true;
        _memory?.Dispose();

        // The handle first: disposing an open accessor forces all its dirty pages to the disk, seconds for a large
        // file, also when that file is about to be deleted.
        _window?.SafeMemoryMappedViewHandle.Dispose();
        _window?.Dispose();
        _mapping?.Dispose();
    }
}
