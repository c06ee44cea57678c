using System.Numerics;
using NUnit.Framework;
using VemKernels.Reference;

namespace VemKernels.Kernels.Tests.Contract;

/// <summary>Arguments that no operation accepts.</summary>
[TestFixtureSource(typeof(Backends), nameof(Backends.WithElementTypes))]
public sealed class ArgumentContractTests<T>(BackendUnderTest underTest) : ContractFixture<T>(underTest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Fold[] Folds = [new([0, 1], [2, 3], 4), new([1, 2, 3], [0], 4)];

    private static IEnumerable<TestCaseData> MismatchedCalls =>
    [
        Case("Copy", (b, v, d) => b.Copy(v(3, 4), v(4, 3))),
        Case("Copy to another type", (b, v, d) => b.Copy(v(3, 4), d(3, 5))),
        Case("GatherRows: rows", (b, v, d) => b.GatherRows(v(3, 4), [0, 1], v(3, 4))),
        Case("GatherRows: columns", (b, v, d) => b.GatherRows(v(3, 4), [0, 1], v(2, 3))),
        Case("AddScaled", (b, v, d) => b.AddScaled(1, v(3, 4), v(4, 4))),
        Case("Scale: output", (b, v, d) => b.Scale(v(3, 4), null, null, v(3, 3))),
        Case("Scale: row factors", (b, v, d) => b.Scale(v(3, 4), v(4, 1), null, v(3, 4))),
        Case("Scale: column factors", (b, v, d) => b.Scale(v(3, 4), null, v(1, 3), v(3, 4))),
        Case("Multiply: factors", (b, v, d) => b.Multiply(v(3, 4), v(4, 3), v(3, 4))),
        Case("Multiply: output", (b, v, d) => b.Multiply(v(3, 4), v(3, 4), v(4, 3))),
        Case("Gemm: inner", (b, v, d) => b.Gemm(1, v(3, 4), v(3, 5), 0, v(3, 5))),
        Case("Gemm: rows", (b, v, d) => b.Gemm(1, v(3, 4), v(4, 5), 0, v(4, 5))),
        Case("Gemm: columns", (b, v, d) => b.Gemm(1, v(3, 4), v(4, 5), 0, v(3, 4))),
        Case("Syrk", (b, v, d) => b.Syrk(1, v(3, 4), 0, v(4, 4))),
        Case("Trsm: not square", (b, v, d) => b.Trsm(Triangle.Lower, false, v(3, 4), v(3, 2))),
        Case("Trsm: right-hand side", (b, v, d) => b.Trsm(Triangle.Upper, false, v(3, 3), v(4, 2))),
        Case("Cholesky", (b, v, d) => b.Cholesky(v(3, 4))),
        Case("Cholesky: batch", (b, v, d) => b.Cholesky(v(5, 3), 2)),
        Case("CholeskyInverse", (b, v, d) => b.CholeskyInverse(v(4, 3))),
        Case("SymmetricEigen", (b, v, d) => b.SymmetricEigen(v(3, 4), v(1, 3))),
        Case("SymmetricEigen: eigenvalues", (b, v, d) => b.SymmetricEigen(v(6, 3), v(1, 3), 2)),
        Case("ThinSvd: batch", (b, v, d) => b.ThinSvd(v(5, 3), v(5, 2), v(2, 2), v(4, 3), 2)),
        Case("ThinSvd: U", (b, v, d) => b.ThinSvd(v(5, 3), v(5, 5), v(1, 3), v(3, 3))),
        Case("ThinSvd: s", (b, v, d) => b.ThinSvd(v(5, 3), v(5, 3), v(3, 1), v(3, 3))),
        Case("ThinSvd: Vt", (b, v, d) => b.ThinSvd(v(3, 5), v(3, 3), v(1, 3), v(5, 5))),
        Case("ColumnMeans", (b, v, d) => b.ColumnMeans(v(3, 4), v(1, 3))),
        Case("SubtractRow", (b, v, d) => b.SubtractRow(v(3, 4), v(1, 3))),
        Case("CenterKernel", (b, v, d) => b.CenterKernel(v(3, 4))),
        Case("Score: predictions", (b, v, d) => b.Score(ScoreKind.R2, v(3, 4), v(4, 4), d(1, 4))),
        Case("Score: scores", (b, v, d) => b.Score(ScoreKind.R2, v(3, 4), v(3, 4), d(1, 3))),
        Case("SplitMoments: predictions", (b, v, d) => b.SplitMoments(v(3, 4), v(5, 4), 2, d(7, 4))),
        Case("SplitMoments: moments", (b, v, d) => b.SplitMoments(v(3, 4), v(6, 4), 2, d(6, 4))),
        Case("TriangularSquaredNorms: R", (b, v, d) => b.TriangularSquaredNorms(v(3, 4), v(4, 5), d(1, 5))),
        Case("TriangularSquaredNorms: Y", (b, v, d) => b.TriangularSquaredNorms(v(3, 3), v(4, 5), d(1, 5))),
        Case("TriangularSquaredNorms: norms", (b, v, d) => b.TriangularSquaredNorms(v(3, 3), v(3, 5), d(1, 4))),
        Case(
            "ResolutionScores: P too low",
            (b, v, d) => b.ResolutionScores(Folds, v(2, 4), v(4, 5), ScoreKind.R2, d(2, 5))),
        Case(
            "ResolutionScores: P too narrow",
            (b, v, d) => b.ResolutionScores(Folds, v(3, 3), v(4, 5), ScoreKind.R2, d(2, 5))),
        Case(
            "ResolutionScores: samples",
            (b, v, d) => b.ResolutionScores(Folds, v(3, 3), v(3, 5), ScoreKind.R2, d(2, 5))),
        Case(
            "ResolutionScores: scores",
            (b, v, d) => b.ResolutionScores(Folds, v(3, 4), v(4, 5), ScoreKind.R2, d(1, 5))),
        Residual("Q", q: (3, 2)),
        Residual("filter", filter: (3, 1)),
        Residual("Z", z: (2, 4)),
        Residual("M too low", m: (2, 2)),
        Residual("M too narrow", m: (3, 1)),
        Residual("N", n: (2, 2)),
        Residual("scores", scores: (2, 4)),
        Case("WeightedKernelProduct: Ks", (b, v, d) => b.WeightedKernelProduct(v(3, 7), v(2, 5), v(4, 5), v(3, 5))),
        Case(
            "WeightedKernelProduct: weights",
            (b, v, d) => b.WeightedKernelProduct(v(3, 8), v(2, 4), v(4, 5), v(3, 5))),
        Case("WeightedKernelProduct: result", (b, v, d) => b.WeightedKernelProduct(v(3, 8), v(2, 5), v(4, 5), v(2, 5))),
    ];

    /// <summary>A call of every operation, with shapes that fit.</summary>
    private static IEnumerable<TestCaseData> FittingCalls =>
    [
        Case("Fill", (b, v, d) => b.Fill(v(3, 3), 1)),
        Case("Copy", (b, v, d) => b.Copy(v(3, 3), v(3, 3))),
        Case("GatherRows", (b, v, d) => b.GatherRows(v(3, 3), [1], v(1, 3))),
        Case("AddScaled", (b, v, d) => b.AddScaled(1, v(3, 3), v(3, 3))),
        Case("AddDiagonal", (b, v, d) => b.AddDiagonal(v(3, 3), 1)),
        Case("Scale", (b, v, d) => b.Scale(v(3, 3), v(3, 1), v(1, 3), v(3, 3))),
        Case("Multiply", (b, v, d) => b.Multiply(v(3, 3), v(3, 3), v(3, 3))),
        Case("Gemm", (b, v, d) => b.Gemm(1, v(3, 3), v(3, 3), 0, v(3, 3))),
        Case("Syrk", (b, v, d) => b.Syrk(1, v(3, 3), 0, v(3, 3))),
        Case("Trsm", (b, v, d) => b.Trsm(Triangle.Lower, false, v(3, 3), v(3, 3))),
        Case("Cholesky", (b, v, d) => b.Cholesky(v(3, 3))),
        Case("CholeskyInverse", (b, v, d) => b.CholeskyInverse(v(3, 3))),
        Case("SymmetricEigen", (b, v, d) => b.SymmetricEigen(v(3, 3), v(1, 3))),
        Case("ThinSvd", (b, v, d) => b.ThinSvd(v(3, 3), v(3, 3), v(1, 3), v(3, 3))),
        Case("FrobeniusNorm", (b, v, d) => b.FrobeniusNorm(v(3, 3))),
        Case("ColumnMeans", (b, v, d) => b.ColumnMeans(v(3, 3), v(1, 3))),
        Case("SubtractRow", (b, v, d) => b.SubtractRow(v(3, 3), v(1, 3))),
        Case("ZScoreColumns", (b, v, d) => b.ZScoreColumns(v(3, 3))),
        Case("CenterKernel", (b, v, d) => b.CenterKernel(v(3, 3))),
        Case("Score", (b, v, d) => b.Score(ScoreKind.R2, v(3, 3), v(3, 3), d(1, 3))),
        Case("SplitMoments", (b, v, d) => b.SplitMoments(v(3, 3), v(3, 3), 1, d(3, 3))),
        Case("TriangularSquaredNorms", (b, v, d) => b.TriangularSquaredNorms(v(3, 3), v(3, 3), d(1, 3))),
        Case("ResolutionScores", (b, v, d) => b.ResolutionScores(
            [new([0, 1], [2, 3], 4)], v(2, 4), v(4, 5), ScoreKind.R2, d(1, 5))),
        Residual("all", n: (3, 2)),
        Case("WeightedKernelProduct", (b, v, d) => b.WeightedKernelProduct(v(3, 6), v(2, 3), v(3, 3), v(3, 3))),
    ];

    [TestCaseSource(nameof(MismatchedCalls))]
    public void Shapes_that_do_not_fit_are_argument_errors(Action<IBackend, MakeView<T>, MakeView<double>> call)
    {
        MakeView<T> make = (rows, columns) => Output(Arrays.Filled(rows, columns, 1)).View;
        MakeView<double> makeDouble = (rows, columns) => DoubleResult(rows, columns).View;
        Assert.That(() => call(Backend, make, makeDouble), Throws.InstanceOf<ArgumentException>());
    }

    [TestCaseSource(nameof(FittingCalls))]
    public void A_view_of_another_backend_is_an_argument_error_whichever_operand_it_is(
        Action<IBackend, MakeView<T>, MakeView<double>> call)
    {
        int operands = CountOperands(call);
        for (int foreign = 0; foreign < operands; foreign++)
        {
            using ReferenceBackend other = new();
            int made = 0;
            MakeView<T> make = (rows, columns) => made++ == foreign
                ? other.Allocate<T>(rows, columns).View
                : Output(Arrays.Identity(Math.Max(rows, columns))).View.Block(0, 0, rows, columns);
            MakeView<double> makeDouble = (rows, columns) => made++ == foreign
                ? other.Allocate<double>(rows, columns).View
                : DoubleResult(rows, columns).View;
            Assert.That(
                () => call(Backend, make, makeDouble), Throws.InstanceOf<ArgumentException>(), $"operand {foreign}");
        }
    }

    [Test]
    public void Host_memory_of_another_shape_is_an_argument_error()
    {
        using Matrix<T> host = new(3, 4);
        Operand<T> device = Output(new double[4, 3]);
        Assert.Multiple(() =>
        {
            Assert.That(() => Backend.Upload(host.View, device.View), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => Backend.Download(device.View, host.View), Throws.InstanceOf<ArgumentException>());
        });
    }

    /// <summary>Runs a call that fits, which also shows that the table's shapes do fit.</summary>
    private int CountOperands(Action<IBackend, MakeView<T>, MakeView<double>> call)
    {
        int made = 0;
        MakeView<T> make = (rows, columns) =>
        {
            made++;
            return Output(Arrays.Identity(Math.Max(rows, columns))).View.Block(0, 0, rows, columns);
        };
        MakeView<double> makeDouble = (rows, columns) =>
        {
            made++;
            return DoubleResult(rows, columns).View;
        };
        call(Backend, make, makeDouble);
        return made;
    }

    private static TestCaseData Case(string name, Action<IBackend, MakeView<T>, MakeView<double>> call) =>
        new TestCaseData(call).SetArgDisplayNames(name);

    /// <summary>
    /// A call of ResidualScores on 4 samples, rank 2 and 5 targets (held out: 2 rows, then 1), with the shapes given in
    /// place of the right ones.
    /// </summary>
    private static TestCaseData Residual(
        string name,
        (int Rows, int Columns)? q = null,
        (int Rows, int Columns)? filter = null,
        (int Rows, int Columns)? z = null,
        (int Rows, int Columns)? m = null,
        (int Rows, int Columns)? n = null,
        (int Rows, int Columns)? scores = null)
    {
        return Case($"ResidualScores: {name}", (backend, view, wide) => backend.ResidualScores(
            Folds, 1, Of(view, q ?? (4, 2)), Of(view, filter ?? (2, 1)), Of(view, z ?? (2, 5)), view(4, 5),
            Of(view, m ?? (3, 2)), n is { } shape ? Of(view, shape) : null, ScoreKind.R2, Of(wide, scores ?? (2, 5))));

        static DeviceView<TElement> Of<TElement>(MakeView<TElement> make, (int Rows, int Columns) shape)
            where TElement : unmanaged => make(shape.Rows, shape.Columns);
    }
}
