using System.Numerics;

namespace VemKernels.Solvers.Tests;

[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public class PreparedTargetsTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Targets = 300;
    private static readonly int[] Labels = [1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3];
    private static readonly int[] Train = [0, 1, 2, 3, 4, 5, 6];
    private static readonly int[] Test = [11, 7, 8];

    private static double Tolerance => 10 * double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    [Test]
    public void Rows_are_selected_as_they_are_where_nothing_else_is_asked([Values] bool inMemory)
    {
        using Matrix<T> Y = Responses();
        PreparedTargets<T> prepared = new(Source(Y, inMemory), null, Test, null);
        Assert.That((prepared.Samples, prepared.Targets), Is.EqualTo(((nint)3, (nint)Targets)));
        using Matrix<T> tile = Read(prepared);
        for (int i = 0; i < Test.Length; i++)
        {
            Assert.That(tile.View.RowSpan(i).SequenceEqual(Y.View.RowSpan(Test[i])), Is.True);
        }

        Assert.That(Means(prepared), Is.All.Zero);
    }

    [Test]
    public void Z_scores_come_first_then_rows_then_the_training_means([Values] bool inMemory, [Values] bool zscore)
    {
        using Matrix<T> Y = Responses();
        RunLabels? runs = zscore ? new RunLabels(Labels) : null;
        PreparedTargets<T> prepared = new(Source(Y, inMemory), runs, Test, [0, 2, 5]);
        using Matrix<T> tile = Read(prepared);
        double[] means = Means(prepared);
        using Matrix<T> expected = Matrix<T>.From(Y.View);
        if (runs is not null)
        {
            ZScore.ByRun(expected.View, runs);
        }

        for (int j = 0; j < Targets; j++)
        {
            double mean = new[] { 0, 2, 5 }.Average(row => double.CreateTruncating(expected[row, j]));
            Assert.That(means[j], Is.EqualTo(mean).Within(1e-13));
            for (int i = 0; i < Test.Length; i++)
            {
                Assert.That(
                    double.CreateTruncating(tile[i, j]),
                    Is.EqualTo(double.CreateTruncating(expected[Test[i], j]) - mean).Within(Tolerance));
            }
        }
    }

    [Test]
    public void Training_rows_have_mean_zero_and_the_means_restore_them()
    {
        using Matrix<T> Y = Responses();
        PreparedTargets<T> prepared = new(new MatrixTargetSource<T>(Y.View), null, Train, Train);
        using Matrix<T> tile = Read(prepared);
        double[] means = Means(prepared);
        for (int j = 0; j < Targets; j++)
        {
            Assert.That(
                Train.Select((_, i) => double.CreateTruncating(tile[i, j])).Average(), Is.Zero.Within(Tolerance));
            Assert.That(
                double.CreateTruncating(tile[3, j]) + means[j],
                Is.EqualTo(double.CreateTruncating(Y[3, j])).Within(Tolerance));
        }
    }

    [TestCase(0, 1)]
    [TestCase(17, 100)]
    [TestCase(299, 1)]
    [TestCase(5, 0)]
    public void A_column_is_the_same_bits_in_any_tile(int first, int count)
    {
        using Matrix<T> Y = Responses();
        PreparedTargets<T> prepared = new(Source(Y, inMemory: false), new RunLabels(Labels), Test, Train);
        using Matrix<T> whole = Read(prepared);
        using Matrix<T> part = new(Test.Length, count);
        prepared.Read(first, part.View);
        double[] means = new double[count];
        prepared.ReadMeans(first, means);
        Assert.That(means, Is.EqualTo(Means(prepared)[first..(first + count)]));
        for (int i = 0; i < Test.Length; i++)
        {
            Assert.That(part.View.RowSpan(i).SequenceEqual(whole.View.RowSpan(i).Slice(first, count)), Is.True);
        }
    }

    [Test]
    public void Responses_larger_than_the_scratch_are_read_in_chunks()
    {
        const int Samples = 100;
        int targets = (int)(PreparedTargets<T>.ScratchBytes / Samples / 4) + 1000;
        PreparedTargets<T> prepared = new(new Ramp(Samples, targets), null, [3, 98], [0, 2]);
        using Matrix<T> tile = Read(prepared);
        double[] means = Means(prepared);
        for (int j = 0; j < targets; j += 911)
        {
            Assert.That(double.CreateTruncating(tile[0, j]), Is.EqualTo(2.0));
            Assert.That(double.CreateTruncating(tile[1, j]), Is.EqualTo(97.0));
            Assert.That(means[j], Is.EqualTo(1.0 + j));
        }
    }

    [Test]
    public void Reading_from_several_threads_gives_the_same_values()
    {
        using Matrix<T> Y = Responses();
        PreparedTargets<T> prepared = new(Source(Y, inMemory: false), new RunLabels(Labels), Test, Train);
        using Matrix<T> serial = Read(prepared);
        using Matrix<T> parallel = new(Test.Length, Targets);
        Parallel.For(0, Targets / 10, block => prepared.Read(block * 10, parallel.View.SliceColumns(block * 10, 10)));
        for (int i = 0; i < Test.Length; i++)
        {
            Assert.That(parallel.View.RowSpan(i).SequenceEqual(serial.View.RowSpan(i)), Is.True);
        }
    }

    [Test]
    public void Bad_arguments_are_named_before_any_read()
    {
        using Matrix<T> Y = Responses();
        MatrixTargetSource<T> source = new(Y.View);
        Assert.That(
            () => new PreparedTargets<T>(source, new RunLabels([1, 1]), Test, null),
            Throws.ArgumentException.With.Message.Contains("12 samples"));
        Assert.That(
            () => new PreparedTargets<T>(source, new RunLabels([1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 9]), Test, null),
            Throws.ArgumentException.With.Message.Contains("Run 9 has one sample"));
        Assert.That(
            () => new PreparedTargets<T>(source, null, [], null),
            Throws.ArgumentException.With.Message.Contains("No rows"));
        Assert.That(
            () => new PreparedTargets<T>(source, null, [0, 12], null),
            Throws.ArgumentException.With.Message.Contains("Row 12 is outside 0..11"));
        Assert.That(
            () => new PreparedTargets<T>(source, null, Test, [-1]),
            Throws.ArgumentException.With.Message.Contains("Row -1"));
        PreparedTargets<T> prepared = new(source, null, Test, Train);
        Assert.That(
            () => prepared.ReadMeans(299, new double[2]),
            Throws.ArgumentException.With.Message.Contains("there are 300"));
        Assert.That(() => Read(prepared, rows: 2), Throws.ArgumentException);
    }

    private static Matrix<T> Responses()
    {
        RandomState random = new(21);
        Matrix<T> Y = new(Labels.Length, Targets);
        for (int i = 0; i < Labels.Length; i++)
        {
            for (int j = 0; j < Targets; j++)
            {
                Y[i, j] = T.CreateTruncating(0.5 + random.Randn());
            }
        }

        return Y;
    }

    private static TargetSource<T> Source(Matrix<T> Y, bool inMemory) =>
        inMemory ? new MatrixTargetSource<T>(Y.View) : new Streamed(new MatrixTargetSource<T>(Y.View));

    private static Matrix<T> Read(PreparedTargets<T> prepared, int? rows = null)
    {
        Matrix<T> tile = new(rows ?? prepared.Samples, prepared.Targets);
        prepared.Read(0, tile.View);
        return tile;
    }

    private static double[] Means(PreparedTargets<T> prepared)
    {
        double[] means = new double[prepared.Targets];
        prepared.ReadMeans(0, means);
        return means;
    }

    /// <summary>A source that can only be read, as a compressed file is.</summary>
    private sealed class Streamed(TargetSource<T> source) : TargetSource<T>
    {
        public override nint Samples => source.Samples;

        public override nint Targets => source.Targets;

        protected override void ReadTile(nint first, MatrixView<T> tile) => source.Read(first, tile);
    }

    /// <summary>Element (i, j) is i + j.</summary>
    private sealed class Ramp(int samples, int targets) : TargetSource<T>
    {
        public override nint Samples => samples;

        public override nint Targets => targets;

        protected override void ReadTile(nint first, MatrixView<T> tile)
        {
            for (nint i = 0; i < tile.Rows; i++)
            {
                for (nint j = 0; j < tile.Columns; j++)
                {
                    tile[i, j] = T.CreateTruncating((double)(i + first + j));
                }
            }
        }
    }
}
