using System.Diagnostics;
using VemKernels.Bench.Cases;
using VemKernels.Bench.Inputs;
using VemKernels.Simd;

namespace VemKernels.Bench.Modes;

/// <summary>Runs cases, one at a time in memory.</summary>
internal sealed class CaseSession(SimdBackend backend, InputFolder folder) : IDisposable
{
    /// <summary>The same for peers, in peers.py.</summary>
    private const double BurstSeconds = 0.05;

    private Case? _current;
    private CaseMemory? _memory;
    private PreparedCase? _prepared;

    /// <summary>
    /// Runs a case again and again until <see cref="BurstSeconds"/> have passed, at least once: a call of a millisecond is nobody's alone, and
    /// the first after a pause mostly wakes threads. The first time inputs are read and the case runs once more, untimed.
    /// </summary>
    /// <returns>Seconds of one call: the median.</returns>
    public double Run(Case item)
    {
        PreparedCase prepared = Prepare(item);
        List<double> seconds = [];
        do
        {
            prepared.Reset();
            long start = Stopwatch.GetTimestamp();
            prepared.Run();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        while (seconds.Sum() < BurstSeconds);

        seconds.Sort();
        return seconds[seconds.Count / 2];
    }

    /// <summary>Writes the result of the case's last run.</summary>
    public void WriteResult(Case item, string path) => Prepare(item).WriteResult(path);

    /// <inheritdoc/>
    public void Dispose() => _memory?.Dispose();

    private PreparedCase Prepare(Case item)
    {
        if (_prepared is { } ready && _current == item)
        {
            return ready;
        }

        _memory?.Dispose();
        _memory = new CaseMemory(backend, folder);
        _current = item;
        _prepared = item.Prepare(_memory);
        _prepared.Reset();
        _prepared.Run();
        return _prepared;
    }
}
