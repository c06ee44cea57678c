using System.Diagnostics;
using VemKernels.Bench.Cases;
using VemKernels.Bench.Inputs;
using VemKernels.Simd;

namespace VemKernels.Bench.Modes;

/// <summary>Runs cases, one at a time in memory.</summary>
internal sealed class CaseSession(SimdBackend backend, InputFolder folder) : IDisposable
{
    private Case? _current;
    private CaseMemory? _memory;
    private PreparedCase? _prepared;

    /// <summary>Runs a case once; the first time its inputs are read and it runs once more, untimed.</summary>
    /// <returns>Seconds.</returns>
    public double Run(Case item)
    {
        PreparedCase prepared = Prepare(item);
        prepared.Reset();
        long start = Stopwatch.GetTimestamp();
        prepared.Run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
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
