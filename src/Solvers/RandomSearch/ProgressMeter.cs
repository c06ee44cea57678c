using System.Diagnostics;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// Adds up predicted work as it is done and tells the caller; also how long each stage took. After a cancellation it
/// says nothing more: it throws.
/// </summary>
internal sealed class ProgressMeter(IProgress<FitProgress>? progress, double totalWork, CancellationToken cancellation)
{
    private readonly List<string> _stages = [];
    private readonly Dictionary<string, Stopwatch> _watches = [];
    private Stopwatch? _running;
    private string _stage = "";
    private double _done;

    /// <summary>Seconds by stage.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Timings =>
        [.. _stages.Select(stage => KeyValuePair.Create(stage, _watches[stage].Elapsed.TotalSeconds))];

    /// <summary>A stage begins (again); the one before it pauses.</summary>
    public void Enter(string stage)
    {
        _running?.Stop();
        if (!_watches.TryGetValue(stage, out _running))
        {
            _watches[stage] = _running = new Stopwatch();
            _stages.Add(stage);
        }

        _running.Start();
        if (_stage != stage)
        {
            _stage = stage;
            Add(0);
        }
    }

    /// <summary>Some work is done.</summary>
    public void Add(double work)
    {
        cancellation.ThrowIfCancellationRequested();
        _done += work;
        progress?.Report(new FitProgress(_stage, Math.Min(1, _done / totalWork)));
    }

    /// <summary>All is done, whatever was predicted.</summary>
    public void Finish()
    {
        _running?.Stop();
        progress?.Report(new FitProgress(_stage, 1));
    }
}
