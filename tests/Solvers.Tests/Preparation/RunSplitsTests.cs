using System.Text.Json;

namespace VemKernels.Solvers.Tests;

public class RunSplitsTests
{
    public static IEnumerable<TestCaseData> NumpyCases => TestVectors.Load("run_splits").CasesBySeed();

    [TestCaseSource(nameof(NumpyCases))]
    public void A_seed_gives_the_splits_of_the_tutorials(JsonElement expected)
    {
        Fold[] folds = RunSplits.LeaveRunsOut(
            expected.Integer("samples"), expected.Integers("onsets"), expected.Integer("runs_out"), expected.Seed());
        int[][] Sets(string name) => [.. expected.GetProperty(name).EnumerateArray().Select(set => set.Integers())];
        Assert.That(folds.Select(fold => fold.Train.ToArray()), Is.EqualTo(Sets("train")));
        Assert.That(folds.Select(fold => fold.Validation.ToArray()), Is.EqualTo(Sets("validation")));
    }

    [Test]
    public void Without_a_seed_every_run_is_left_out_once()
    {
        Fold[] folds = RunSplits.LeaveRunsOut(9, [0, 2, 5]);
        Assert.That(folds.SelectMany(fold => fold.Validation.ToArray()), Is.EquivalentTo(Enumerable.Range(0, 9)));
        Assert.That(folds, Has.All.Property(nameof(Fold.IsPartition)).True);
    }

    [Test]
    public void Labels_give_the_same_splits_as_onsets()
    {
        Fold[] byLabel = RunSplits.LeaveRunsOut(new RunLabels([7, 7, 3, 3, 3, 5]), 2, seed: 4);
        Fold[] byOnset = RunSplits.LeaveRunsOut(6, [0, 2, 5], 2, seed: 4);
        Assert.That(
            byLabel.Select(fold => fold.Train.ToArray()),
            Is.EqualTo(byOnset.Select(fold => fold.Train.ToArray())));
    }

    [Test]
    public void Bad_runs_are_refused_by_name()
    {
        Assert.That(() => RunSplits.LeaveRunsOut(5, [0]), Refuses("onsets"));
        Assert.That(() => RunSplits.LeaveRunsOut(5, [1, 3]), Refuses("onsets"));
        Assert.That(() => RunSplits.LeaveRunsOut(5, [0, 3, 3]), Refuses("onsets"));
        Assert.That(() => RunSplits.LeaveRunsOut(5, [0, 5]), Refuses("onsets"));
        Assert.That(() => RunSplits.LeaveRunsOut(5, [0, 3], 0), Refuses("runsOut"));
        Assert.That(() => RunSplits.LeaveRunsOut(5, [0, 3], 2), Refuses("runsOut"));
        Assert.That(() => RunSplits.LeaveRunsOut(5, [0, 3], 1, -1), Refuses("seed"));
    }

    private static NUnit.Framework.Constraints.EqualStringConstraint Refuses(string name) =>
        Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo(name);
}
