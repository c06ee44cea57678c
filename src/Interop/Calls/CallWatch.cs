using System.Text;

namespace VemKernels.Interop;

/// <summary>The caller's progress function and its flag, as solvers take them.</summary>
internal sealed unsafe class CallWatch : IProgress<FitProgress>, IDisposable
{
    private readonly VemCall _call;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource? _source;
    private readonly CancellationToken _token;
    private readonly HandleTable.Held? _flag;

    /// <summary>Reads what the caller gave.</summary>
    /// <param name="call">How the call is watched; null for not at all.</param>
    /// <exception cref="ArgumentException">A structure of no known size.</exception>
    /// <exception cref="InvalidHandleException">A flag that is none.</exception>
    public CallWatch(VemCall* call)
    {
        _call = Structures.Read(call, sizeof(VemCall), nameof(call));
        if (_call.Cancellation != 0)
        {
            _flag = HandleTable.Shared.Hold(_call.Cancellation, HandleKind.Cancellation, "call.cancellation");
        }

        CancellationToken flag = _flag is null ? CancellationToken.None : ((Cancellation)_flag.Value).Token;
        _token = flag;
        if (_call.Progress is not null)
        {
            _source = CancellationTokenSource.CreateLinkedTokenSource(flag);
            _token = _source.Token;
        }
    }

    /// <summary>What the solver looks at.</summary>
    public CancellationToken Token => _token;

    /// <summary>What the solver tells; null where nobody listens.</summary>
    public IProgress<FitProgress>? Progress => _call.Progress is null ? null : this;

    /// <inheritdoc/>
    public void Report(FitProgress value)
    {
        lock (_lock)
        {
            if (_source!.IsCancellationRequested)
            {
                return;
            }

            byte[] stage = Encoding.UTF8.GetBytes(value.Stage + '\0');
            fixed (byte* text = stage)
            {
                if (_call.Progress(_call.ProgressUser, text, value.Fraction) != 0)
                {
                    _source.Cancel();
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _source?.Dispose();
        _flag?.Dispose();
    }
}
