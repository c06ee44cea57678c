namespace VemKernels;

/// <summary>
/// Memory of a backend for a passing need, borrowed by <see cref="IBackend.Rent"/>: dispose it, once, to give it back.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public readonly struct DeviceLease<T> : IDisposable
    where T : unmanaged
{
    private readonly DeviceMatrix<T>? _memory;
    private readonly IDeviceLender<T>? _lender;

    /// <summary>A matrix that nobody takes back: it is freed.</summary>
    /// <param name="matrix">The matrix.</param>
    public DeviceLease(DeviceMatrix<T> matrix)
    {
        _memory = matrix ?? throw new ArgumentNullException(nameof(matrix));
        View = matrix.View;
    }

    /// <summary>A dense rows x columns matrix at the start of memory that goes back to its lender.</summary>
    /// <param name="memory">1 x at least rows columns elements.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="lender">Who takes the memory back.</param>
    public DeviceLease(DeviceMatrix<T> memory, nint rows, nint columns, IDeviceLender<T> lender)
    {
        _memory = memory ?? throw new ArgumentNullException(nameof(memory));
        _lender = lender;
        View = new DeviceView<T>(memory, 0, rows, columns, columns, 1);
    }

    /// <summary>The borrowed matrix; its contents are undefined at first.</summary>
    public DeviceView<T> View { get; }

    /// <summary>Whether anything is borrowed: not of a default value, which may be disposed all the same.</summary>
    public bool IsHeld => _memory is not null;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_memory is null)
        {
            return;
        }

        if (_lender is null)
        {
            _memory.Dispose();
        }
        else
        {
            _lender.TakeBack(_memory);
        }
    }
}

/// <summary>Who lends memory of a backend.</summary>
/// <typeparam name="T">The element type.</typeparam>
public interface IDeviceLender<T>
    where T : unmanaged
{
    /// <summary>The borrower is done with it.</summary>
    void TakeBack(DeviceMatrix<T> memory);
}

/// <summary>While it is open, a backend keeps rented memory that came back, for the next to rent.</summary>
/// <param name="keeper">The backend; null where nothing is kept.</param>
public readonly struct WorkspaceScope(IWorkspaceKeeper? keeper) : IDisposable
{
    /// <summary>What nobody has rented is freed, unless another scope is open.</summary>
    public void Dispose() => keeper?.Close();
}

/// <summary>A backend that keeps memory for reuse.</summary>
public interface IWorkspaceKeeper
{
    /// <summary>A scope ends.</summary>
    void Close();
}
