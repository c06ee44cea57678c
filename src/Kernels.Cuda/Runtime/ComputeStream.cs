namespace VemKernels.Cuda;

/// <summary>
/// The stream that computes. Its commands are counted, and a buffer remembers the number of the last one that used it:
/// another stream can wait for that command, and for no more than a few after it.
/// </summary>
/// <remarks>
/// An event is recorded after every few commands, in a ring; who waits takes the first event that comes after the
/// command. An event for every command would cost as much as a launch.
/// </remarks>
internal sealed unsafe class ComputeStream : IDisposable
{
    private const uint NonBlocking = 1;
    private const uint WithoutTiming = 2;

    /// <summary>Commands between two events.</summary>
    private const int Spacing = 8;

    /// <summary>Events of the ring: who waits for a command before all of them waits for the oldest.</summary>
    private const int Marks = 32;

    private readonly CudaDriver _driver;
    private readonly (long Command, nint Event)[] _marks = new (long, nint)[Marks];
    private long _commands;
    private int _next;

    /// <summary>Makes the stream; the context is current.</summary>
    public ComputeStream(CudaDriver driver)
    {
        _driver = driver;
        Handle = Create(driver);
        try
        {
            for (int i = 0; i < Marks; i++)
            {
                _marks[i].Event = CreateEvent(driver);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The stream's handle; 0 once it is disposed.</summary>
    public nint Handle { get; private set; }

    /// <summary>Held while commands are queued, so that they and their numbers have one order.</summary>
    public Lock Lock { get; } = new();

    /// <summary>The number of the last command.</summary>
    public long Commands => Volatile.Read(ref _commands);

    /// <summary>A stream that does not wait for the default stream, nor lets it wait.</summary>
    public static nint Create(CudaDriver driver)
    {
        nint stream;
        driver.ThrowIfFailed(driver.cuStreamCreate(&stream, NonBlocking), nameof(driver.cuStreamCreate));
        return stream;
    }

    /// <summary>An event that orders streams.</summary>
    public static nint CreateEvent(CudaDriver driver)
    {
        nint happening;
        driver.ThrowIfFailed(driver.cuEventCreate(&happening, WithoutTiming), nameof(driver.cuEventCreate));
        return happening;
    }

    /// <summary>Numbers a command that was queued; the lock is held.</summary>
    public long Count()
    {
        long command = _commands + 1;
        Volatile.Write(ref _commands, command);
        if (command % Spacing == 0)
        {
            Mark();
        }

        return command;
    }

    /// <summary>Makes another stream wait for a command; 0 for none.</summary>
    public void LetWait(nint stream, long command)
    {
        if (command == 0)
        {
            return;
        }

        lock (Lock)
        {
            nint first = FirstAfter(command);
            if (first == 0)
            {
                first = Mark();
            }

            _driver.ThrowIfFailed(_driver.cuStreamWaitEvent(stream, first, 0), nameof(_driver.cuStreamWaitEvent));
        }
    }

    /// <summary>Makes this stream wait for an event.</summary>
    public void WaitFor(nint happening)
    {
        lock (Lock)
        {
            _driver.ThrowIfFailed(_driver.cuStreamWaitEvent(Handle, happening, 0), nameof(_driver.cuStreamWaitEvent));
        }
    }

    /// <summary>Gives back the stream and its events.</summary>
    public void Dispose()
    {
        foreach ((_, nint happening) in _marks)
        {
            if (happening != 0)
            {
                _driver.ThrowUnlessReleased(_driver.cuEventDestroy(happening), nameof(_driver.cuEventDestroy));
            }
        }

        Array.Clear(_marks);
        if (Handle != 0)
        {
            _driver.ThrowUnlessReleased(_driver.cuStreamDestroy(Handle), nameof(_driver.cuStreamDestroy));
            Handle = 0;
        }
    }

    /// <summary>The event of the ring that comes first after a command; 0 where none does.</summary>
    private nint FirstAfter(long command)
    {
        (long Command, nint Event) first = (long.MaxValue, 0);
        foreach ((long Command, nint Event) mark in _marks)
        {
            first = mark.Command >= command && mark.Command < first.Command ? mark : first;
        }

        return first.Event;
    }

    private nint Mark()
    {
        nint happening = _marks[_next].Event;
        _driver.ThrowIfFailed(_driver.cuEventRecord(happening, Handle), nameof(_driver.cuEventRecord));
        _marks[_next].Command = _commands;
        _next = (_next + 1) % Marks;
        return happening;
    }
}
