using System.Globalization;

namespace VemKernels.Cli;

/// <summary>
/// Progress as lines, for files and pipes: what is done and how far it is, at every tick of somebody's clock.
/// </summary>
/// <param name="output">Where the lines go.</param>
/// <param name="elapsed">The time since some moment.</param>
internal sealed class PlainProgress(TextWriter output, Func<TimeSpan> elapsed)
{
    /// <summary>Less of the work than this, in less time than this, says nothing about the rest.</summary>
    private const double FewestForForecast = 0.02;

    private static readonly TimeSpan s_longEnoughForForecast = TimeSpan.FromMinutes(1);

    private const double Thousandth = 1000;

    private readonly Lock _gate = new();
    private Call? _current;

    /// <summary>A call of a solver begins; the one before it has ended.</summary>
    public IProgress<FitProgress> Begin(string name)
    {
        lock (_gate)
        {
            return _current = new Call(this, name, elapsed());
        }
    }

    /// <summary>All is done: no line comes after this.</summary>
    public void End()
    {
        lock (_gate)
        {
            _current = null;
        }
    }

    /// <summary>Writes a line, if a call is at work.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            if (_current is { State.Fraction: < 1 } call)
            {
                output.WriteLine(Describe(call));
            }
        }
    }

    /// <summary>"vem: fit: cross-validation, 37 % done after 1 min 10 s, about 2 min 0 s left".</summary>
    private string Describe(Call call)
    {
        (string stage, double fraction) = call.State;
        TimeSpan spent = elapsed() - call.Started;
        bool isEarly = fraction < FewestForForecast && spent < s_longEnoughForForecast;
        string left = isEarly || fraction <= 0 ? ""
            : $", about {Describe(spent * ((1 - fraction) / fraction))} left";
        string what = stage.Length == 0 || stage == call.Name ? call.Name : $"{call.Name}: {stage}";
        return $"vem: {what}, {Percent(fraction)} done after {Describe(spent)}{left}";
    }

    /// <summary>Rounded down, so that nothing is done before it is: "0.003 %", "37 %".</summary>
    private static string Percent(double fraction)
    {
        double percent = 100 * fraction;
        double digits = percent >= 1 ? 1 : Thousandth;
        return string.Create(
            CultureInfo.InvariantCulture, $"{Math.Floor(percent * digits) / digits:0.###} %");
    }

    private static string Describe(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours} h {time.Minutes} min"
        : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds} s"
        : $"{Math.Ceiling(time.TotalSeconds):0} s";

    private sealed class Call(PlainProgress owner, string name, TimeSpan started) : IProgress<FitProgress>
    {
        public string Name => name;

        public TimeSpan Started => started;

        public FitProgress State { get; private set; } = new("", 0);

        public void Report(FitProgress value)
        {
            lock (owner._gate)
            {
                State = value;
            }
        }
    }
}
