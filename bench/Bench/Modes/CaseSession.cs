using System.Diagnostics;
using VemKernels.Bench.Cases;
using VemKernels.Bench.Inputs;

namespace VemKernels.Bench.Modes;

/// <summary>Runs cases, one at a time in memory.</summary>
internal sealed class CaseSession(IBackend backend, InputFolder folder) : IDisposable
{
    /// <summary>The same for peers, in peers.py.</summary>
    private const double BurstSeconds = 0.05;

    private Case? _current;
    private CaseMemory? _memory;
    private PreparedCase? _prepared;

    /// <summary>
    /// Runs a case again and again until <see cref="BurstSeconds"/> have passed, at least once: a call of a millisecond
    /// is nobody's alone, and the first after a pause mostly wakes threads. The first time inputs are read and the case
    /// runs once more, untimed.
    /// </summary>
    /// <returns>Seconds of one call: the median.</returns>
    public double Run(Case item)
    {
        PreparedCase prepared = Prepare(item);
        List<double> seconds = [];
        do
        {
            Reset(prepared);
            long start = Stopwatch.GetTimestamp();
            prepared.Run();
            _memory!.Await();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        while (seconds.Sum() < BurstSeconds);

        seconds.Sort();
        return seconds[seconds.Count / 2];
    }

    /// <summary>Writes the result of the case's last run.</summary>
    public void WriteResult(Case item, string path)
    {
        PreparedCase prepared = Prepare(item);
        _memory!.ToHost();
        prepared.WriteResult(path);
    }

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
        _memory.ToDevice();
        _prepared.Run();
        _memory.Await();
        return _prepared;
    }

    private void Reset(PreparedCase prepared)
    {
        prepared.Reset();
        if (prepared.HasReset)
        {
            _memory!.ToDevice();
        }

        _memory!.Await();
    }
}
