using System.Numerics;
using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

[TestFixtureSource(typeof(Backends), nameof(Backends.WithElementTypes))]
public sealed class ProximalContractTests<T>(BackendUnderTest underTest) : ContractFixture<T>(underTest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Step = 0.25;

    /// <summary>
    /// Roundings of a column's size that a result may be away: shrinkage moves no two points apart, so errors of z are
    /// not enlarged.
    /// </summary>
    private const double Roundings = 16;

    private static readonly (int Rows, int Columns, int[] Ends)[] Shapes =
    [
        (0, 3, []), (3, 0, [2, 3]), (1, 1, [1]), (5, 17, []), (9, 33, [4, 6]), (40, 16, [1, 2, 30, 40]),
        (13, 300, [5, 13]),
    ];

    [Test]
    [Pairwise]
    public void SparseGroupProximalStep_thresholds_shrinks_and_moves_on(
        [ValueSource(nameof(Shapes))] (int Rows, int Columns, int[] Ends) shape,
        [Values] Layout layout,
        [Values] bool hasLinear,
        [Values(0, 0.75)] double momentum)
    {
        Case values = Draw(shape.Rows, shape.Columns, seed: 1);
        Operand<T> point = Output(values.Point, layout);
        Operand<T> weights = Output(values.Weights, layout);
        Operand<double> changes = DoubleResult(2, shape.Columns, layout);
        Backend.SparseGroupProximalStep(
            Step, momentum, shape.Ends, hasLinear ? Input(values.Linear, layout).View : null,
            Input(values.Thresholds, layout).View,
            Input(values.Active, layout).View, Output(values.Gradient, layout).View, point.View, weights.View, changes.View);
        Expected expected = Compute(values, shape.Ends, hasLinear, momentum);
        expected.Weights.RequireNear(weights.Values);
        expected.Point.RequireNear(point.Values);
        expected.Changes.RequireNear(changes.Values);
    }

    [Test]
    public void SparseGroupProximalStep_gives_zeros_under_large_thresholds()
    {
        const int Rows = 6;
        const int Columns = 20;
        Case values = Draw(Rows, Columns, seed: 2) with { Active = Arrays.Filled(1, Columns, 1) };
        foreach ((double soft, double group) in new[] { (100.0, 0.0), (0.0, 100.0) })
        {
            double[,] thresholds = Arrays.Make(2, Columns, (i, _) => i == 0 ? soft : group);
            Operand<T> weights = Output(values.Weights);
            Backend.SparseGroupProximalStep(
                Step, 0, [3, Rows], null, Input(thresholds).View, Input(values.Active).View,
                Output(values.Gradient).View,
                Output(values.Point).View, weights.View, DoubleResult(2, Columns).View);
            Assert.That(weights.Values, Is.All.EqualTo(0));
        }
    }

    [Test]
    public void SparseGroupProximalStep_keeps_NaN()
    {
        const int Columns = 20;
        Case values = Draw(4, Columns, seed: 3) with { Active = Arrays.Filled(1, Columns, 1) };
        values.Gradient[1, 5] = double.NaN;
        Operand<T> weights = Output(values.Weights);
        Backend.SparseGroupProximalStep(
            Step, 0.5, [4], null, Input(values.Thresholds).View, Input(values.Active).View,
            Output(values.Gradient).View,
            Output(values.Point).View, weights.View, DoubleResult(2, Columns).View);
        for (int j = 0; j < Columns; j++)
        {
            Assert.That(double.IsNaN(weights.Values[1, j]), Is.EqualTo(j == 5), $"column {j}");
        }
    }

    [Test]
    public void SparseGroupProximalStep_refuses_what_does_not_fit()
    {
        DeviceView<T> Of(int rows, int columns) => Output(Arrays.Filled(rows, columns, 1)).View;
        void Call(
            int[] ends, (int, int)? linear = null, (int, int)? thresholds = null, (int, int)? active = null,
            (int, int)? gradient = null,
            (int, int)? point = null, (int, int)? changes = null)
        {
            (int linearRows, int linearColumns) = linear ?? (3, 4);
            (int thresholdRows, int thresholdColumns) = thresholds ?? (2, 4);
            (int activeRows, int activeColumns) = active ?? (1, 4);
            (int gradientRows, int gradientColumns) = gradient ?? (3, 4);
            (int pointRows, int pointColumns) = point ?? (3, 4);
            (int changeRows, int changeColumns) = changes ?? (2, 4);
            Backend.SparseGroupProximalStep(
                Step, 0, ends, Of(linearRows, linearColumns), Of(thresholdRows, thresholdColumns),
                Of(activeRows, activeColumns),
                Of(gradientRows, gradientColumns), Of(pointRows, pointColumns), Of(3, 4), DoubleResult(changeRows, changeColumns).View);
        }

        Assert.Multiple(() =>
        {
            Assert.That(() => Call([1, 3]), Throws.Nothing);
            Assert.That(() => Call([1, 4]), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Call([2, 2]), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Call([0]), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Call([3], linear: (4, 4)), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Call([3], thresholds: (1, 4)), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Call([3], active: (1, 3)), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Call([3], gradient: (3, 3)), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Call([3], point: (4, 4)), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Call([3], changes: (2, 5)), Throws.InstanceOf<ArgumentException>());
        });
    }

    [Test]
    public void SparseGroupProximalStep_refuses_a_view_of_another_backend([Range(0, 6)] int foreign)
    {
        using Reference.ReferenceBackend other = new();
        DeviceView<T> Of(int operand, int rows) =>
            operand == foreign ? other.Allocate<T>(rows, 4).View : Output(Arrays.Filled(rows, 4, 1)).View;
        Assert.That(
            () => Backend.SparseGroupProximalStep(
                Step, 0, [3], Of(0, 3), Of(1, 2), Of(2, 1), Of(3, 3), Of(4, 3), Of(5, 3),
                foreign == 6 ? other.Allocate<double>(2, 4).View : DoubleResult(2, 4).View),
            Throws.InstanceOf<ArgumentException>());
    }

    private Case Draw(int rows, int columns, int seed) => new(
        Random(rows, columns, seed),
        Random(rows, columns, seed + 100),
        Random(rows, columns, seed + 200),
        Random(rows, columns, seed + 300),
        Round(Arrays.Map(Arrays.Normal(2, columns, seed + 400), Math.Abs)),
        Arrays.Make(1, columns, (_, j) => j % 3 == 1 ? 0 : 1));

    private static Expected Compute(Case values, int[] ends, bool hasLinear, double momentum)
    {
        int rows = values.Point.GetLength(0);
        int columns = values.Point.GetLength(1);
        Estimate weights = Estimate.Exact((double[,])values.Weights.Clone());
        Estimate point = Estimate.Exact((double[,])values.Point.Clone());
        Estimate changes = Estimate.Exact(new double[2, columns]);
        for (int j = 0; j < columns; j++)
        {
            if (values.Active[0, j] == 0)
            {
                continue;
            }

            double size = 0;
            double[] w = new double[rows];
            for (int i = 0; i < rows; i++)
            {
                double slope = values.Gradient[i, j] - (hasLinear ? values.Linear[i, j] : 0);
                double z = values.Point[i, j] - (Step * slope);
                w[i] = Math.Sign(z) * Math.Max(Math.Abs(z) - values.Thresholds[0, j], 0);
                size += Math.Abs(values.Point[i, j]) + Math.Abs(values.Gradient[i, j]) + Math.Abs(values.Linear[i, j]);
            }

            int start = 0;
            foreach (int end in ends)
            {
                double norm = Math.Sqrt(w[start..end].Sum(value => value * value));
                for (int i = start; i < end; i++)
                {
                    w[i] *= norm == 0 ? 0 : Math.Max(0, 1 - (values.Thresholds[1, j] / norm));
                }

                start = end;
            }

            double error = Roundings * Precision.Epsilon<T>() * size;
            for (int i = 0; i < rows; i++)
            {
                double change = w[i] - values.Weights[i, j];
                weights.Value[i, j] = w[i];
                point.Value[i, j] = w[i] + (momentum * change);
                weights.Error[i, j] = error;
                point.Error[i, j] = 2 * error;
                changes.Value[0, j] += change * change;
                changes.Value[1, j] += w[i] * w[i];
                changes.Error[0, j] += error * (1 + (2 * Math.Abs(change)));
                changes.Error[1, j] += error * (1 + (2 * Math.Abs(w[i])));
            }
        }

        return new Expected(weights, point, changes);
    }

    private sealed record Case(
        double[,] Point, double[,] Gradient, double[,] Linear, double[,] Weights, double[,] Thresholds, double[,] Active);

    private sealed record Expected(Estimate Weights, Estimate Point, Estimate Changes);
}
