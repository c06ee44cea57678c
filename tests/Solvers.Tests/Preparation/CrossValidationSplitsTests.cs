using System.Text.Json;

namespace VemKernels.Solvers.Tests;

public class CrossValidationSplitsTests
{
    private static IEnumerable<TestCaseData> ShuffledCases => TestVectors.Load("sklearn_kfold").CasesBySeed();

    [Test]
    public void K_folds_are_contiguous_and_the_first_ones_longer()
    {
        Fold[] folds = CrossValidationSplits.KFold(11, 3);
        Assert.That(
            folds.Select(fold => fold.Validation.ToArray()),
            Is.EqualTo(new int[][] { [0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10] }));
        Assert.That(folds[1].Train.ToArray(), Is.EqualTo(new[] { 0, 1, 2, 3, 8, 9, 10 }));
    }

    [TestCaseSource(nameof(ShuffledCases))]
    public void Shuffled_folds_equal_scikit_learns(JsonElement expected)
    {
        Fold[] folds = CrossValidationSplits.ShuffledKFold(
            expected.Integer("samples"), expected.Integer("folds"), expected.Seed());
        Assert.That(
            folds.Select(fold => fold.Validation.ToArray()),
            Is.EqualTo(expected.GetProperty("validation").EnumerateArray().Select(fold => fold.Integers())));
    }

    [Test]
    public void Every_split_is_a_partition_that_scores_each_sample_once()
    {
        RandomState random = new(4);
        for (int round = 0; round < 50; round++)
        {
            int samples = (int)random.RandInt(2, 60);
            int folds = (int)random.RandInt(2, samples + 1);
            AssertPartition(CrossValidationSplits.KFold(samples, folds), samples, folds);
            AssertPartition(CrossValidationSplits.ShuffledKFold(samples, folds, round), samples, folds);
        }
    }

    [Test]
    public void Runs_become_folds_in_order_of_first_appearance()
    {
        Fold[] folds = CrossValidationSplits.LeaveOneRunOut([7, 7, 3, 3, 3, 5, 7]);
        Assert.That(
            folds.Select(fold => fold.Validation.ToArray()), Is.EqualTo(new int[][] { [0, 1, 6], [2, 3, 4], [5] }));
        AssertPartition(folds, 7, 3);
    }

    [Test]
    public void Run_onsets_give_the_folds_of_their_labels()
    {
        Fold[] byOnset = CrossValidationSplits.FromRunOnsets([0, 2, 5], 6);
        Fold[] byLabel = CrossValidationSplits.LeaveOneRunOut([1, 1, 2, 2, 2, 3]);
        Assert.That(
            byOnset.Select(fold => fold.Validation.ToArray()),
            Is.EqualTo(byLabel.Select(fold => fold.Validation.ToArray())));
        Assert.That(
            byOnset.Select(fold => fold.Train.ToArray()), Is.EqualTo(byLabel.Select(fold => fold.Train.ToArray())));
    }

    [TestCase(10, 1)]
    [TestCase(10, 11)]
    [TestCase(10, -2)]
    public void Too_few_or_too_many_folds_are_refused(int samples, int folds)
    {
        Assert.That(
            () => CrossValidationSplits.KFold(samples, folds),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains($"{folds} folds of {samples} samples"));
        Assert.That(
            () => CrossValidationSplits.ShuffledKFold(samples, folds, 0),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_single_run_cannot_be_left_out()
    {
        Assert.That(
            () => CrossValidationSplits.LeaveOneRunOut([4, 4, 4]),
            Throws.ArgumentException.With.Message.Contains("one run only, run 4"));
        Assert.That(
            () => CrossValidationSplits.LeaveOneRunOut([]),
            Throws.ArgumentException.With.Message.Contains("no samples"));
        Assert.That(
            () => CrossValidationSplits.FromRunOnsets([0], 5),
            Throws.ArgumentException.With.Message.Contains("at least two runs"));
    }

    [TestCase(new[] { 1, 3 }, "starts at sample 1")]
    [TestCase(new[] { 0, 3, 3 }, "onset 1 is 3")]
    [TestCase(new[] { 0, 4, 2 }, "onset 1 is 4")]
    [TestCase(new[] { 0, 5 }, "onset 1 is 5")]
    [TestCase(new[] { 0, 9 }, "Run onset 9")]
    public void Onsets_that_do_not_cover_the_samples_are_refused(int[] onsets, string message) =>
        Assert.That(
            () => CrossValidationSplits.FromRunOnsets(onsets, 5),
            Throws.ArgumentException.With.Message.Contains(message));

    private static void AssertPartition(Fold[] folds, int samples, int count)
    {
        Assert.That(folds, Has.Length.EqualTo(count));
        Assert.That(folds.Select(fold => fold.IsPartition), Is.All.True);
        Assert.That(
            folds.SelectMany(fold => fold.Validation.ToArray()).Order(), Is.EqualTo(Enumerable.Range(0, samples)));
        int[] sizes = [.. folds.Select(fold => fold.Train.Length + fold.Validation.Length)];
        Assert.That(sizes, Is.All.EqualTo(samples));
    }
}
