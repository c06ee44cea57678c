using System.Numerics;
using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

[TestFixtureSource(typeof(Backends), nameof(Backends.WithElementTypes))]
public sealed class ElementwiseContractTests<T>(BackendUnderTest underTest) : ContractFixture<T>(underTest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly (int Rows, int Columns)[] Shapes =
        [(0, 3), (3, 0), (1, 1), (3, 17), (33, 3), (17, 130), (65, 33)];

    [Test]
    public void AddScaled_adds_a_multiple(
        [ValueSource(nameof(Shapes))] (int Rows, int Columns) shape, [Values] Layout from, [Values] Layout to)
    {
        const double Alpha = -1.5;
        double[,] a = Random(shape.Rows, shape.Columns, seed: 1);
        double[,] b = Random(shape.Rows, shape.Columns, seed: 2);
        Operand<T> B = Output(b, to);
        Backend.AddScaled(Alpha, Input(a, from).View, B.View);
        Oracle.Combination(Alpha, Estimate.Exact(a), 1, Estimate.Exact(b)).RequireNear(B.Values);
    }

    [Test]
    public void AddDiagonal_adds_on_the_diagonal_alone(
        [ValueSource(nameof(Shapes))] (int Rows, int Columns) shape, [Values] Layout layout)
    {
        double[,] a = Random(shape.Rows, shape.Columns, seed: 3);
        Operand<T> A = Output(a, layout);
        Backend.AddDiagonal(A.View, 2.5);
        Estimate.Make(shape.Rows, shape.Columns, (i, j) => i == j ? Oracle.Rounded(a[i, j] + 2.5) : (a[i, j], 0))
            .RequireNear(A.Values);
    }

    [Test]
    [Pairwise]
    public void Scale_multiplies_by_factors_of_rows_and_columns(
        [ValueSource(nameof(Shapes))] (int Rows, int Columns) shape,
        [Values] Layout layout,
        [Values] Factors rows,
        [Values] Factors columns)
    {
        double[,] a = Random(shape.Rows, shape.Columns, seed: 4);
        double[,] rowFactors = Random(shape.Rows, 1, seed: 5);
        double[,] columnFactors = Random(shape.Columns, 1, seed: 6);
        Operand<T> B = Result(shape.Rows, shape.Columns, layout);
        Backend.Scale(
            Input(a, layout).View, Vector(rowFactors, rows, layout), Vector(columnFactors, columns, layout), B.View);
        Oracle.Elementwise(shape.Rows, shape.Columns, (i, j) =>
                (rows == Factors.None ? 1 : rowFactors[i, 0]) * a[i, j] * (columns == Factors.None ? 1 : columnFactors[j, 0]))
            .RequireNear(B.Values);
    }

    [Test]
    public void Scale_works_in_place([Values] Layout layout)
    {
        double[,] a = Random(17, 33, seed: 7);
        double[,] rowFactors = Random(17, 1, seed: 8);
        double[,] columnFactors = Random(33, 1, seed: 9);
        Operand<T> A = Output(a, layout);
        Backend.Scale(
            A.View, Vector(rowFactors, Factors.Column, layout), Vector(columnFactors, Factors.Row, layout), A.View);
        Oracle.Elementwise(17, 33, (i, j) => rowFactors[i, 0] * a[i, j] * columnFactors[j, 0]).RequireNear(A.Values);
    }

    [Test]
    public void Multiply_multiplies_element_by_element(
        [ValueSource(nameof(Shapes))] (int Rows, int Columns) shape, [Values] Layout from, [Values] Layout to)
    {
        double[,] a = Random(shape.Rows, shape.Columns, seed: 10);
        double[,] w = Random(shape.Rows, shape.Columns, seed: 11);
        Operand<T> B = Result(shape.Rows, shape.Columns, to);
        Backend.Multiply(Input(a, from).View, Input(w, to).View, B.View);
        Oracle.Elementwise(shape.Rows, shape.Columns, (i, j) => a[i, j] * w[i, j]).RequireNear(B.Values);
    }

    [Test]
    public void Multiply_works_in_place([Values] Layout layout)
    {
        double[,] a = Random(17, 33, seed: 12);
        double[,] w = Random(17, 33, seed: 13);
        Operand<T> A = Output(a, layout);
        Backend.Multiply(A.View, Input(w, layout).View, A.View);
        Oracle.Elementwise(17, 33, (i, j) => a[i, j] * w[i, j]).RequireNear(A.Values);
    }

    private DeviceView<T>? Vector(double[,] column, Factors factors, Layout layout) => factors switch
    {
        Factors.None => null,
        Factors.Row => Input(Arrays.Transpose(column), layout).View,
        _ => Input(column, layout).View,
    };
}
