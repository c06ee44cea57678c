using VemKernels.Benchmark.Roofs;
using VemKernels.Solvers;

namespace VemKernels.Gpu;

/// <summary>
/// The operations of the contract, at the sizes of a whole brain. The last matrix that a case makes is what it writes
/// last. Factorisations work on a copy, which is timed too: a few per cent of the smallest.
/// </summary>
internal static class KernelCases
{
    /// <summary>Samples and folds of the tutorial.</summary>
    private const int TutorialSamples = 3600;

    private const int Folds = 12;

    private const int Square = 4096;

    /// <summary>Targets that a large device works on at a time.</summary>
    private const int Tile = 16384;

    /// <summary>
    /// 4/3 n^3 to tridiagonal form, 2 n^3 back: a lower bound (Golub and Van Loan 2013, section 8.3).
    /// </summary>
    private const double EigenFlops = (4.0 / 3) + 2;

    /// <summary>8/3 n^3 to bidiagonal form, 4 n^3 back, for square matrices (section 8.6).</summary>
    private const double SvdFlops = (8.0 / 3) + 4;

    /// <summary>All cases.</summary>
    public static IReadOnlyList<Case> All(Settings settings)
    {
        int n = settings.Size(TutorialSamples);
        int t = settings.Size(Tile);
        int square = settings.Size(Square);
        int folds = settings.IsSmall ? 4 : Folds;
        List<Case> cases =
        [
            Gemm<float>("gemm float", square), Gemm<double>("gemm double", square),
            GemmOf("gemm float, samples x samples x targets", n, n, settings.Size(21_000)),
            Syrk(n), Trsm(n), Cholesky(n), Inverse(n), Eigen(settings.Size(1200)), Eigen(n),
            Svd(n, settings.Size(600)), BatchedCholesky(settings.Size(4000), 64),
        ];
        foreach ((int order, int count) in ((int, int)[])[(4, 20000), (8, 5000), (16, 4000), (32, 4000), (64, 1000)])
        {
            cases.Add(BatchedEigen(order, settings.Size(count)));
            cases.Add(BatchedSvd(order, settings.Size(count)));
        }

        cases.AddRange(
        [
            Triangular(n, t), Resolution(n, t, folds), Residual(n, t, folds, ScoreKind.NegativeSquaredError),
            Residual(n, t, folds, ScoreKind.Correlation),
            Residual(settings.Size(1000), settings.Size(20_000), 5, ScoreKind.NegativeSquaredError),
            Residual(settings.Size(300), settings.Size(84_000), 5, ScoreKind.NegativeSquaredError),
            Weighted(n, 2, t), Weighted(settings.Size(300), 3, settings.Size(84_000)), Moments(settings.Size(300), 3, t),
            Score(ScoreKind.R2, settings.Size(300), settings.Size(84_000)),
            Score(ScoreKind.Correlation, settings.Size(300), settings.Size(84_000)),
            SplitMoments(settings.Size(300), settings.Size(84_000)), ZScore(n, settings.Size(84_000)),
            Gather(n, settings.Size(84_000)), Rbf(n, settings.Size(2000)), Proximal(settings.Size(2000), settings.Size(20_000)),
            Upload(n, settings.Size(84_000)), Download(n, settings.Size(84_000)),
        ]);
        return cases;
    }

    private static Case Gemm<T>(string name, int n)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => new(
            $"{name}, {n}", WorkCost.Of<T>(2.0 * n * n * n, 3.0 * n * n), data =>
        {
            DeviceView<T> a = data.Random<T>(n, n);
            DeviceView<T> b = data.Random<T>(n, n);
            DeviceView<T> c = data.Empty<T>(n, n);
            return () => data.Backend.Gemm(1, a, b, 0, c);
        });

