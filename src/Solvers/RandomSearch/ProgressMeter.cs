using System.Diagnostics;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// Adds up predicted work as it is done and tells the caller; also how long each stage took. After a cancellation it
/// says nothing more: it throws. Work may be added from several threads; stages are one thread's, and pieces that run
/// at once have a <see cref="Fork"/> each.
/// </summary>
internal sealed class ProgressMeter
{
    private readonly Work _work;
    private readonly List<string> _stages = [];
    private readonly Dictionary<string, double> _seconds = [];
    private readonly Stopwatch _watch = new();
    private string? _stage;

    public ProgressMeter(IProgress<FitProgress>? progress, double totalWork, CancellationToken cancellation)
        : this(new Work(progress, totalWork, cancellation))
    {
    }

    private ProgressMeter(Work work) => _work = work;

    /// <summary>Seconds by stage, up to the last <see cref="Enter"/> or <see cref="Finish"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Timings =>
        [.. _stages.Select(stage => KeyValuePair.Create(stage, _seconds[stage]))];

    /// <summary>A stage begins (again); the one before it pauses.</summary>
    public void Enter(string stage)
    {
        Pause();
        _watch.Restart();
        if (_stage != stage)
        {
            _stage = stage;
            _work.Enter(stage);
        }
    }

    /// <summary>Some work is done.</summary>
    public void Add(double work) => _work.Add(work);

    /// <summary>Meters of the same work for pieces that run side by side; the stage of this one ends.</summary>
    public ProgressMeter[] Fork(int count)
    {
        Pause();
        _stage = null;
        return [.. Enumerable.Range(0, count).Select(_ => new ProgressMeter(_work))];
    }

    /// <summary>
    /// Pieces that ran side by side have ended. The time they took together is shared out among their stages.
    /// </summary>
    /// <param name="pieces">Their meters.</param>
    /// <param name="elapsed">From the start of the first to the end of the last.</param>
    public void Join(IReadOnlyList<ProgressMeter> pieces, TimeSpan elapsed)
    {
        foreach (ProgressMeter piece in pieces)
        {
            piece.Pause();
        }

        double total = pieces.Sum(piece => piece._seconds.Values.Sum());
        foreach ((string stage, double seconds) in pieces.SelectMany(piece => piece.Timings))
        {
            Count(stage, elapsed.TotalSeconds * seconds / total);
        }
    }

    /// <summary>All is done, whatever was predicted.</summary>
    public void Finish()
    {
        Pause();
        _work.Finish();
    }

    private void Pause()
    {
        if (_stage is not null)
        {
            Count(_stage, _watch.Elapsed.TotalSeconds);
            _watch.Reset();
        }
    }

    private void Count(string stage, double seconds)
    {
        if (!_seconds.ContainsKey(stage))
        {
            _stages.Add(stage);
        }

        _seconds[stage] = _seconds.GetValueOrDefault(stage) + seconds;
    }

    /// <summary>What all threads share: how much is done, and who is told.</summary>
    private sealed class Work(IProgress<FitProgress>? progress, double total, CancellationToken cancellation)
    {
        private readonly Lock _gate = new();
        private string _stage = "";
        private double _done;

        public void Enter(string stage)
        {
            lock (_gate)
            {
                _stage = stage;
                Report();
            }
        }

        public void Add(double work)
        {
            lock (_gate)
            {
                _done += work;
                Report();
            }
        }

        public void Finish()
        {
            lock (_gate)
            {
                progress?.Report(new FitProgress(_stage, 1));
            }
        }

        private void Report()
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new FitProgress(_stage, Math.Min(1, _done / total)));
        }
    }
}
