using VemKernels.Benchmark.Checks;
using VemKernels.Benchmark.Inputs;
using VemKernels.Benchmark.Workloads;
using VemKernels.Simd;
using VemKernels.Solvers;

namespace VemKernels.Benchmark.Tests;

/// <summary>Each check passes on right results and fails where a little is wrong.</summary>
public sealed class CheckTests : IDisposable
{
    private static readonly double[] Alphas = [1, 100, 10_000];

    private static readonly FitSizes Sizes = new("tiny", 40, 9, 2, 60, 4);

    private readonly SimdBackend _backend = new(threads: 2);

    public void Dispose() => _backend.Dispose();

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(7)]
    [TestCase(45)]
    public void The_checks_own_factorisation_solves(int n)
    {
        using Matrix<double> A = SeededMatrices.Symmetric<double>(n, 1, n, definite: true);
        double[][] rows = [.. Enumerable.Range(0, n).Select(i => A.View.RowSpan(i).ToArray())];
        double[] expected = ProbeVectors.Signs(n);
        double[] b = [.. rows.Select(row => row.Select((value, j) => value * expected[j]).Sum())];
        Assert.That(new PlainCholesky(rows).Solve(b), Is.EqualTo(expected).Within(1e-12 * n));
    }

    [Test]
    public void The_products_of_checks_are_sums_of_products([Values(1, 5, 8, 33)] int columns, [Values(3, 6)] int rows)
    {
        using Matrix<float> A = SeededMatrices.Normal<float>(rows, columns, 1);
        double[][] wide = [.. Enumerable.Range(0, rows).Select(
            i => A.View.RowSpan(i).ToArray().Select(value => (double)value).ToArray())];
        double[] sums = new double[8];
        PlainProducts.Block(wide, rows - 2, wide, rows - 1, columns, sums);
        for (int sum = 0; sum < 8; sum++)
        {
            double[] left = wide[Math.Min(rows - 2 + (sum / 2), rows - 1)];
            double expected = left.Zip(wide[rows - 1], (a, b) => a * b).Sum();
            Assert.That(sums[sum], Is.EqualTo(expected).Within(1e-13 * columns));
            Assert.That(PlainProducts.Dot<double>(left, wide[rows - 1]), Is.EqualTo(expected).Within(1e-13 * columns));
        }

        double[] x = ProbeVectors.Signs(rows);
        double[] transposed = [.. Enumerable.Range(0, columns).Select(j => wide.Select((row, i) => row[j] * x[i]).Sum())];
        Assert.That(ProbeVectors.TransposeTimes(A.View, x), Is.EqualTo(transposed).Within(1e-13 * rows));
        Assert.That(
            ProbeVectors.Norm(A.View), Is.EqualTo(Math.Sqrt(wide.Sum(row => row.Sum(a => a * a)))).Within(1e-12).Percent);
    }

    /// <summary>Large enough to be shared out over threads; rows of odd length, which end inside a pair.</summary>
    [TestCase(3, 5)]
    [TestCase(601, 901)]
    public void Numbers_do_not_depend_on_how_they_are_shared_out(int rows, int columns)
    {
        using Matrix<double> A = SeededMatrices.Normal<double>(rows, columns, 17);
        NormalNumbers numbers = new(17);
        for (int i = 0; i < rows; i++)
        {
            double[] expected = [.. Enumerable.Range(0, columns).Select(_ => numbers.Next())];
            Assert.That(A.View.RowSpan(i).SequenceEqual(expected), Is.True, $"row {i}");
        }
    }

    [TestCase(0, 0)]
    [TestCase(29, 24)]
    [TestCase(11, 3)]
    public void One_wrong_entry_of_a_product_is_found(int row, int column)
    {
        using Matrix<float> A = SeededMatrices.Normal<float>(30, 20, 1);
        using Matrix<float> B = SeededMatrices.Normal<float>(20, 25, 2);
        using Matrix<float> C = Multiply(A, B);
        Assert.That(ProductCheck.Of(A.View, B.View, C.View), Has.All.Property(nameof(CheckResult.Passed)).True);
        C[row, column] += 0.01f;
        Assert.That(ProductCheck.Of(A.View, B.View, C.View), Has.Some.Property(nameof(CheckResult.Passed)).False);
        C[row, column] = float.NaN;
        Assert.That(ProductCheck.Of(A.View, B.View, C.View), Has.Some.Property(nameof(CheckResult.Passed)).False);
    }

    [Test]
    public void A_wrong_entry_of_a_Cholesky_factor_is_found_above_the_diagonal_too()
    {
        using Matrix<double> A = SeededMatrices.Symmetric<double>(12, 2, 3, definite: true);
        using Matrix<double> L = Matrix<double>.From(A.View);
        OnDevice(L, view => _backend.Cholesky(view, 2));
        Assert.That(FactorisationCheck.Cholesky(A.View, L.View).Single().Passed, Is.True);
        L[13, 11] += 1e-6;
        Assert.That(FactorisationCheck.Cholesky(A.View, L.View).Single().Passed, Is.False);
    }

    [Test]
    public void Eigenvectors_that_are_not_orthogonal_and_eigenvalues_out_of_order_are_found()
    {
        using Matrix<double> A = SeededMatrices.Symmetric<double>(12, 1, 3, definite: false);
        using Matrix<double> Q = Matrix<double>.From(A.View);
        using Matrix<double> w = new(1, 12);
        using DeviceMatrix<double> values = _backend.Allocate<double>(1, 12);
        OnDevice(Q, view => _backend.SymmetricEigen(view, values.View));
        _backend.Download(values.View, w.View);
        Assert.That(Passed(), Is.EqualTo(new[] { true, true, true }));
        Q[3, 4] += 1e-6;
        Assert.That(Passed()[..2], Is.EqualTo(new[] { false, false }));
        Q[3, 4] -= 1e-6;
        (w[0, 2], w[0, 3]) = (w[0, 3], w[0, 2]);
        Assert.That(Passed(), Is.EqualTo(new[] { false, true, false }));

        bool[] Passed() =>
            [.. FactorisationCheck.SymmetricEigen(A.View, Q.View, w.View).Select(check => check.Passed)];
    }

    [Test]
    public void A_singular_value_that_is_wrong_in_one_matrix_of_a_batch_is_found()
    {
        using Matrix<float> A = SeededMatrices.Normal<float>(3 * 9, 5, 3);
        using DeviceMatrix<float> input = Upload(A), U = _backend.Allocate<float>(27, 5);
        using DeviceMatrix<float> s = _backend.Allocate<float>(3, 5), Vt = _backend.Allocate<float>(15, 5);
        _backend.ThinSvd(input.View, U.View, s.View, Vt.View, 3);
        using Matrix<float> hostU = Download(U), hostS = Download(s), hostVt = Download(Vt);
        Assert.That(
            FactorisationCheck.ThinSvd(A.View, hostU.View, hostS.View, hostVt.View),
            Has.All.Property(nameof(CheckResult.Passed)).True);
        hostS[2, 4] *= 0.99f;
        Assert.That(
            FactorisationCheck.ThinSvd(A.View, hostU.View, hostS.View, hostVt.View)[0].Passed, Is.False);
    }

    [Test]
    public void Wrong_scores_weights_and_choices_of_a_search_are_found()
    {
        using FitData data = new(Sizes);
        using Matrix<double> gammas = Matrix<double>.From(2, 2, [0.5, 0.5, 0.1, 0.9]);
        using RandomSearchResult<float> fit = BandedRidge.Solve(
            _backend, data.Spaces, data.Targets, gammas.View, data.Folds, new RandomSearchOptions { Alphas = Alphas });
        Assert.That(Passed(), Is.EqualTo(new[] { true, true, true }));

        ref float score = ref fit.CvScores.View[fit.BestCandidates[8], 8];
        score *= 1.01f;
        Assert.That(Passed(), Is.EqualTo(new[] { false, true, false }));
        score /= 1.01f;

        fit.Weights![3, 4] += 1;
        Assert.That(Passed(), Is.EqualTo(new[] { true, false, true }));
        fit.Weights[3, 4] -= 1;

        // Another alpha of the grid, its own score and weights left out: not the best.
        fit.Deltas[0, 0] -= (float)Math.Log(10);
        fit.Deltas[1, 0] -= (float)Math.Log(10);
        Assert.That(Passed()[0], Is.False);

        bool[] Passed() =>
            [.. FitCheck.Search(data.Explicit(), Alphas, data.Y, fit).Select(check => check.Passed)];
    }

    [Test]
    public void Wrong_scores_and_a_descent_uphill_are_found()
    {
        using FitData data = new(Sizes);
        using Matrix<float> first = Predictions.LinearKernel(_backend, data.Spaces[0], data.Spaces[0]);
        using Matrix<float> second = Predictions.LinearKernel(_backend, data.Spaces[1], data.Spaces[1]);
        double start = -Math.Log(Sizes.Features);
        using HyperGradientResult<float> fit = HyperGradientDescent.Solve(
            _backend, [first.View, second.View], data.Targets, data.Folds,
            new HyperGradientOptions { Seed = 0, Tolerance = null, Weights = WeightKind.Dual },
            InitialDeltas<float>.Constant(start));
        Assert.That(Passed(), Is.EqualTo(new[] { true, true, true, true }));

        fit.CvScores[0, 4] *= 1.2f;
        fit.CvScores[fit.CvScores.Rows - 1, 8] *= 1.2f;
        Assert.That(Passed(), Is.EqualTo(new[] { false, false, true, true }));

        // Kernel weights so large that noise is fitted: a worse score than at the beginning.
        fit.Deltas[0, 0] = fit.Deltas[1, 0] = 5;
        Assert.That(Passed()[2..], Is.EqualTo(new[] { false, false }));

        bool[] Passed() =>
            [.. FitCheck.Descent(data.Explicit(), start, data.Y, fit).Select(check => check.Passed)];
    }

    [Test]
    public void The_checks_own_factorisation_says_which_pivot_failed() =>
        Assert.That(
            () => new PlainCholesky([[1, 2], [2, 1]]), Throws.InstanceOf<ArithmeticException>().With.Message.Contains("1"));

    private Matrix<float> Multiply(Matrix<float> A, Matrix<float> B)
    {
        using DeviceMatrix<float> a = Upload(A), b = Upload(B), c = _backend.Allocate<float>(A.Rows, B.Columns);
        _backend.Gemm(1, a.View, b.View, 0, c.View);
        return Download(c);
    }

    private void OnDevice(Matrix<double> A, Action<DeviceView<double>> operation)
    {
        using DeviceMatrix<double> device = _backend.Allocate<double>(A.Rows, A.Columns);
        _backend.Upload(A.View, device.View);
        operation(device.View);
        _backend.Download(device.View, A.View);
    }

    private DeviceMatrix<float> Upload(Matrix<float> A)
    {
        DeviceMatrix<float> device = _backend.Allocate<float>(A.Rows, A.Columns);
        _backend.Upload(A.View, device.View);
        return device;
    }

    private Matrix<float> Download(DeviceMatrix<float> A)
    {
        Matrix<float> host = new(A.Rows, A.Columns);
        _backend.Download(A.View, host.View);
        return host;
    }
}
