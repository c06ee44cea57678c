namespace VemKernels.Cuda;

/// <summary>
/// The primary context of a device, which a process shares with its other users of CUDA: retained while it is used,
/// and made current only inside a <see cref="Scope"/>, so that a host program's own current context is as it was.
/// </summary>
internal sealed unsafe class CudaContext
{
    private readonly int _device;
    private readonly Lock _lock = new();
    private nint _context;
    private int _users = 1;

    /// <summary>Retains the context.</summary>
    /// <exception cref="CudaException">The driver fails.</exception>
    public CudaContext(CudaDriver driver, CudaDevice device)
    {
        Driver = driver;
        _device = device.Handle;
        nint context;
        driver.ThrowIfFailed(
            driver.cuDevicePrimaryCtxRetain(&context, _device), nameof(driver.cuDevicePrimaryCtxRetain), device.Name);
        _context = context;
    }

    /// <summary>The driver.</summary>
    public CudaDriver Driver { get; }

    /// <summary>The driver's handle.</summary>
    /// <exception cref="ObjectDisposedException">The context was given back.</exception>
    public nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_context == 0, this);
            return _context;
        }
    }

    /// <summary>Makes the context current for this thread until the scope is disposed.</summary>
    public Scope Enter() => new(this);

    /// <summary>Counts one more that needs the context: a buffer may outlive its backend.</summary>
    public void Retain()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_context == 0, this);
            _users++;
        }
    }

    /// <summary>Counts one less; the last gives the context back.</summary>
    public void Release()
    {
        lock (_lock)
        {
            if (--_users > 0)
            {
                return;
            }

            _context = 0;
        }

        Driver.ThrowUnlessReleased(Driver.cuDevicePrimaryCtxRelease(_device), nameof(Driver.cuDevicePrimaryCtxRelease));
    }

    /// <summary>A stretch of code in which the context is current.</summary>
    internal readonly ref struct Scope
    {
        private readonly CudaDriver _driver;

        /// <summary>Pushes the context.</summary>
        public Scope(CudaContext context)
        {
            _driver = context.Driver;
            ObjectDisposedException.ThrowIf(context._context == 0, context);
            _driver.ThrowIfFailed(_driver.cuCtxPushCurrent(context._context), nameof(_driver.cuCtxPushCurrent));
        }

        /// <summary>Pops it.</summary>
        public void Dispose()
        {
            nint popped;
            _driver.ThrowIfFailed(_driver.cuCtxPopCurrent(&popped), nameof(_driver.cuCtxPopCurrent));
        }
    }
}
