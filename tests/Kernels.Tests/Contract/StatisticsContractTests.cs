using System.Numerics;
using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

[TestFixtureSource(typeof(Backends), nameof(Backends.WithElementTypes))]
public sealed class StatisticsContractTests<T>(BackendUnderTest underTest) : ContractFixture<T>(underTest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Not exact in binary, so that sums of it are rounded.</summary>
    private const double Constant = 0.1;

    private static readonly (int Rows, int Columns)[] Shapes =
        [(1, 1), (3, 0), (1, 17), (17, 3), (33, 33), (65, 130), (300, 5), (6, 2345)];

    [Test]
    public void ColumnMeans_averages_columns(
        [ValueSource(nameof(Shapes))] (int Rows, int Columns) shape, [Values] Layout from, [Values] Layout to)
    {
        double[,] a = Random(shape.Rows, shape.Columns, seed: 1);
        Operand<T> means = Result(1, shape.Columns, to);
        Backend.ColumnMeans(Input(a, from).View, means.View);
        Means(a).RequireNear(means.Values);
    }

    [Test]
    public void The_means_of_zero_rows_are_zero()
    {
        Operand<T> means = Result(1, 17);
        Backend.ColumnMeans(Input(new double[0, 17]).View, means.View);
        Assert.That(means.Values, Is.EqualTo(new double[1, 17]));
    }

    /// <summary>In float, ones added to 2^24 vanish.</summary>
    [Test]
    public void Means_are_summed_in_double([Values] Layout layout)
    {
        double[,] a = Arrays.Make(5000, 17, (i, _) => i == 0 ? 1 << 24 : 1);
        Operand<T> means = Result(1, 17);
        Backend.ColumnMeans(Input(a, layout).View, means.View);
        Means(a).RequireNear(means.Values);
    }

    [Test]
    public void FrobeniusNorm_is_the_root_of_the_sum_of_squares(
        [ValueSource(nameof(Shapes))] (int Rows, int Columns) shape, [Values] Layout layout)
    {
        double[,] a = Random(shape.Rows, shape.Columns, seed: 15);
        (double sum, double error) = Oracle.SumInDouble([.. a.Cast<double>().Select(value => value * value)]);
        double norm = Backend.FrobeniusNorm(Input(a, layout).View);
        Assert.That(norm * norm, Is.EqualTo(sum).Within(error));
    }

    [Test]
    public void SubtractRow_subtracts_from_every_row(
        [ValueSource(nameof(Shapes))] (int Rows, int Columns) shape, [Values] Layout layout)
    {
        double[,] a = Random(shape.Rows, shape.Columns, seed: 2);
        double[,] row = Random(1, shape.Columns, seed: 3);
        Operand<T> A = Output(a, layout);
        Backend.SubtractRow(A.View, Input(row, layout).View);
        Oracle.Elementwise(shape.Rows, shape.Columns, (i, j) => a[i, j] - row[0, j]).RequireNear(A.Values);
    }

    [Test]
    [Pairwise]
    public void ZScoreColumns_standardises_by_the_population_deviation(
        [Values(2, 3, 17, 270)] int rows, // 270 x 2,345, spread out, fit in the buffers of a poor device: 16 MiB
        [Values(0, 1, 17, 65, 2345)] int columns,
        [Values(0, 1000)] double offset,
        [Values] Layout layout)
    {
        double[,] a = Round(Arrays.Map(Arrays.Normal(rows, columns, seed: 4), value => value + offset));
        Operand<T> A = Output(a, layout);
        Backend.ZScoreColumns(A.View);
        ZScores(a).RequireNear(A.Values);
    }

    [Test]
    public void ZScoreColumns_makes_constant_columns_zero(
        [Values(1, 3, 17, 1000)] int rows, [Values(Constant, 0, -1e6 / 3, 1e-20)] double value, [Values] Layout layout)
    {
        double[,] a = Random(rows, 3, seed: 5);
        double[,] withConstant = Round(Arrays.Make(rows, 3, (i, j) => j == 1 ? value : a[i, j]));
        Operand<T> A = Output(withConstant, layout);
        Backend.ZScoreColumns(A.View);
        Assert.That(Oracle.Column(A.Values, 1), Is.All.EqualTo(0));
    }

    [Test]
    public void ZScoreColumns_of_no_rows_does_nothing() =>
        Assert.That(() => Backend.ZScoreColumns(Output(new double[0, 3]).View), Throws.Nothing);

    [Test]
    public void CenterKernel_subtracts_the_means_of_rows_and_columns_and_adds_the_mean(
        [Values(0, 1, 3, 17, 33, 130)] int n, [Values(0, 1e4)] double offset, [Values] Layout layout)
    {
        double[,] k = Round(Arrays.Map(Arrays.Normal(n, n, seed: 6), value => value + offset));
        Operand<T> K = Output(k, layout);
        Backend.CenterKernel(K.View);
        Centered(k).RequireNear(K.Values);
    }

    [Test]
    [Pairwise]
    public void Scores_follow_their_definitions(
        [Values] ScoreKind kind, [Values(2, 3, 17, 130, 300)] int rows, [Values(0, 1, 17, 65)] int columns, [Values] Layout layout)
    {
        double[,] truth = Random(rows, columns, seed: 7);
        double[,] noise = Arrays.Normal(rows, columns, seed: 8);
        double[,] predictions = Round(Arrays.Make(rows, columns, (i, j) => (0.5 * truth[i, j]) + noise[i, j] + 0.25));
        RequireScores(kind, truth, predictions, layout);
    }

    [Test]
    public void Scores_survive_a_mean_that_is_large_next_to_the_deviations([Values] ScoreKind kind)
    {
        double[,] truth = Round(Arrays.Map(Arrays.Normal(300, 17, seed: 9), value => value + 1000));
        double[,] noise = Arrays.Normal(300, 17, seed: 10);
        RequireScores(kind, truth, Round(Arrays.Make(300, 17, (i, j) => truth[i, j] + noise[i, j])), Layout.Whole);
    }

    [Test]
    public void Scores_survive_an_outlier_in_any_row(
        [Values] ScoreKind kind, [Values(0, 1, 298)] int row, [Values(1e3, 1e6)] double outlier)
    {
        double[,] truth = Arrays.Normal(299, 17, seed: 18);
        double[,] noise = Arrays.Normal(299, 17, seed: 19);
        double[,] predictions = Arrays.Make(299, 17, (i, j) => truth[i, j] + noise[i, j]);
        for (int j = 0; j < 17; j++)
        {
            truth[row, j] += outlier;
            predictions[row, j] += j % 2 == 0 ? outlier : 0;
        }

        // Sums may be about any row, an outlier too: sums of squares are then up to n times those about the mean, and
        // their rounding grows as a random walk.
        RequireScores(kind, Round(truth), Round(predictions), Layout.Whole, 8 * Math.Pow(299, 1.5) * Precision.DoubleEpsilon);
    }

    [Test]
    public void Scores_of_many_columns_follow_their_definitions([Values] ScoreKind kind, [Values(2, 3, 5)] int rows)
    {
        const int Columns = 1100; // More than two strips and a tail.
        double[,] truth = Random(rows, Columns, seed: 20);
        double[,] predictions = Random(rows, Columns, seed: 21);
        RequireScores(kind, truth, predictions, Layout.Whole);
    }

    [Test]
    public void R2_and_correlation_with_constants_are_zero(
        [Values(ScoreKind.R2, ScoreKind.Correlation)] ScoreKind kind, [Values(1, 3, 17, 1000)] int rows, [Values] Layout layout)
    {
        double[,] varying = Random(rows, 2, seed: 11);
        double[,] truth = Round(Arrays.Make(rows, 2, (i, j) => j == 0 ? Constant : varying[i, j]));
        double[,] predictions = Round(Arrays.Make(rows, 2, (i, j) => j == 1 ? -Constant : varying[i, j]));
        Operand<double> scores = DoubleResult(1, 2);
        Backend.Score(kind, Input(truth, layout).View, Input(predictions, layout).View, scores.View);
        Assert.That(scores.Values[0, 0], Is.EqualTo(0), "constant truth");
        if (kind == ScoreKind.Correlation)
        {
            Assert.That(scores.Values[0, 1], Is.EqualTo(0), "constant predictions");
        }
    }

    [Test]
    public void Perfect_predictions_score_perfectly([Values] ScoreKind kind)
    {
        double[,] truth = Random(65, 17, seed: 12);
        Operand<T> Y = Input(truth);
        Operand<double> scores = DoubleResult(1, 17);
        Backend.Score(kind, Y.View, Y.View, scores.View);
        double perfect = kind == ScoreKind.NegativeSquaredError ? 0 : 1;
        double bound = LapackRatios.Threshold * Precision.Epsilon<T>();
        Assert.That(scores.Values, Is.EqualTo(Arrays.Filled(1, 17, perfect)).Within(bound));
    }

    [Test]
    [Pairwise]
    public void SplitMoments_are_sums_of_products_in_double(
        [Values(0, 1, 17, 500)] int n, [Values(1, 2, 3, 5, 8)] int spaces, [Values(0, 1, 17, 33, 530)] int t,
        [Values] Layout layout)
    {
        double[,] truth = Random(n, t, seed: 13);
        double[,] predictions = Random(spaces * n, t, seed: 14);
        Operand<double> moments = DoubleResult(1 + spaces + (spaces * spaces), t, layout);
        Backend.SplitMoments(Input(truth, layout).View, Input(predictions, layout).View, spaces, moments.View);
        Estimate.Make(1 + spaces + (spaces * spaces), t, (row, j) =>
            {
                double[] truthColumn = Oracle.Column(truth, j);
                double[][] spaceColumns = [.. Oracle.Column(predictions, j).Chunk(Math.Max(1, n))];
                int pair = row - 1 - spaces;
                (double[] left, double[] right) = row == 0 || n == 0 ? (truthColumn, truthColumn)
                    : pair < 0 ? (truthColumn, spaceColumns[row - 1])
                    : (spaceColumns[pair / spaces], spaceColumns[pair % spaces]);
                return Oracle.SumInDouble([.. left.Zip(right, (a, b) => a * b)]);
            })
            .RequireNear(moments.Values);
    }

    private void RequireScores(ScoreKind kind, double[,] truth, double[,] predictions, Layout layout, double room = 0)
    {
        Operand<double> scores = DoubleResult(1, truth.GetLength(1), layout);
        Backend.Score(kind, Input(truth, layout).View, Input(predictions, layout).View, scores.View);
        Estimate expected = Oracle.Scores(kind, truth, Estimate.Exact(predictions));
        Estimate.Make(1, expected.Columns, (i, j) => (expected.Value[i, j], expected.Error[i, j] + room)).RequireNear(scores.Values);
    }

    private Estimate Means(double[,] a) =>
        Estimate.Make(1, a.GetLength(1), (_, j) => Oracle.Mean(Oracle.Column(a, j)));

    private Estimate ZScores(double[,] a)
    {
        double[][] columns = [.. Enumerable.Range(0, a.GetLength(1)).Select(j => Oracle.Column(a, j))];
        (double Mean, double Error)[] means = [.. columns.Select(Oracle.Mean)];
        double[] deviations =
            [.. columns.Select((x, j) => Math.Sqrt(x.Average(value => (value - means[j].Mean) * (value - means[j].Mean))))];
        return Estimate.Make(a.GetLength(0), a.GetLength(1), (i, j) =>
        {
            (double z, double rounding) = Oracle.Rounded((a[i, j] - means[j].Mean) / deviations[j]);

            // A mean that is off moves all z; the deviation is of second order in it.
            return (z, rounding + ((1 + Math.Abs(z)) * means[j].Error / deviations[j]));
        });
    }

    private Estimate Centered(double[,] k)
    {
        int n = k.GetLength(0);
        double[,] transposed = Arrays.Transpose(k);
        (double Value, double Error)[] rows =
            [.. Enumerable.Range(0, n).Select(i => Oracle.MeanInDouble(Oracle.Column(transposed, i)))];
        (double Value, double Error)[] columns =
            [.. Enumerable.Range(0, n).Select(j => Oracle.MeanInDouble(Oracle.Column(k, j)))];
        (double mean, double meanError) = Oracle.MeanInDouble([.. rows.Select(row => row.Value)]);
        return Estimate.Make(n, n, (i, j) =>
        {
            double[] terms = [k[i, j], -rows[i].Value, -columns[j].Value, mean];
            double ofMeans = rows[i].Error + columns[j].Error + meanError;
            return (terms.Sum(), ofMeans + Oracle.Rounded(terms.Sum(Math.Abs)).Error);
        });
    }
}