    private static Case GemmOf(string name, int m, int k, int n) => new(
        $"{name}, {m} x {k} x {n}", WorkCost.Of<float>(2.0 * m * n * k, ((double)m * k) + ((double)k * n) + ((double)m * n)), data =>
        {
            DeviceView<float> a = data.Random<float>(m, k);
            DeviceView<float> b = data.Random<float>(k, n);
            DeviceView<float> c = data.Empty<float>(m, n);
            return () => data.Backend.Gemm(1, a, b, 0, c);
        });

    private static Case Syrk(int n) => new($"syrk double, {n}", WorkCost.Of<double>((double)n * n * n, 2.0 * n * n), data =>
    {
        DeviceView<double> a = data.Random<double>(n, n);
        DeviceView<double> c = data.Empty<double>(n, n);
        return () => data.Backend.Syrk(1, a, 0, c);
    });

    private static Case Trsm(int n) => new($"trsm double, {n}", WorkCost.Of<double>((double)n * n * n, 2.5 * n * n), data =>
    {
        DeviceView<double> a = data.PositiveDefinite<double>(n);
        DeviceView<double> b = data.Random<double>(n, n);
        DeviceView<double> x = data.Empty<double>(n, n);
        return () =>
        {
            data.Backend.Copy(b, x);
            data.Backend.Trsm(Triangle.Lower, false, a, x);
        };
    });

    private static Case Cholesky(int n) => new(
        $"Cholesky double, {n}", WorkCost.Of<double>((double)n * n * n / 3, (double)n * n), data =>
        {
            DeviceView<double> a = data.PositiveDefinite<double>(n);
            DeviceView<double> l = data.Empty<double>(n, n);
            return () =>
            {
                data.Backend.Copy(a, l);
                data.Backend.Cholesky(l);
            };
        });

    private static Case Inverse(int n) => new(
        $"Cholesky and inverse double, {n}", WorkCost.Of<double>((double)n * n * n, 2.0 * n * n), data =>
        {
            DeviceView<double> a = data.PositiveDefinite<double>(n);
            DeviceView<double> l = data.Empty<double>(n, n);
            return () =>
            {
                data.Backend.Copy(a, l);
                data.Backend.Cholesky(l);
                data.Backend.CholeskyInverse(l);
            };
        });

    private static Case BatchedCholesky(int count, int n) => new(
        $"Cholesky double, {count} of {n}", WorkCost.Of<double>((double)count * n * n * n / 3, 2.0 * count * n * n), data =>
        {
            DeviceView<double> a = data.PositiveDefinite<double>(n, count);
            DeviceView<double> l = data.Empty<double>(count * n, n);
            return () =>
            {
                data.Backend.Copy(a, l);
                data.Backend.Cholesky(l, count);
            };
        });

    private static Case Eigen(int n) => Eigen($"eigendecomposition double, {n}", n, 1);

    private static Case BatchedEigen(int n, int count) => Eigen($"eigendecomposition double, {count} of {n}", n, count);

    private static Case Eigen(string name, int n, int count) => new(
        name, WorkCost.Of<double>(EigenFlops * count * n * n * n, 2.0 * count * n * n), data =>
        {
            DeviceView<double> a = data.PositiveDefinite<double>(n, count);
            DeviceView<double> q = data.Empty<double>((nint)count * n, n);
            DeviceView<double> w = data.Empty<double>(count, n);
            return () =>
            {
                data.Backend.Copy(a, q);
                data.Backend.SymmetricEigen(q, w, count);
            };
        });

    private static Case Svd(int m, int n) => Svd($"thin SVD double, {m} x {n}", m, n, 1);

    private static Case BatchedSvd(int n, int count) => Svd($"thin SVD double, {count} of {n}", n, n, count);

