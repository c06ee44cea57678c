using System.Numerics;
using System.Text.Json;

namespace VemKernels.Solvers.Tests;

[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public class ExplainableVarianceTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static IEnumerable<TestCaseData> NumpyCases => TestVectors.Load("repeats").CasesBySeed();

    private static double Tolerance => typeof(T) == typeof(float) ? 1e-6 : 1e-12;

    [TestCaseSource(nameof(NumpyCases))]
    public void Equals_numpy(JsonElement expected)
    {
        Matrix<T>[] repeats = [.. expected.GetProperty("data").EnumerateArray().Select(ToMatrix)];
        foreach (bool zscore in (bool[])[false, true])
        {
            foreach (bool correction in (bool[])[false, true])
            {
                using Matrix<T> ev = ExplainableVariance.Compute(
                    Sources(repeats), new ExplainableVarianceOptions { ZScore = zscore, BiasCorrection = correction });
                string name = (zscore ? "zscored" : "as_given") + (correction ? "_corrected" : string.Empty);
                TestVectors.AssertEqual(ev.View, expected.GetProperty(name), Tolerance);
            }
        }

        Dispose(repeats);
    }

    [Test]
    public void Equal_repeats_are_all_signal_and_opposite_ones_all_noise()
    {
        using Matrix<T> a = Column(1, 2, 4, 3);
        using Matrix<T> b = Column(4, 3, 1, 2);
        using Matrix<T> same = ExplainableVariance.Compute(Sources([a, a]));
        using Matrix<T> opposite = ExplainableVariance.Compute(Sources([a, b]));
        Assert.That(double.CreateTruncating(same[0, 0]), Is.EqualTo(1).Within(Tolerance));
        Assert.That(double.CreateTruncating(opposite[0, 0]), Is.EqualTo(-1).Within(Tolerance), "0 - (1 - 0) / (2 - 1)");
    }

    [Test]
    public void A_target_that_is_constant_explains_nothing()
    {
        using Matrix<T> constant = Column(0.1, 0.1, 0.1, 0.1);
        using Matrix<T> ev = ExplainableVariance.Compute(Sources([constant, constant, constant]));
        Assert.That(ev[0, 0], Is.EqualTo(T.Zero));
    }

    [Test]
    public void Many_targets_in_small_tiles_are_as_one_tile()
    {
        const int Targets = 1000;
        RandomState random = new(6);
        Matrix<T>[] repeats =
        [
            .. Enumerable.Range(0, 3).Select(_ =>
            {
                using Matrix<double> drawn = random.Randn(10, Targets);
                Matrix<T> rounded = new(10, Targets);
                for (int i = 0; i < 10; i++)
                {
                    for (int j = 0; j < Targets; j++)
                    {
                        rounded[i, j] = T.CreateTruncating(drawn[i, j]);
                    }
                }

                return rounded;
            }),
        ];
        List<double> fractions = [];
        using Matrix<T> whole = ExplainableVariance.Compute(Sources(repeats));
        using Matrix<T> tiled = ExplainableVariance.Compute(
            Sources(repeats), new ExplainableVarianceOptions { Memory = new MemoryBudget(50_000) },
            new Recorder(fractions));
        Assert.That(tiled.View.RowSpan(0).ToArray(), Is.EqualTo(whole.View.RowSpan(0).ToArray()));
        Assert.That(fractions, Has.Count.EqualTo(4).And.Ordered);
        Assert.That(fractions[^1], Is.EqualTo(1));
        Assert.That(
            () => ExplainableVariance.Compute(
                Sources(repeats), new ExplainableVarianceOptions { Memory = new MemoryBudget(100) }),
            Throws.InstanceOf<MemoryBudgetException>());
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.That(
            () => ExplainableVariance.Compute(Sources(repeats), cancellation: cancelled.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Dispose(repeats);
    }

    [Test]
    public void Repeats_that_do_not_fit_are_refused_by_name()
    {
        using Matrix<T> a = Column(1, 2, 3);
        using Matrix<T> b = Column(1, 2);
        using Matrix<T> single = Column(1);
        Assert.That(
            () => ExplainableVariance.Compute(Sources([a])),
            Throws.ArgumentException.With.Message.Contains("1 repeats"));
        Assert.That(
            () => ExplainableVariance.Compute(Sources([a, b])),
            Throws.ArgumentException.With.Message.Contains("repeats[1] is 2 x 1; expected 3 x 1"));
        Assert.That(
            () => ExplainableVariance.Compute(Sources([single, single])),
            Throws.ArgumentException.With.Message.Contains("repeats[0] is 1 x 1"));
    }

    [Test]
    public void The_ceiling_of_one_repeat_is_the_explainable_variance_and_rises_with_averaging()
    {
        using Matrix<T> ev = Matrix<T>.From(1, 3, [T.CreateTruncating(0.25), T.CreateTruncating(-0.5), T.One]);
        using Matrix<T> single = ExplainableVariance.NoiseCeiling(ev.View, 1, ScoreKind.R2);
        using Matrix<T> averaged = ExplainableVariance.NoiseCeiling(ev.View, 3, ScoreKind.R2);
        using Matrix<T> correlation = ExplainableVariance.NoiseCeiling(ev.View, 1, ScoreKind.Correlation);
        Assert.That(Doubles(single), Is.EqualTo(new[] { 0.25, 0, 1 }).Within(Tolerance));
        Assert.That(Doubles(averaged), Is.EqualTo(new[] { 0.5, 0, 1 }).Within(Tolerance), "3 0.25 / (1 + 2 0.25)");
        Assert.That(Doubles(correlation), Is.EqualTo(new[] { 0.5, 0, 1 }).Within(Tolerance));
        Assert.That(
            () => ExplainableVariance.NoiseCeiling(ev.View, 1, ScoreKind.NegativeSquaredError),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("score"));
        Assert.That(
            () => ExplainableVariance.NoiseCeiling(ev.View, 0, ScoreKind.R2),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("repeats"));
    }

    private static IReadOnlyList<TargetSource<T>> Sources(IEnumerable<Matrix<T>> repeats) =>
        [.. repeats.Select(repeat => new MatrixTargetSource<T>(repeat.View))];

    private static Matrix<T> Column(params double[] values) =>
        Matrix<T>.From(values.Length, 1, Array.ConvertAll(values, T.CreateTruncating));

    private static double[] Doubles(Matrix<T> row) =>
        Array.ConvertAll(row.View.RowSpan(0).ToArray(), double.CreateTruncating);

    private static Matrix<T> ToMatrix(JsonElement rows)
    {
        double[][] values = [.. rows.EnumerateArray().Select(row => row.Doubles())];
        return Matrix<T>.From(
            values.Length, values[0].Length, [.. values.SelectMany(row => row).Select(T.CreateTruncating)]);
    }

    private static void Dispose(Matrix<T>[] matrices)
    {
        foreach (Matrix<T> matrix in matrices)
        {
            matrix.Dispose();
        }
    }

    /// <summary>Keeps the fractions, on the thread that reports them.</summary>
    private sealed class Recorder(List<double> fractions) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => fractions.Add(value.Fraction);
    }
}
