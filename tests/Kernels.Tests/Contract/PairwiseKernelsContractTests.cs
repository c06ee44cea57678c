using System.Numerics;
using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

[TestFixtureSource(typeof(Backends), nameof(Backends.WithElementTypes))]
public sealed class PairwiseKernelsContractTests<T>(BackendUnderTest underTest) : ContractFixture<T>(underTest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rounding of products of some ten normal deviates, raised to the fourth power, with room.</summary>
    private const double Safety = 2000;

    /// <summary>Samples, other samples, features: none, one, whole and partial vectors and micro-tiles.</summary>
    private static readonly (int M, int N, int P)[] Shapes =
        [(0, 3, 2), (3, 0, 2), (2, 3, 0), (1, 1, 1), (9, 17, 5), (33, 49, 8), (50, 20, 33)];

    private static readonly KernelFunction[] Functions =
    [
        KernelFunction.Linear,
        KernelFunction.Polynomial(3, 0.2, 1),
        KernelFunction.Polynomial(4, -0.1, 0.5),
        KernelFunction.Polynomial(0, 0.3, 1),
        KernelFunction.Polynomial(1.5, 0.01, 8),
        KernelFunction.Rbf(0.1),
        KernelFunction.Rbf(0),
        KernelFunction.Sigmoid(0.05, 0.5),
        KernelFunction.Cosine,
    ];

    [Test]
    public void A_kernel_is_its_formula(
        [ValueSource(nameof(Functions))] KernelFunction function, [ValueSource(nameof(Shapes))] (int M, int N, int P) shape)
    {
        double[,] a = Random(shape.M, shape.P, seed: 1);
        double[,] b = Random(shape.N, shape.P, seed: 2);
        Operand<T> K = Result(shape.M, shape.N);
        Backend.PairwiseKernel(function, Input(a).View, Input(b).View, K.View);
        Expected(function, a, b).RequireNear(K.Values);
    }

    [Test]
    public void Views_of_any_strides_come_in_and_out(
        [ValueSource(nameof(Functions))] KernelFunction function, [Values] Layout from, [Values] Layout to)
    {
        double[,] a = Random(13, 7, seed: 3);
        double[,] b = Random(10, 7, seed: 4);
        Operand<T> K = Result(13, 10, to);
        Backend.PairwiseKernel(function, Input(a, from).View, Input(b, to).View, K.View);
        Expected(function, a, b).RequireNear(K.Values);
    }

    [Test]
    public void The_kernel_of_a_view_with_itself_is_symmetric_to_the_bit(
        [ValueSource(nameof(Functions))] KernelFunction function, [Values] Layout layout)
    {
        double[,] a = Random(37, 11, seed: 5);
        Operand<T> A = Input(a);
        Operand<T> K = Result(37, 37, layout);
        Backend.PairwiseKernel(function, A.View, A.View, K.View);
        Expected(function, a, a).RequireNear(K.Values);
        Assert.That(K.Values, Is.EqualTo(Arrays.Transpose(K.Values)));
    }

    [Test]
    public void The_diagonals_of_rbf_and_cosine_are_exact([Values(1e-3, 1, 1e6)] double scale)
    {
        double[,] a = Round(Arrays.Map(Random(21, 6, seed: 6), value => scale * value));
        for (int j = 0; j < 6; j++)
        {
            a[4, j] = 0;
        }

        Operand<T> A = Input(a);
        Operand<T> rbf = Result(21, 21);
        Operand<T> cosine = Result(21, 21);
        Backend.PairwiseKernel(KernelFunction.Rbf(3), A.View, A.View, rbf.View);
        Backend.PairwiseKernel(KernelFunction.Cosine, A.View, A.View, cosine.View);
        for (int i = 0; i < 21; i++)
        {
            Assert.That(rbf.Values[i, i], Is.EqualTo(1), $"rbf, row {i}");
            Assert.That(cosine.Values[i, i], Is.EqualTo(i == 4 ? 0 : 1), $"cosine, row {i}");
        }
    }

    [Test]
    public void Rbf_keeps_its_digits_under_a_large_common_mean()
    {
        const double Mean = 4096;
        double[,] a = Round(Arrays.Map(Random(15, 40, seed: 7), value => Mean + value));
        double[,] b = Round(Arrays.Map(Random(12, 40, seed: 8), value => Mean + value));
        Operand<T> K = Result(15, 12);
        Backend.PairwiseKernel(KernelFunction.Rbf(0.1), Input(a).View, Input(b).View, K.View);
        Expected(KernelFunction.Rbf(0.1), a, b).RequireNear(K.Values);
    }

    [Test]
    public void Cosine_neither_overflows_nor_underflows([Values(-1, 1)] int sign)
    {
        double scale = Math.Pow(typeof(T) == typeof(float) ? float.MaxValue : double.MaxValue, 0.7 * sign);
        double[,] a = Round(Arrays.Map(Random(9, 5, seed: 9), value => scale * value));
        double[,] b = Random(8, 5, seed: 10);
        Operand<T> K = Result(9, 8);
        Backend.PairwiseKernel(KernelFunction.Cosine, Input(a).View, Input(b).View, K.View);
        Expected(KernelFunction.Cosine, Arrays.Map(a, value => value / scale), b).RequireNear(K.Values);
    }

    [Test]
    public void NaN_spoils_its_own_rows_alone([ValueSource(nameof(Functions))] KernelFunction function)
    {
        if (function.Degree == 0 && function.Kind == KernelKind.Polynomial)
        {
            Assert.Pass("Anything to the power of 0 is 1.");
        }

        double[,] a = Random(6, 5, seed: 11);
        double[,] b = Random(7, 5, seed: 12);
        a[2, 1] = double.NaN;
        b[3, 4] = double.NaN;
        Operand<T> K = Result(6, 7);
        Backend.PairwiseKernel(function, Input(a).View, Input(b).View, K.View);
        double[,] k = K.Values;
        for (int i = 0; i < 6; i++)
        {
            for (int j = 0; j < 7; j++)
            {
                Assert.That(double.IsNaN(k[i, j]), Is.EqualTo(i == 2 || j == 3), $"({i}, {j})");
            }
        }
    }

    [Test]
    [Category("Large")]
    public void Kernels_of_several_tiles_are_right([Values(KernelKind.Rbf, KernelKind.Polynomial)] KernelKind kind)
    {
        // The oracle is O(n^2) in managed code; few features keep it short. Tiles are 1024 wide.
        const int Count = 1100;
        KernelFunction function = kind == KernelKind.Rbf
            ? KernelFunction.Rbf(0.5)
            : KernelFunction.Polynomial(2, 0.5, 1);
        double[,] a = Random(Count, 3, seed: 13);
        Operand<T> A = Input(a);
        Operand<T> K = Result(Count, Count);
        Operand<T> rows = Result(7, Count);
        Backend.PairwiseKernel(function, A.View, A.View, K.View);
        Backend.PairwiseKernel(function, A.View.SliceRows(1060, 7), A.View, rows.View);
        Expected(function, a, a).RequireNear(K.Values);
        Expected(function, Arrays.Rows(a, 1060, 7), a).RequireNear(rows.Values);
        Assert.That(K.Values[1050, 20], Is.EqualTo(K.Values[20, 1050]));
    }

    [Test]
    public void Rbf_sums_over_several_chunks_of_features([Values] bool symmetric)
    {
        const int Features = 1300;
        double[,] a = Random(10, Features, seed: 14);
        double[,] b = symmetric ? a : Random(9, Features, seed: 15);
        Operand<T> A = Input(a);
        Operand<T> B = symmetric ? A : Input(b);
        Operand<T> K = Result(10, b.GetLength(0));
        KernelFunction function = KernelFunction.Rbf(1.0 / Features);
        Backend.PairwiseKernel(function, A.View, B.View, K.View);
        Expected(function, a, b).RequireNear(K.Values);
    }

    [Test]
    public void CenterKernel_centres_new_samples_by_the_training_samples(
        [Values(0, 1, 6, 40)] int samples, [Values] Layout layout, [Values] Layout meansLayout)
    {
        const int Train = 35;
        double[,] k = Random(samples, Train, seed: 16);
        double[,] means = Arrays.Normal(1, Train, seed: 17);
        using Operand<double> trainingMeans = Operand<double>.Input(Backend, means, meansLayout);
        Operand<T> K = Output(k, layout);
        Backend.CenterKernel(K.View, trainingMeans.View, 0.25);
        double[] rowMeans =
            [.. Enumerable.Range(0, samples).Select(i => Enumerable.Range(0, Train).Average(j => k[i, j]))];
        double error = 8 * Precision.Epsilon<T>() * 8;
        Estimate.Make(
            samples, Train, (i, j) => (k[i, j] + 0.25 - rowMeans[i] - means[0, j], error)).RequireNear(K.Values);
    }

    [Test]
    public void ColumnMeansInDouble_are_not_rounded_to_the_type([Values] Layout layout)
    {
        double[,] a = Random(31, 300, seed: 18);
        Operand<double> means = DoubleResult(1, 300, layout);
        Backend.ColumnMeansInDouble(Input(a, layout).View, means.View);
        Estimate.Make(
            1, 300, (_, j) => (Enumerable.Range(0, 31).Average(i => a[i, j]), 1e-14)).RequireNear(means.Values);
    }

    [Test]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Operand<T> a = Input(Random(4, 3, seed: 19));
        Operand<T> narrow = Input(Random(4, 2, seed: 20));
        Operand<T> k = Result(4, 5);
        Operand<double> means = DoubleResult(1, 4);
        Assert.That(
            () => Backend.PairwiseKernel(KernelFunction.Linear, a.View, narrow.View, k.View), Throws.ArgumentException);
        Assert.That(
            () => Backend.PairwiseKernel(KernelFunction.Linear, a.View, a.View, k.View), Throws.ArgumentException);
        Assert.That(() => Backend.CenterKernel(k.View, means.View, 0), Throws.ArgumentException);
        Assert.That(() => Backend.ColumnMeansInDouble(k.View, means.View), Throws.ArgumentException);
    }

    [Test]
    public void A_cancelled_kernel_stops()
    {
        Operand<T> A = Input(Random(4, 3, seed: 21));
        Operand<T> K = Result(4, 4);
        CancellationToken cancelled = new(canceled: true);
        Assert.That(
            () => Backend.PairwiseKernel(KernelFunction.Linear, A.View, A.View, K.View, cancelled),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Parameters_must_be_finite(double value)
    {
        Assert.That(() => KernelFunction.Rbf(value), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => KernelFunction.Sigmoid(1, value), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => KernelFunction.Polynomial(value, 1, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static Estimate Expected(KernelFunction function, double[,] a, double[,] b) =>
        Estimate.Make(a.GetLength(0), b.GetLength(0), (i, j) =>
        {
            double value = Kernel(function, a, i, b, j);
            return (value, Safety * Precision.Epsilon<T>() * Math.Max(1, Math.Abs(value)));
        });

    private static double Kernel(KernelFunction function, double[,] a, int i, double[,] b, int j)
    {
        double product = 0;
        double distance = 0;
        double aa = 0;
        double bb = 0;
        for (int k = 0; k < a.GetLength(1); k++)
        {
            (double x, double z) = (a[i, k], b[j, k]);
            product += x * z;
            distance += (x - z) * (x - z);
            aa += x * x;
            bb += z * z;
        }

        return function.Kind switch
        {
            KernelKind.Polynomial => Math.Pow((function.Gamma * product) + function.Coef0, function.Degree),
            KernelKind.Rbf => Math.Exp(-function.Gamma * distance),
            KernelKind.Sigmoid => Math.Tanh((function.Gamma * product) + function.Coef0),
            KernelKind.Cosine => aa == 0 || bb == 0 ? 0 : product / Math.Sqrt(aa) / Math.Sqrt(bb),
            _ => product,
        };
    }
}