    private static Case Svd(string name, int m, int n, int count) => new(
        name,
        WorkCost.Of<double>(count * ((m > n ? 4.0 * m * n * n : 0) + (SvdFlops * n * n * n)), count * ((2.0 * m * n) + (n * n))),
        data =>
        {
            DeviceView<double> a = data.Random<double>((nint)count * m, n);
            DeviceView<double> x = data.Empty<double>((nint)count * m, n);
            DeviceView<double> u = data.Empty<double>((nint)count * m, n);
            DeviceView<double> vt = data.Empty<double>((nint)count * n, n);
            DeviceView<double> s = data.Empty<double>(count, n);
            return () =>
            {
                data.Backend.Copy(a, x);
                data.Backend.ThinSvd(x, u, s, vt, count);
            };
        });

    private static Case Triangular(int n, int t) => new(
        $"triangular norms, {n} x {t}", WorkCost.Of<float>((double)n * n * t, (n * n / 2.0) + ((double)n * t)), data =>
        {
            DeviceView<float> r = data.Random<float>(n, n);
            DeviceView<float> y = data.Random<float>(n, t);
            DeviceView<double> norms = data.Empty<double>(1, t);
            return () => data.Backend.TriangularSquaredNorms(r, y, norms);
        });

    private static Case Resolution(int n, int t, int folds) => new(
        $"cross-validation tile, resolution, r2, {n} x {t}",
        WorkCost.Of<float>(2.0 * n * n * t, ((double)n * n) + (2.0 * n * t)), data =>
        {
            Fold[] splits = CrossValidationSplits.KFold(n, folds);
            DeviceView<float> p = data.Random<float>(n, n);
            DeviceView<float> y = data.Random<float>(n, t);
            DeviceView<double> scores = data.Empty<double>(folds, t);
            return () => data.Backend.ResolutionScores(splits, p, y, ScoreKind.R2, scores);
        });

    private static Case Residual(int n, int t, int folds, ScoreKind kind)
    {
        int block = (n + folds - 1) / folds;
        return new(
            $"cross-validation tile, residual, {kind}, {n} x {t}",
            WorkCost.Of<float>((2.0 * n * n * t) + (2.0 * n * block * t), ((double)n * n) + (2.0 * n * t)), data =>
            {
                Fold[] splits = CrossValidationSplits.KFold(n, folds);
                DeviceView<float> q = data.Random<float>(n, n);
                DeviceView<float> filter = data.Random<float>(n, 1);
                DeviceView<float> z = data.Random<float>(n, t);
                DeviceView<float> y = data.Random<float>(n, t);
                DeviceView<float> m = data.Random<float>(n, block);
                DeviceView<float>? corrections = kind == ScoreKind.Correlation ? data.Random<float>(n, block) : null;
                DeviceView<double> scores = data.Empty<double>(folds, t);
                return () => data.Backend.ResidualScores(splits, 0, q, filter, z, y, m, corrections, kind, scores);
            });
    }

    private static Case Weighted(int n, int kernels, int t) => new(
        $"weighted product of {kernels} kernels, {n} x {t}",
        WorkCost.Of<float>(2.0 * kernels * n * n * t, ((double)kernels * n * n) + (2.0 * n * t)), data =>
        {
            DeviceView<float> ks = data.Random<float>(n, (nint)kernels * n);
            DeviceView<float> weights = data.Positive<float>(kernels, t);
            DeviceView<float> w = data.Random<float>(n, t);
            DeviceView<float> result = data.Empty<float>(n, t);
            return () => data.Backend.WeightedKernelProduct(ks, weights, w, result);
        });

    private static Case Moments(int n, int kernels, int t) => new(
        $"products by kernel, reduced, {kernels} kernels, {n} x {t}",
        WorkCost.Of<float>(2.0 * kernels * n * n * t, ((double)kernels * n * n) + (3.0 * n * t)), data =>
        {
            int[] all = [.. Enumerable.Range(0, n)];
            DeviceView<float> ks = data.Random<float>(n, (nint)kernels * n);
            DeviceView<float> weights = data.Positive<float>(kernels, t);
            DeviceView<float> w = data.Random<float>(n, t);
            DeviceView<float> y = data.Random<float>(n, t);
            DeviceView<float> predictions = data.Empty<float>(n, t);
            DeviceView<double> gradient = data.Empty<double>(kernels, t);
            DeviceView<double> hessian = data.Empty<double>(kernels * kernels, t);
            return () => data.Backend.KernelProductMoments(
                ks, all, all, null, weights, w, y, predictions, gradient, hessian);
        });

