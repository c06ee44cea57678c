namespace VemKernels.Interop;

/// <summary>A flag that stops calls, from any thread.</summary>
internal sealed class Cancellation : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    /// <summary>What solvers look at.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Stops the calls that use the flag, those to come too.</summary>
    public void Cancel() => _source.Cancel();

    public void Dispose() => _source.Dispose();
}
