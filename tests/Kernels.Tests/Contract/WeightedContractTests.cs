using System.Numerics;
using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

[TestFixtureSource(typeof(Backends), nameof(Backends.WithElementTypes))]
public sealed class WeightedContractTests<T>(BackendUnderTest underTest) : ContractFixture<T>(underTest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly (int Rows, int Columns)[] Shapes =
        [(0, 3), (3, 0), (1, 1), (3, 17), (33, 3), (17, 130), (65, 300)];

    [Test]
    public void ColumnDots_multiplies_and_sums_columns(
        [ValueSource(nameof(Shapes))] (int Rows, int Columns) shape, [Values] Layout layout)
    {
        double[,] a = Random(shape.Rows, shape.Columns, seed: 1);
        double[,] b = Random(shape.Rows, shape.Columns, seed: 2);
        Operand<double> dots = DoubleResult(1, shape.Columns, layout);
        Backend.ColumnDots(Input(a, layout).View, Input(b, layout).View, dots.View);
        Estimate.Make(1, shape.Columns, (_, j) =>
            Oracle.SumInDouble([.. Oracle.Column(a, j).Zip(Oracle.Column(b, j), (x, y) => x * y)])).RequireNear(dots.Values);
    }

    [Test]
    [Pairwise]
    public void CombineColumns_weighs_both_operands_by_column(
        [ValueSource(nameof(Shapes))] (int Rows, int Columns) shape,
        [Values] Layout from,
        [Values] Layout to,
        [Values] Factors aFactors,
        [Values] Factors bFactors)
    {
        double[,] a = Random(shape.Rows, shape.Columns, seed: 3);
        double[,] b = Random(shape.Rows, shape.Columns, seed: 4);
        double[,] ofA = Random(shape.Columns, 1, seed: 5);
        double[,] ofB = Random(shape.Columns, 1, seed: 6);
        Operand<T> B = Output(b, to);
        Backend.CombineColumns(Input(a, from).View, Vector(ofA, aFactors, from), Vector(ofB, bFactors, from), B.View);
        Oracle.Combination(
                1, Estimate.Exact(Weighted(a, ofA, aFactors)), 1, Estimate.Exact(Weighted(b, ofB, bFactors)))
            .RequireNear(B.Values);
    }

    [Test]
    public void ColumnMaxRatios_finds_the_largest_size_of_a_quotient(
        [ValueSource(nameof(Shapes))] (int Rows, int Columns) shape, [Values] Layout layout)
    {
        double[,] a = Random(shape.Rows, shape.Columns, seed: 7);
        double[,] normal = Random(shape.Rows, shape.Columns, seed: 8);
        double[,] b = Arrays.Make(shape.Rows, shape.Columns, (i, j) => (i + j) % 3 == 0 ? 0 : normal[i, j]);
        Operand<double> ratios = DoubleResult(1, shape.Columns, layout);
        Backend.ColumnMaxRatios(Input(a, layout).View, Input(b, layout).View, ratios.View);
        Estimate.Make(1, shape.Columns, (_, j) => Oracle.Rounded(
            Enumerable.Range(0, shape.Rows).Where(i => b[i, j] != 0).Select(i => Math.Abs(a[i, j] / b[i, j])).DefaultIfEmpty(0).Max()))
            .RequireNear(ratios.Values);
    }

    [Test]
    public void A_quotient_that_is_not_a_number_counts_as_infinity([Values(0, 1, 2)] int row)
    {
        double[,] a = Arrays.Filled(3, 17, 1);
        double[,] b = Arrays.Filled(3, 17, 2);
        a[row, 16] = double.NaN;
        b[row, 3] = double.NaN;
        Operand<double> ratios = DoubleResult(1, 17);
        Backend.ColumnMaxRatios(Input(a).View, Input(b).View, ratios.View);
        double[,] expected = Arrays.Filled(1, 17, 0.5);
        expected[0, 3] = expected[0, 16] = double.PositiveInfinity;
        Assert.That(ratios.Values, Is.EqualTo(expected));
    }

    private static double[,] Weighted(double[,] values, double[,] factors, Factors kind) =>
        Arrays.Make(
            values.GetLength(0), values.GetLength(1),
            (i, j) => values[i, j] * (kind == Factors.None ? 1 : factors[j, 0]));

    private DeviceView<T>? Vector(double[,] column, Factors factors, Layout layout) => factors switch
    {
        Factors.None => null,
        Factors.Row => Input(Arrays.Transpose(column), layout).View,
        _ => Input(column, layout).View,
    };
}