    private static Case Score(ScoreKind kind, int n, int t) => new(
        $"score {kind}, {n} x {t}", WorkCost.Of<float>(4.0 * n * t, 2.0 * n * t), data =>
        {
            DeviceView<float> y = data.Random<float>(n, t);
            DeviceView<float> p = data.Random<float>(n, t);
            DeviceView<double> scores = data.Empty<double>(1, t);
            return () => data.Backend.Score(kind, y, p, scores);
        });

    private static Case SplitMoments(int n, int t) => new(
        $"split moments, 2 spaces, {n} x {t}", WorkCost.Of<float>(14.0 * n * t, 3.0 * n * t), data =>
        {
            DeviceView<float> y = data.Random<float>(n, t);
            DeviceView<float> p = data.Random<float>(2 * n, t);
            DeviceView<double> moments = data.Empty<double>(7, t);
            return () => data.Backend.SplitMoments(y, p, 2, moments);
        });

    private static Case ZScore(int n, int t) => new(
        $"z-scores of columns, {n} x {t}", WorkCost.Of<float>(5.0 * n * t, 2.0 * n * t), data =>
        {
            DeviceView<float> y = data.Random<float>(n, t);
            return () => data.Backend.ZScoreColumns(y);
        });

    private static Case Gather(int n, int t) => new(
        $"columns gathered, half of {n} x {t}", WorkCost.Of<float>(0, (double)n * t), data =>
        {
            int[] even = [.. Enumerable.Range(0, t / 2).Select(i => 2 * i)];
            DeviceView<float> y = data.Random<float>(n, t);
            DeviceView<float> half = data.Empty<float>(n, t / 2);
            return () => data.Backend.GatherColumns(y, even, half);
        });

    private static Case Rbf(int n, int features) => new(
        $"rbf kernel, {n} x {features}", WorkCost.Of<double>((double)n * n * features, ((double)n * features) + ((double)n * n)), data =>
        {
            DeviceView<float> x = data.Random<float>(n, features);
            DeviceView<float> k = data.Empty<float>(n, n);
            return () => data.Backend.PairwiseKernel(KernelFunction.Rbf(1.0 / features), x, x, k);
        });

    private static Case Proximal(int features, int t) => new(
        $"proximal step, {features} x {t}", WorkCost.Of<float>(20.0 * features * t, 5.0 * features * t), data =>
        {
            int[] ends = [.. Enumerable.Range(1, 10).Select(g => g * features / 10)];
            DeviceView<float> gradient = data.Random<float>(features, t);
            DeviceView<float> thresholds = data.Positive<float>(2, t);
            DeviceView<float> active = data.Positive<float>(1, t);
            DeviceView<float> weights = data.Random<float>(features, t);
            DeviceView<float> point = data.Random<float>(features, t);
            DeviceView<double> changes = data.Empty<double>(2, t);
            return () => data.Backend.SparseGroupProximalStep(
                0.01, 0.5, ends, null, thresholds, active, gradient, point, weights, changes);
        });

    private static Case Upload(int n, int t) => new($"host to device, {n} x {t}", WorkCost.Of<float>(0, (double)n * t), data =>
    {
        DeviceView<float> device = data.Empty<float>(n, t);
        Matrix<float> host = HostNumbers.Fill<float>(n, t, 1);
        return () => data.Backend.Upload(host.View, device);
    });

    private static Case Download(int n, int t) => new($"device to host, {n} x {t}", WorkCost.Of<float>(0, (double)n * t), data =>
    {
        Matrix<float> host = new(n, t);
        DeviceView<float> device = data.Random<float>(n, t);
        return () => data.Backend.Download(device, host.View);
    });
}
