namespace VemKernels.Solvers.Tests;

public class RunTests
{
    [Test]
    public void Labels_become_segments()
    {
        RunLabels runs = new([2, 2, 9, 9, 9, 1]);
        Assert.That(runs.Samples, Is.EqualTo(6));
        Assert.That(runs.Segments.ToArray(), Is.EqualTo(new RunSegment[] { new(2, 0, 2), new(9, 2, 3), new(1, 5, 1) }));
        Assert.That(runs.Labels.ToArray(), Is.EqualTo(new[] { 2, 2, 9, 9, 9, 1 }));
    }

    [Test]
    public void Selected_samples_ascend_whatever_the_order_of_the_runs()
    {
        RunLabels runs = new([2, 2, 9, 9, 9, 1]);
        Assert.That(runs.Select([1, 2]), Is.EqualTo(new[] { 0, 1, 5 }));
        Assert.That(runs.SelectOthers([1, 2]), Is.EqualTo(new[] { 2, 3, 4 }));
        Assert.That(runs.LabelsOf([5, 0]), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void All_samples_can_be_one_run() =>
        Assert.That(RunLabels.Single(4).Segments.ToArray(), Is.EqualTo(new RunSegment[] { new(1, 0, 4) }));

    [Test]
    public void A_run_that_comes_back_is_named() =>
        Assert.That(
            () => new RunLabels([1, 1, 2, 1]),
            Throws.ArgumentException.With.Message.Contains("Run 1 is not contiguous: it comes back at sample 3"));

    [Test]
    public void Runs_that_do_not_exist_are_named_with_those_that_do()
    {
        RunLabels runs = new([1, 2, 2]);
        Assert.That(
            () => runs.Select([1, 12]),
            Throws.ArgumentException.With.Message.Contains("There is no run 12; there are 1, 2."));
        Assert.That(() => runs.Select([]), Throws.ArgumentException);
        Assert.That(() => new RunLabels([]), Throws.ArgumentException);
    }

    [TestCase("3", new[] { 3 })]
    [TestCase("1-4,12", new[] { 1, 2, 3, 4, 12 })]
    [TestCase(" 5 , 1 - 2 ", new[] { 5, 1, 2 })]
    [TestCase("7-7", new[] { 7 })]
    public void Run_lists_are_read_as_written(string text, int[] expected) =>
        Assert.That(RunSelection.Parse(text), Is.EqualTo(expected));

    [TestCase("", "\"\" is not a run")]
    [TestCase("1,,2", "\"\" is not a run")]
    [TestCase("1-x", "\"1-x\" is not a run")]
    [TestCase("-3", "\"-3\" is not a run")]
    [TestCase("1.5", "\"1.5\" is not a run")]
    [TestCase("99999999999", "is not a run")]
    [TestCase("5-2", "\"5-2\" descends")]
    [TestCase("1-4,3", "run 3 is named twice")]
    [TestCase("1-2000000000", "more than 100000 runs")]
    public void Bad_run_lists_are_one_line_that_quotes_the_text(string text, string message)
    {
        FormatException exception = Assert.Throws<FormatException>(() => RunSelection.Parse(text))!;
        Assert.That(
            exception.Message, Does.StartWith($"Runs \"{text}\": ").And.Contains(message).And.Not.Contains("\n"));
    }
}
