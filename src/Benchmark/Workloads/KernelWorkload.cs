using System.Numerics;
using VemKernels.Benchmark.Checks;
using VemKernels.Benchmark.Roofs;

namespace VemKernels.Benchmark.Workloads;

/// <summary>Runs one operation of a backend.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class KernelWorkload<T> : PreparedWorkload
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly Owned _owned;
    private readonly KernelParts<T> _parts;

    /// <summary>Prepares the operation; what was allocated is freed if that fails.</summary>
    public KernelWorkload(IBackend backend, Func<Owned, KernelParts<T>> prepare)
    {
        _backend = backend;
        _owned = new(backend);
        try
        {
            _parts = prepare(_owned);
        }
        catch
        {
            _owned.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CheckResult> Check() => _parts.Check();

    /// <inheritdoc/>
    protected override void Reset()
    {
        if (_parts.InPlace is { } inPlace)
        {
            _backend.Copy(inPlace.Original, inPlace.Working);
            Completion.Await(_backend, inPlace.Working);
        }
    }

    /// <inheritdoc/>
    protected override void Run(CancellationToken cancellation)
    {
        _parts.Operation(cancellation);
        Completion.Await(_backend, _parts.Result);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _owned.Dispose();
}
