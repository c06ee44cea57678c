using VemKernels.Benchmark.Checks;

namespace VemKernels.Benchmark.Workloads;

/// <summary>Runs a fit from data on the host to results on the host.</summary>
/// <param name="data">Its inputs, owned.</param>
/// <param name="fit">Fits.</param>
/// <param name="check">Compares what it found.</param>
/// <typeparam name="TResult">What it finds.</typeparam>
internal sealed class FitWorkload<TResult>(
    FitData data, Func<CancellationToken, TResult> fit, Func<TResult, IReadOnlyList<CheckResult>> check)
    : PreparedWorkload
    where TResult : class, IDisposable
{
    private TResult? _last;

    /// <inheritdoc/>
    public override IReadOnlyList<CheckResult> Check() =>
        check(_last ?? throw new InvalidOperationException("There is no result to check before the first run."));

    /// <inheritdoc/>
    protected override void Reset()
    {
        _last?.Dispose();
        _last = null;
    }

    /// <inheritdoc/>
    protected override void Run(CancellationToken cancellation) => _last = fit(cancellation);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _last?.Dispose();
        data.Dispose();
    }
}
