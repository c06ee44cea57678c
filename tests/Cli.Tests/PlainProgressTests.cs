namespace VemKernels.Cli.Tests;

/// <summary>Progress where no terminal is: lines, by the clock.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PlainProgressTests : IDisposable
{
    private readonly StringWriter _output = new();
    private TimeSpan _now = TimeSpan.FromSeconds(100);

    public void Dispose() => _output.Dispose();

    [Test]
    public void A_line_says_the_stage_the_share_and_the_time_left()
    {
        PlainProgress progress = new(_output, () => _now);
        progress.Tick();
        Assert.That(Line(), Is.Empty, "nothing is at work");
        IProgress<FitProgress> fit = progress.Begin("fit");
        Assert.That(Line(), Is.Empty, "a report writes nothing by itself");
        _now += TimeSpan.FromSeconds(10);
        progress.Tick();
        Assert.That(Line(), Is.EqualTo("vem: fit, 0 % done after 10 s\n"));
        fit.Report(new("cross-validation", 0.25));
        Assert.That(Line(), Is.Empty);
        _now += TimeSpan.FromSeconds(20);
        progress.Tick();
        Assert.That(
            Line(), Is.EqualTo("vem: fit: cross-validation, 25 % done after 30 s, about 1 min 30 s left\n"));
        fit.Report(new("refit", 1));
        progress.Tick();
        Assert.That(Line(), Is.Empty, "the call is done");
        IProgress<FitProgress> test = progress.Begin("test scores");
        test.Report(new("test scores", 0.9999));
        _now += TimeSpan.FromSeconds(5);
        progress.Tick();
        Assert.That(Line(), Is.EqualTo("vem: test scores, 99 % done after 5 s, about 1 s left\n"), "of the last call");
        progress.End();
        progress.Tick();
        Assert.That(Line(), Is.Empty, "all is done");
    }

    [Test]
    public void Little_work_is_no_ground_for_a_forecast_until_it_took_long()
    {
        PlainProgress progress = new(_output, () => _now);
        progress.Begin("fit").Report(new("factorisation", 0.0001));
        _now += TimeSpan.FromSeconds(30);
        progress.Tick();
        Assert.That(Line(), Is.EqualTo("vem: fit: factorisation, 0.01 % done after 30 s\n"));
        _now += TimeSpan.FromSeconds(42);
        progress.Tick();
        Assert.That(
            Line(), Is.EqualTo("vem: fit: factorisation, 0.01 % done after 1 min 12 s, about 199 h 58 min left\n"));
    }

    [Test]
    public void A_command_writes_lines_where_no_terminal_is_and_none_where_none_is_wanted()
    {
        Assert.That(
            Run(wanted: true), Does.Match(@"\A(vem: work: half, 50 % done after \d+ s, about \d+ s left\n)+\z"));
        Assert.That(Run(wanted: false), Is.Empty);
    }

    private static string Run(bool wanted)
    {
        using LineWaiter error = new();
        CommandConsole console = new(TextWriter.Null, error, ErrorIsTerminal: false)
        {
            ProgressInterval = TimeSpan.FromMilliseconds(20),
        };
        return ProgressReporter.Run(console, wanted, progress =>
        {
            progress.Begin("work")?.Report(new("half", 0.5));
            bool hasCome = error.WaitForLine(wanted ? TimeSpan.FromMinutes(1) : TimeSpan.FromMilliseconds(200));
            Assert.That(hasCome, Is.EqualTo(wanted));
            return error.ToString();
        });
    }

    private string Line()
    {
        string text = _output.ToString();
        _output.GetStringBuilder().Clear();
        return text;
    }

    /// <summary>Lets a test wait until something is written.</summary>
    private sealed class LineWaiter : StringWriter
    {
        private readonly ManualResetEventSlim _written = new();

        public bool WaitForLine(TimeSpan limit) => _written.Wait(limit);

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            _written.Set();
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            _written.Dispose();
        }
    }
}
