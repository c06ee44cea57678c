using System.Numerics;

namespace VemKernels.Solvers.Tests;

[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public class ZScoreTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>More than one block of columns, and not whole vectors.</summary>
    private const int Columns = ColumnBlock.Width + 37;

    private static readonly int[] Labels = [1, 1, 1, 1, 1, 1, 4, 4, 2, 2, 2];

    private static double Epsilon => double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    [TestCase(false, 0.0)]
    [TestCase(true, 0.0)]
    [TestCase(false, 1000.0)]
    public void Columns_equal_a_plain_computation(bool transposed, double offset)
    {
        using Matrix<T> data = Random(
            transposed ? Columns : Labels.Length, transposed ? Labels.Length : Columns, offset);
        using Matrix<T> original = Matrix<T>.From(data.View);
        (MatrixView<T> X, MatrixView<T> before) = transposed
            ? (data.View.Transposed, original.View.Transposed)
            : (data.View, original.View);
        RunLabels runs = new(Labels);
        ZScore.ByRun(X, runs);
        foreach (RunSegment run in runs.Segments)
        {
            for (int j = 0; j < Columns; j++)
            {
                double[] x =
                    [.. Enumerable.Range(run.First, run.Count).Select(i => double.CreateTruncating(before[i, j]))];
                double mean = x.Average();
                double deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)));
                for (int i = 0; i < run.Count; i++)
                {
                    double expected = (x[i] - mean) / deviation;
                    double tolerance = (4 * Epsilon) + (1e-15 * (1 + Math.Abs(mean)) / deviation);
                    Assert.That(double.CreateTruncating(X[run.First + i, j]), Is.EqualTo(expected).Within(tolerance));
                }
            }
        }
    }

    [Test]
    public void A_constant_column_becomes_exactly_zero()
    {
        double[] constants = [0.0, 0.1, 1.0 / 3.0, -7.7e8, 1e30, 3e-12];
        using Matrix<T> X = new(7, constants.Length);
        for (int i = 0; i < 7; i++)
        {
            for (int j = 0; j < constants.Length; j++)
            {
                X[i, j] = T.CreateTruncating(constants[j]);
            }
        }

        ZScore.ByRun(X.View, RunLabels.Single(7));
        Assert.That(FlatRow(X), Is.All.EqualTo(T.Zero));
    }

    [Test]
    public void A_column_that_varies_by_rounding_alone_becomes_zero_and_one_that_varies_more_does_not()
    {
        T one = T.CreateTruncating(1.9);
        T next = T.BitIncrement(one);
        T further = T.CreateTruncating(1.9 + (64 * Epsilon));
        using Matrix<T> X = Matrix<T>.From(4, 2, [one, one, next, further, one, one, next, further]);
        ZScore.ByRun(X.View, RunLabels.Single(4));
        Assert.That(double.CreateTruncating(X[1, 0]), Is.Zero);
        Assert.That(double.CreateTruncating(X[1, 1]), Is.EqualTo(1.0).Within(0.1));
    }

    [Test]
    public void A_column_constant_in_one_run_is_zero_in_that_run_only()
    {
        using Matrix<T> X = Matrix<T>.From(4, 1, [T.One, T.One, T.One, -T.One]);
        ZScore.ByRun(X.View, new RunLabels([1, 1, 2, 2]));
        Assert.That(FlatRow(X), Is.EqualTo(new[] { T.Zero, T.Zero, T.One, -T.One }));
    }

    [Test]
    public void NaN_stays_in_its_column_and_run()
    {
        using Matrix<T> X = Random(6, 3, 0.0);
        X[1, 1] = T.NaN;
        ZScore.ByRun(X.View, new RunLabels([1, 1, 1, 2, 2, 2]));
        Assert.That(T.IsNaN(X[0, 1]) && T.IsNaN(X[2, 1]), Is.True);
        Assert.That(T.IsFinite(X[3, 1]) && T.IsFinite(X[0, 0]) && T.IsFinite(X[0, 2]), Is.True);
    }

    [Test]
    public void A_run_with_one_sample_is_named()
    {
        using Matrix<T> X = new(4, 2);
        Assert.That(
            () => ZScore.ByRun(X.View, new RunLabels([1, 1, 8, 3])),
            Throws.ArgumentException.With.Message.Contains("Run 8 has one sample (sample 2)"));
        Assert.That(
            () => ZScore.ByRun(X.View, new RunLabels([1, 1])),
            Throws.ArgumentException.With.Message.Contains("4 samples"));
    }

    private static Matrix<T> Random(int rows, int columns, double offset)
    {
        RandomState random = new(rows);
        Matrix<T> matrix = new(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                matrix[i, j] = T.CreateTruncating(offset + random.Randn());
            }
        }

        return matrix;
    }

    private static T[] FlatRow(Matrix<T> matrix) =>
        [.. Enumerable.Range(0, (int)matrix.Rows).SelectMany(i => matrix.View.RowSpan(i).ToArray())];
}
