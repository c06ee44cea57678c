using NUnit.Framework;
using VemKernels.Solvers;

namespace VemKernels.Interop.Tests;

/// <summary>
/// Splits that the library writes into the caller's lists: those of C#, and such that a search takes.
/// </summary>
public sealed unsafe class SplitExportTests
{
    private const int Samples = 11;

    private static readonly int[] Labels = [7, 7, 7, 3, 3, 5, 5, 5, 5, 9, 9];

    private readonly long[] _train = new long[10 * Samples];
    private readonly long[] _validation = new long[3 * Samples];
    private readonly long[] _trainEnds = new long[Samples];
    private readonly long[] _validationEnds = new long[Samples];

    [TestCase(2, -1)]
    [TestCase(5, -1)]
    [TestCase(Samples, -1)]
    [TestCase(4, 0)]
    [TestCase(3, 4294967295)]
    public void Folds(int folds, long seed)
    {
        Run((train, trainEnds, validation, validationEnds) =>
            KFold(Samples, folds, seed, train, trainEnds, validation, validationEnds));
        AreSame(seed < 0
            ? CrossValidationSplits.KFold(Samples, folds)
            : CrossValidationSplits.ShuffledKFold(Samples, folds, seed));
    }

    [Test]
    public void Runs_left_out()
    {
        delegate* unmanaged[Cdecl]<int*, long, long*, long*, long*, long*, int> one = &SplitExports.LeaveOneRunOut;
        delegate* unmanaged[Cdecl]<int*, long, long, long, long*, long*, long*, long*, int> some =
            &SplitExports.LeaveRunsOut;
        fixed (int* runs = Labels)
        {
            int* labels = runs;
            Run((train, trainEnds, validation, validationEnds) =>
                one(labels, Samples, train, trainEnds, validation, validationEnds));
            AreSame(CrossValidationSplits.LeaveOneRunOut(Labels));
            for (int runsOut = 1; runsOut < 4; runsOut++)
            {
                int count = runsOut;
                Run((train, trainEnds, validation, validationEnds) =>
                    some(labels, Samples, count, 6, train, trainEnds, validation, validationEnds));
                AreSame(RunSplits.LeaveRunsOut(new RunLabels(Labels), runsOut, 6));
                Assert.That(_trainEnds[3], Is.LessThanOrEqualTo(3 * Samples));
                Assert.That(_validationEnds[3], Is.LessThanOrEqualTo(runsOut * Samples));
            }

            fixed (long* list = _train)
            {
                Library.Fails(
                    some(labels, Samples, 4, 6, list, list, list, list), VemStatus.InvalidArgument, "runsOut");
                Library.Fails(one(labels, 3, list, list, list, list), VemStatus.InvalidArgument, "runs");
                Library.Fails(one(null, 3, list, list, list, list), VemStatus.InvalidArgument, "runs is null");
                Library.Fails(one(labels, -1, list, list, list, list), VemStatus.InvalidArgument, "runs");
            }
        }
    }

    [Test]
    public void Lists_that_are_none_are_refused()
    {
        fixed (long* list = _train, ends = _trainEnds, other = _validation, otherEnds = _validationEnds)
        {
            Library.Fails(KFold(Samples, 1, -1, list, ends, other, otherEnds), VemStatus.InvalidArgument, "folds");
            Library.Fails(KFold(Samples, 12, -1, list, ends, other, otherEnds), VemStatus.InvalidArgument, "folds");
            Library.Fails(KFold(-1, 2, -1, list, ends, other, otherEnds), VemStatus.InvalidArgument, "samples");
            Library.Fails(KFold(Samples, 2, -2, list, ends, other, otherEnds), VemStatus.InvalidArgument, "seed");
            Library.Fails(KFold(Samples, 2, -1, null, ends, other, otherEnds), VemStatus.InvalidArgument, "train");
            Library.Fails(
                KFold(Samples, 2, -1, list, ends, other, null), VemStatus.InvalidArgument, "validation_ends");
            Library.Fails(
                KFold(Samples, 2, -1, list, list + 5, other, otherEnds), VemStatus.InvalidArgument, "overlaps");
        }
    }

    [Test]
    public void Mean_weights_over_delays()
    {
        using Matrix<double> weights = Library.Draw<double>(6, 5, 0);
        using Matrix<double> mean = new(2, 5);
        VemMatrix w = Library.Describe(weights.View);
        VemMatrix m = Library.Describe(mean.View);
        delegate* unmanaged[Cdecl]<VemMatrix*, long, VemMatrix*, int> average =
            &PreparationExports.DelayedWeightsMean;
        Library.Succeeds(average(&w, 3, &m));
        for (int i = 0; i < 2; i++)
        {
            for (int j = 0; j < 5; j++)
            {
                double expected = (weights[i, j] + weights[i + 2, j] + weights[i + 4, j]) / 3;
                Assert.That(mean[i, j], Is.EqualTo(expected).Within(1e-15));
            }
        }

        Library.Fails(average(&w, 4, &m), VemStatus.InvalidArgument, "4 delays");
        Library.Fails(average(&w, 0, &m), VemStatus.InvalidArgument, "delays");
        Library.Fails(average(&w, 2, &m), VemStatus.InvalidArgument, "mean");
    }

    private static int KFold(
        long samples, long folds, long seed, long* train, long* trainEnds, long* validation, long* validationEnds)
    {
        delegate* unmanaged[Cdecl]<long, long, long, long*, long*, long*, long*, int> split = &SplitExports.KFold;
        return split(samples, folds, seed, train, trainEnds, validation, validationEnds);
    }

    private delegate int Writer(long* train, long* trainEnds, long* validation, long* validationEnds);

    private void Run(Writer write)
    {
        fixed (long* train = _train, trainEnds = _trainEnds, validation = _validation, ends = _validationEnds)
        {
            Library.Succeeds(write(train, trainEnds, validation, ends));
        }
    }

    private void AreSame(Fold[] expected)
    {
        (long train, long validation) = (0, 0);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.That(
                _train[(int)train..(int)_trainEnds[i]],
                Is.EqualTo(expected[i].Train.ToArray().Select(sample => (long)sample)), $"train {i}");
            Assert.That(
                _validation[(int)validation..(int)_validationEnds[i]],
                Is.EqualTo(expected[i].Validation.ToArray().Select(sample => (long)sample)), $"validation {i}");
            (train, validation) = (_trainEnds[i], _validationEnds[i]);
        }
    }
}
