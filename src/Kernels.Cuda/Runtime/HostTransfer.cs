namespace VemKernels.Cuda;

/// <summary>
/// Copies between host and device, on a stream of its own, through two pieces of pinned memory: while the device copies
/// one, the host fills (or empties) the other.
/// </summary>
/// <remarks>
/// Memory that is not pinned is copied by the driver at half the speed, and keeps the caller waiting: rows are copied
/// to pinned memory here, by several threads when they are many.
/// </remarks>
internal sealed unsafe class HostTransfer : IDisposable
{
    /// <summary>
    /// Bytes of a piece: long enough for the bus to run at its full rate, short enough to begin soon.
    /// </summary>
    private const long PieceBytes = 8L << 20;

    /// <summary>Pieces from here on are copied by several threads: one does not fill the bus.</summary>
    private const long ParallelBytes = 2L << 20;

    private const int CopyThreads = 4;

    private readonly CudaDriver _driver;
    private readonly ComputeStream _compute;
    private readonly Lock _lock = new();
    private readonly StagingBuffer?[] _pieces = new StagingBuffer?[2];
    private nint _stream;
    private int _next;

    /// <summary>Makes the stream; the context is current.</summary>
    public HostTransfer(CudaDriver driver, ComputeStream compute)
    {
        _driver = driver;
        _compute = compute;
        _stream = ComputeStream.Create(driver);
    }

    /// <summary>
    /// Copies rows to the device; the context is current. Returns when the host's rows have been read. Commands that
    /// are queued later come after the copy.
    /// </summary>
    public void Upload(CudaBuffer buffer, RowsOfBytes device, RowsOfBytes host)
    {
        lock (_lock)
        {
            _compute.LetWait(_stream, buffer.LastUse);
            StagingBuffer? last = null;
            foreach (RowsPiece piece in RowsPiece.Cut(device.RowBytes, device.Rows, PieceBytes))
            {
                last = NextPiece();
                last.Wait();
                CopyRows(host.Of(piece), last.Memory, toStaging: true);
                CopyPiece(piece, device, last, toDevice: true);
                last.Record(_stream);
            }

            last?.LetWait(_compute);
        }
    }

    /// <summary>Copies rows to the host and waits; the context is current.</summary>
    public void Download(CudaBuffer buffer, RowsOfBytes device, RowsOfBytes host)
    {
        lock (_lock)
        {
            _compute.LetWait(_stream, buffer.LastUse);
            (RowsPiece Piece, StagingBuffer Memory)? before = null;
            foreach (RowsPiece piece in RowsPiece.Cut(device.RowBytes, device.Rows, PieceBytes))
            {
                StagingBuffer memory = NextPiece();
                memory.Wait();
                CopyPiece(piece, device, memory, toDevice: false);
                memory.Record(_stream);
                Receive(before, host);
                before = (piece, memory);
            }

            Receive(before, host);
        }
    }

    /// <summary>Waits for all copies.</summary>
    public void Finish() =>
        _driver.ThrowIfFailed(_driver.cuStreamSynchronize(_stream), nameof(_driver.cuStreamSynchronize));

    /// <summary>Gives back the stream and the pinned memory; the context is current.</summary>
    public void Dispose()
    {
        for (int i = 0; i < _pieces.Length; i++)
        {
            _pieces[i]?.Dispose();
            _pieces[i] = null;
        }

        if (_stream != 0)
        {
            _driver.ThrowUnlessReleased(_driver.cuStreamDestroy(_stream), nameof(_driver.cuStreamDestroy));
            _stream = 0;
        }
    }

    private StagingBuffer NextPiece()
    {
        _next = (_next + 1) % _pieces.Length;
        return _pieces[_next] ??= new StagingBuffer(_driver, PieceBytes);
    }

    private static void Receive((RowsPiece Piece, StagingBuffer Memory)? copied, RowsOfBytes host)
    {
        if (copied is { } one)
        {
            one.Memory.Wait();
            CopyRows(host.Of(one.Piece), one.Memory.Memory, toStaging: false);
        }
    }

    /// <summary>Copies rows to (or from) pinned memory, where they lie without gaps.</summary>
    private static void CopyRows(RowsOfBytes host, byte* staging, bool toStaging)
    {
        int shares = host.RowBytes * host.Rows < ParallelBytes ? 1 : (int)Math.Min(CopyThreads, host.Rows);
        if (shares == 1)
        {
            CopyRows(host, staging, toStaging, 0, host.Rows);
            return;
        }

        Parallel.For(
            0, shares, share => CopyRows(
                host, staging, toStaging, host.Rows * share / shares, host.Rows * (share + 1) / shares));
    }

    private static void CopyRows(RowsOfBytes host, byte* staging, bool toStaging, long first, long end)
    {
        for (long row = first; row < end; row++)
        {
            byte* own = (byte*)host.Start + (row * host.Pitch);
            byte* pinned = staging + (row * host.RowBytes);
            Buffer.MemoryCopy(toStaging ? own : pinned, toStaging ? pinned : own, host.RowBytes, host.RowBytes);
        }
    }

    private void CopyPiece(RowsPiece piece, RowsOfBytes device, StagingBuffer memory, bool toDevice)
    {
        RowsOfBytes rows = device.Of(piece);
        if (rows.Rows == 1 || rows.Pitch == rows.RowBytes)
        {
            nuint bytes = (nuint)(rows.RowBytes * rows.Rows);
            int code = toDevice ? _driver.cuMemcpyHtoDAsync(rows.Start, memory.Memory, bytes, _stream)
                : _driver.cuMemcpyDtoHAsync(memory.Memory, rows.Start, bytes, _stream);
            _driver.ThrowIfFailed(
                code, toDevice ? nameof(_driver.cuMemcpyHtoDAsync) : nameof(_driver.cuMemcpyDtoHAsync),
                $"{bytes} bytes");
            return;
        }

        RowsCopy copy = new() { WidthBytes = (nuint)rows.RowBytes, Rows = (nuint)rows.Rows };
        if (toDevice)
        {
            copy.SourceType = MemoryType.Host;
            copy.SourceHost = memory.Memory;
            copy.SourcePitch = (nuint)rows.RowBytes;
            copy.DestinationType = MemoryType.Device;
            copy.DestinationDevice = rows.Start;
            copy.DestinationPitch = (nuint)rows.Pitch;
        }
        else
        {
            copy.SourceType = MemoryType.Device;
            copy.SourceDevice = rows.Start;
            copy.SourcePitch = (nuint)rows.Pitch;
            copy.DestinationType = MemoryType.Host;
            copy.DestinationHost = memory.Memory;
            copy.DestinationPitch = (nuint)rows.RowBytes;
        }

        _driver.ThrowIfFailed(
            _driver.cuMemcpy2DAsync(&copy, _stream), nameof(_driver.cuMemcpy2DAsync),
            $"{rows.Rows} rows of {rows.RowBytes} bytes");
    }
}
