using System.Runtime.Intrinsics;
using NUnit.Framework;
using VemKernels.Simd;

namespace VemKernels.Tests.Svd;

[TestFixture(typeof(Simd128<double>), typeof(Vector128<double>))]
[TestFixture(typeof(Simd256<double>), typeof(Vector256<double>))]
[TestFixture(typeof(Simd512<double>), typeof(Vector512<double>))]
internal sealed class CholeskyQrTests<S, V> : IDisposable
    where S : struct, ISimd<V, double>
    where V : struct
{
    private SimdContext _context = null!;

    [OneTimeSetUp]
    public void Start()
    {
        SvdFixtures.RequireVectors<V, double>();
        _context = new SimdContext(new WorkerPool(2), new ScratchPool());
    }

    /// <summary>Called by NUnit at the end.</summary>
    public void Dispose() => _context?.Dispose();

    [TestCase(160, 32, ExpectedResult = true)]
    [TestCase(159, 32, ExpectedResult = false)]
    [TestCase(155, 31, ExpectedResult = false)]
    [TestCase(0, 0, ExpectedResult = false)]
    public bool It_takes_tall_matrices_of_some_columns(int rows, int columns) =>
        CholeskyQr<S, V, double>.Takes(rows, columns);

    [Test]
    public void Single_precision_is_left_to_reflectors() =>
        Assert.That(CholeskyQr<Simd128<float>, Vector128<float>, float>.Takes(1000, 100), Is.False);

    [TestCase(1, 1)]
    [TestCase(7, 3)]
    [TestCase(33, 33)]
    [TestCase(165, 33)]
    [TestCase(1000, 50)]
    [TestCase(701, 129)]
    public void Q_is_orthonormal_and_Q_R_is_A(int rows, int columns) =>
        AssertFactors(SvdMatrices.Make("random", rows, columns, single: false));

    [Test]
    public void Conditions_up_to_ten_million_are_no_less_accurate([Values(1e2, 1e4, 1e6, 1e7)] double condition)
    {
        Random random = new(3);
        AssertFactors(SvdMatrices.WithSingularValues(random, 350, 70, j => Math.Pow(condition, -j / 69.0)));
    }

    [Test]
    public void Columns_of_any_length_are_factored() =>
        AssertFactors(SvdMatrices.Make("graded columns", 300, 60, single: false));

    [Test]
    public void What_is_ill_conditioned_is_given_back_as_it_was(
        [Values("rank one", "half rank", "zero", "zero columns", "equal columns", "Hilbert", "graded")] string family)
    {
        AssertRefused(SvdMatrices.Make(family, 300, 60, single: false));
    }

    [Test]
    public void What_shows_in_no_pivot_is_seen_from_the_Gram_matrix_of_Q1()
    {
        // Kahan's triangle (Golub and Van Loan, section 5.4.3): columns of length 1, pivots from 1 down to 0.008,
        // squared, far over those that are refused, and a condition of 1e11.
        const int Order = 120;
        const double Cosine = 0.2;
        double sine = Math.Sqrt(1 - (Cosine * Cosine));
        Random random = new(9);
        double[,] Q = SvdMatrices.WithSingularValues(random, 5 * Order, Order, _ => 1);
        double[,] A = SvdMatrices.Generate(5 * Order, Order, (i, j) =>
        {
            double sum = Q[i, j] * Math.Pow(sine, j);
            for (int k = 0; k < j; k++)
            {
                sum -= Q[i, k] * Math.Pow(sine, k) * Cosine;
            }

            return sum;
        });
        AssertRefused(A);
    }

    private void AssertFactors(double[,] values)
    {
        int n = values.GetLength(1);
        using Matrix<double> A = SvdMatrices.Round<double>(values);
        using Matrix<double> work = Matrix<double>.From(A.View);
        using Matrix<double> second = new(n, n);
        using Matrix<double> R = new(n, n);
        Assert.That(TryFactor(work, second, R), "taken");

        // Q W with W = I is Q, and W = I is destroyed.
        using Matrix<double> W = new(n, n);
        using Matrix<double> Q = new(A.Rows, n);
        W.View.Fill(0);
        for (nint i = 0; i < n; i++)
        {
            W.View[i, i] = 1;
        }

        Q.View.Fill(double.NaN);
        CholeskyQr<S, V, double>.Apply(_context, work.View, second.View, W.View, Q.View);
        double[] ones = new double[n];
        Array.Fill(ones, 1);
        Assert.That(SvdResiduals.Orthonormality(Q.View), Is.LessThan(SvdResiduals.Limit), "I - Q'Q");
        Assert.That(
            SvdResiduals.Decomposition(A.View, Q.View, ones, R.View), Is.LessThan(SvdResiduals.Limit), "A - QR");
        for (nint i = 0; i < n; i++)
        {
            for (nint j = 0; j < i; j++)
            {
                Assert.That(R.View[i, j], Is.Zero, $"R({i}, {j})");
            }
        }
    }

    private void AssertRefused(double[,] values)
    {
        int n = values.GetLength(1);
        using Matrix<double> A = SvdMatrices.Round<double>(values);
        using Matrix<double> work = Matrix<double>.From(A.View);
        using Matrix<double> second = new(n, n);
        using Matrix<double> R = new(n, n);
        Assert.That(TryFactor(work, second, R), Is.False);
        for (nint i = 0; i < A.Rows; i++)
        {
            Assert.That(work.View.RowSpan(i).SequenceEqual(A.View.RowSpan(i)), $"row {i} is as it was");
        }
    }

    private bool TryFactor(Matrix<double> A, Matrix<double> second, Matrix<double> R)
    {
        using Matrix<double> copy = new(A.Rows, A.Columns);
        return CholeskyQr<S, V, double>.TryFactor(_context, A.View, copy.View, second.View, R.View, default);
    }
}
