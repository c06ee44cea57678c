namespace VemKernels.Interop;

/// <summary>One call on a backend: the backend in use, the arguments' scope, and who watches.</summary>
internal sealed unsafe class Invocation : IDisposable
{
    private readonly HandleTable.Held? _held;
    private readonly CallWatch _watch;

    private Invocation(HandleTable.Held? held, VemCall* call)
    {
        _held = held;
        try
        {
            _watch = new CallWatch(call);
        }
        catch
        {
            held?.Dispose();
            throw;
        }

        Scope = new CallScope(held?.Value as IBackend);
    }

    /// <summary>The arguments.</summary>
    public CallScope Scope { get; }

    /// <summary>Where to compute.</summary>
    public IBackend Backend => (IBackend)_held!.Value;

    /// <summary>Stops the call.</summary>
    public CancellationToken Token => _watch.Token;

    /// <summary>Told how far the call is.</summary>
    public IProgress<FitProgress>? Progress => _watch.Progress;

    /// <summary>Runs a call on a backend, across the border.</summary>
    public static int Run(ulong backend, VemCall* call, Action<Invocation> body) => Guard.Run(() =>
    {
        using Invocation on = new(HandleTable.Shared.Hold(backend, HandleKind.Backend, nameof(backend)), call);
        on.Token.ThrowIfCancellationRequested();
        body(on);
        on.Scope.Complete();
    });

    /// <summary>Runs a call that needs no backend, across the border.</summary>
    public static int Run(VemCall* call, Action<Invocation> body) => Guard.Run(() =>
    {
        using Invocation on = new(null, call);
        on.Token.ThrowIfCancellationRequested();
        body(on);
        on.Scope.Complete();
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        Scope.Dispose();
        _watch.Dispose();
        _held?.Dispose();
    }
}
