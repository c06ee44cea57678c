using System.Numerics;
using NUnit.Framework;
using VemKernels.Simd;
using VemKernels.Solvers;

namespace VemKernels.Interop.Tests;

/// <summary>Predictions, kernels, scores, preparation and factorisations through the border are those of C#.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public sealed unsafe class OperationExportTests<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 12;
    private const int Targets = 5;

    private readonly SimdBackend _backend = new(2);
    private readonly Matrix<T> _x = Library.Draw<T>(Samples, 4, 1);
    private readonly Matrix<T> _y = Library.Draw<T>(Samples, Targets, 2);
    private readonly Matrix<T> _dual = Library.Draw<T>(Samples, Targets, 3);
    private readonly Matrix<T> _deltas = Library.Draw<T>(2, Targets, 4);
    private readonly Matrix<T> _k0;
    private readonly Matrix<T> _k1;
    private readonly ulong _handle = Library.Start();

    public OperationExportTests()
    {
        _k0 = PairwiseKernels.Compute(_backend, PairwiseKernel.Linear, _x.View);
        _k1 = PairwiseKernels.Compute(_backend, PairwiseKernel.Rbf(0.3), _x.View);
    }

    public void Dispose()
    {
        Library.Succeeds(Library.Free(_handle));
        foreach (IDisposable disposable in (IDisposable[])[_x, _y, _dual, _deltas, _k0, _k1, _backend])
        {
            disposable.Dispose();
        }
    }

    [Test]
    public void Tikhonov_priors_over_delays_and_features()
    {
        int[] delays = [1, 2];
        using Prior overDelays = Prior.Haemodynamic(_backend, delays, 2, 0.1);
        using Prior overFeatures = Prior.Smoothness(_backend, 2, 1, 0.5);
        using Matrix<double> S = new(2, 2);
        using Matrix<double> F = new(2, 2);
        VemMatrix s = Library.Describe(S.View);
        VemMatrix f = Library.Describe(F.View);
        delegate* unmanaged[Cdecl]<ulong, int, double, VemMatrix*, int> smoothness = &PriorExports.SmoothnessCovariance;
        delegate* unmanaged[Cdecl]<ulong, int*, long, double, double, VemMatrix*, int> haemodynamic =
            &PriorExports.HaemodynamicCovariance;
        fixed (int* list = delays)
        {
            Library.Succeeds(haemodynamic(_handle, list, 2, 2, 0.1, &s));
            Library.Fails(haemodynamic(_handle, list, 1, 2, 0.1, &s), VemStatus.InvalidArgument, "covariance");
        }

        Library.Succeeds(smoothness(_handle, 1, 0.5, &f));
        Library.Fails(smoothness(_handle, 3, 0.5, &f), VemStatus.InvalidArgument, "order");
        using Matrix<double> expectedS = overDelays.Covariance(_backend);
        using Matrix<double> expectedF = overFeatures.Covariance(_backend);
        Library.AreSame(S.View, expectedS.View, "over delays");
        Library.AreSame(F.View, expectedF.View, "over features");

        using Prior givenS = Prior.FromCovariance(_backend, S.View);
        using Prior givenF = Prior.FromCovariance(_backend, F.View);
        TikhonovPrior prior = new(givenF, givenS);
        using Matrix<T> transformed = new(Samples, 4);
        using Matrix<T> kernel = new(Samples, Samples);
        using Matrix<T> weights = Library.Draw<T>(4, Targets, 9);
        using Matrix<T> back = new(4, Targets);
        VemMatrix x = Library.Describe(_x.View);
        VemMatrix t = Library.Describe(transformed.View);
        VemMatrix k = Library.Describe(kernel.View);
        VemMatrix c = Library.Describe(weights.View);
        VemMatrix b = Library.Describe(back.View);
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, VemMatrix*, VemMatrix*, VemMatrix*, int> features =
            &PriorExports.TikhonovFeatures;
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, VemMatrix*, VemMatrix*, VemMatrix*, VemMatrix*, int> kernels =
            &PriorExports.TikhonovKernel;
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, VemMatrix*, VemMatrix*, VemMatrix*, VemCall*, int> mapBack =
            &PriorExports.TikhonovWeights;
        Library.Succeeds(features(_handle, &f, &s, &x, &t));
        using Matrix<T> expectedFeatures = prior.Transform(_backend, _x.View);
        Library.AreSame(transformed.View, expectedFeatures.View, "X L");
        Library.Succeeds(kernels(_handle, &f, &s, &x, null, &k));
        using Matrix<T> expectedKernel = prior.Kernel(_backend, _x.View);
        Library.AreSame(kernel.View, expectedKernel.View, "X Sigma X'");
        Library.Succeeds(kernels(_handle, &f, &s, &x, &x, &k));
        using Matrix<T> between = prior.Kernel(_backend, _x.View, _x.View);
        Library.AreSame(kernel.View, between.View, "X Sigma Z'");
        Library.Succeeds(mapBack(_handle, &f, &s, &c, &b, null));
        using Matrix<T> expectedWeights = new(4, Targets);
        prior.MapBack(_backend, weights.View, expectedWeights.View);
        Library.AreSame(back.View, expectedWeights.View, "L c");

        // The identity where a covariance is left out; sizes that do not fit.
        Library.Succeeds(features(_handle, null, null, &x, &t));
        Library.AreSame(transformed.View, _x.View, "X itself");
        x.Columns = 3;
        Library.Fails(features(_handle, &f, &s, &x, &t), VemStatus.InvalidArgument, "multiple");
    }

    [Test]
    public void Predictions_split_by_space_and_their_scores()
    {
        using Matrix<T> split = new(2 * Samples, Targets);
        using Matrix<T> r2 = new(1, Targets);
        using Matrix<T> parts = new(2, Targets);
        using Matrix<T> again = new(2, Targets);
        VemMatrix* kernels = stackalloc VemMatrix[] { Library.Describe(_k0.View), Library.Describe(_k1.View) };
        VemMatrix w = Library.Describe(_dual.View);
        VemMatrix d = Library.Describe(_deltas.View);
        VemMatrix y = Library.Describe(_y.View);
        VemMatrix s = Library.Describe(split.View);
        VemMatrix r = Library.Describe(r2.View);
        VemMatrix p = Library.Describe(parts.View);
        VemMatrix a = Library.Describe(again.View);
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, long, VemMatrix*, VemMatrix*, VemMatrix*, VemCall*, int> predict =
            &PredictionExports.PredictSplit;
        delegate* unmanaged[Cdecl]<
            ulong, VemMatrix*, long, VemMatrix*, VemMatrix*, VemMatrix*, VemMatrix*, VemMatrix*, VemMatrix*, VemCall*,
                int>
            score = &PredictionExports.PredictAndScore;
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, VemMatrix*, long, int, VemMatrix*,
            int> r2Split = &ScoreExports.R2Split;
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, VemMatrix*, long, VemMatrix*, int> correlation =
            &ScoreExports.CorrelationSplit;
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, VemMatrix*, long, VemMatrix*, int> relative =
            &ScoreExports.R2SplitRelativeWeights;
        Library.Succeeds(predict(_handle, kernels, 2, &w, &d, &s, null));
        Library.Succeeds(score(_handle, kernels, 2, &w, &d, &y, &r, null, &p, null));
        using TestScores<T> expected = Predictions.Score(
            _backend, [_k0.View, _k1.View], _dual.View, _deltas.View, new MatrixTargetSource<T>(_y.View));
        Library.AreSame(r2.View, expected.R2.View, "r2");
        Library.AreSame(parts.View, expected.R2Split.View, "r2 split");

        using Matrix<T> expectedR2 = Scores.R2Split(_backend, _y.View, split.View, 2, includeCorrelation: false);
        Library.Succeeds(r2Split(_handle, &y, &s, 2, 0, &a));
        Library.AreSame(again.View, expectedR2.View, "r2 split without correlation");
        using Matrix<T> expectedCorrelation = Scores.CorrelationSplit(_backend, _y.View, split.View, 2);
        Library.Succeeds(correlation(_handle, &y, &s, 2, &a));
        Library.AreSame(again.View, expectedCorrelation.View, "correlation split");
        using Matrix<T> expectedRelative = Scores.R2SplitByRelativeWeights(_backend, _y.View, split.View, 2);
        Library.Succeeds(relative(_handle, &y, &s, 2, &a));
        Library.AreSame(again.View, expectedRelative.View, "relative weights");
        Library.Fails(relative(_handle, &y, &s, 0, &a), VemStatus.InvalidArgument, "spaces_count");
    }

    [Test]
    public void A_callers_score_of_predictions()
    {
        using Matrix<double> scores = new(1, Targets);
        using Matrix<T> zero = new(1, 1);
        VemMatrix k = Library.Describe(_k0.View);
        VemMatrix w = Library.Describe(_dual.View);
        VemMatrix d = Library.Describe(zero.View);
        VemMatrix y = Library.Describe(_y.View);
        VemMatrix s = Library.Describe(scores.View);
        delegate* unmanaged[Cdecl]<
            ulong, VemMatrix*, long, VemMatrix*, VemMatrix*, VemMatrix*, VemMatrix*,
            delegate* unmanaged[Cdecl]<void*, VemMatrix*, VemMatrix*, double*, int>, void*, VemMatrix*, VemCall*,
                int> score =
            &PredictionExports.PredictAndScoreCustom;
        Library.Succeeds(score(_handle, &k, 1, &w, &d, null, &y, &Callbacks.NegativeSquaredError, null, &s, null));
        using Matrix<T> predicted = new(Samples, Targets);
        Predictions.Predict(_backend, [_k0.View], _dual.View, zero.View, null, predicted.View);
        using Matrix<T> expected = Scores.Of(_backend, ScoreKind.NegativeSquaredError, _y.View, predicted.View);
        for (int j = 0; j < Targets; j++)
        {
            double value = double.CreateTruncating(expected[0, j]);
            Assert.That(scores[0, j], Is.EqualTo(value).Within(1e-5 * Math.Abs(value)));
        }
    }

    [Test]
    public void Weights_of_features_predict_what_dual_weights_predict()
    {
        using Matrix<T> primal = new(4, Targets);
        using Matrix<T> predicted = new(Samples, Targets);
        using Matrix<T> dual = new(Samples, Targets);
        using Matrix<T> zero = new(1, 1);
        VemMatrix x = Library.Describe(_x.View);
        VemMatrix k = Library.Describe(_k0.View);
        VemMatrix w = Library.Describe(_dual.View);
        VemMatrix d = Library.Describe(zero.View);
        VemMatrix b = Library.Describe(primal.View);
        VemMatrix p = Library.Describe(predicted.View);
        VemMatrix q = Library.Describe(dual.View);
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, VemMatrix*, VemMatrix*, long, VemMatrix*, VemCall*,
            int> fromDual =
            &PredictionExports.PrimalWeights;
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, VemMatrix*, VemMatrix*, VemMatrix*, VemCall*, int> fromFeatures =
            &PredictionExports.PredictPrimal;
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, long, VemMatrix*, VemMatrix*, VemMatrix*, VemMatrix*, VemCall*,
            int>
            fromKernel = &PredictionExports.Predict;
        Library.Succeeds(fromDual(_handle, &w, null, &x, 1, &b, null));
        Library.Succeeds(fromFeatures(_handle, &x, &b, null, &p, null));
        Library.Succeeds(fromKernel(_handle, &k, 1, &w, &d, null, &q, null));
        double bound = 100 * VemKernels.Precision.Epsilon<T>();
        for (int i = 0; i < Samples; i++)
        {
            for (int j = 0; j < Targets; j++)
            {
                double expected = double.CreateTruncating(dual[i, j]);
                Assert.That(
                    double.CreateTruncating(predicted[i, j]),
                        Is.EqualTo(expected).Within(bound * (10 + Math.Abs(expected))));
            }
        }
    }

    [Test]
    public void Kernels_and_their_centring()
    {
        using Matrix<T> kernel = new(Samples, Samples);
        using Matrix<double> means = new(1, Samples);
        VemMatrix x = Library.Describe(_x.View);
        VemMatrix k = Library.Describe(kernel.View);
        VemMatrix m = Library.Describe(means.View);
        VemKernelParameters parameters = Defaults.KernelParameters with { Gamma = 0.2, Degree = 2 };
        delegate* unmanaged[Cdecl]<ulong, byte*, VemKernelParameters*, VemMatrix*, VemMatrix*, VemMatrix*, VemCall*,
            int>
            compute = &KernelExports.PairwiseKernel;
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, VemMatrix*, int> fit = &KernelExports.KernelMeans;
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, VemMatrix*, int> centre = &KernelExports.KernelCentre;
        fixed (byte* name = "polynomial"u8)
        {
            Library.Succeeds(compute(_handle, name, &parameters, &x, null, &k, null));
        }

        using Matrix<T> expected = PairwiseKernels.Compute(_backend, PairwiseKernel.Polynomial(2, 0.2), _x.View);
        Library.AreSame(kernel.View, expected.View, "polynomial kernel");
        Library.Succeeds(fit(_handle, &k, &m));
        Library.Succeeds(centre(_handle, &m, &k));
        KernelCenterer.Fit(_backend, expected.View).TransformInPlace(_backend, expected.View);
        Library.AreSame(kernel.View, expected.View, "centred kernel");
    }

    [Test]
    public void Candidates_are_those_of_the_seed()
    {
        using Matrix<double> gammas = new(7, 3);
        VemMatrix g = Library.Describe(gammas.View);
        double* concentrations = stackalloc double[] { 0.5, double.PositiveInfinity };
        delegate* unmanaged[Cdecl]<double*, long, long, VemMatrix*, int> draw = &PreparationExports.DirichletSamples;
        Library.Succeeds(draw(concentrations, 2, 3, &g));
        using Matrix<double> expected = DirichletSamples.Generate(7, 3, [0.5, double.PositiveInfinity], 3);
        Library.AreSame(gammas.View, expected.View, "gammas");
        Library.Fails(draw(concentrations, 2, -2, &g), VemStatus.InvalidArgument, "seed");
    }

    [Test]
    public void Delays_and_standardisation_inside_runs()
    {
        int* runs = stackalloc int[Samples];
        for (int i = 0; i < Samples; i++)
        {
            runs[i] = i < 7 ? 1 : 2;
        }

        int* delays = stackalloc int[] { 1, 3 };
        RunLabels labels = new(new ReadOnlySpan<int>(runs, Samples));
        using Matrix<T> delayed = new(Samples, 8);
        using Matrix<T> standard = Matrix<T>.From(_x.View);
        VemMatrix x = Library.Describe(_x.View);
        VemMatrix d = Library.Describe(delayed.View);
        VemMatrix z = Library.Describe(standard.View);
        delegate* unmanaged[Cdecl]<VemMatrix*, int*, long, int*, VemMatrix*, int> delay = &PreparationExports.Delays;
        delegate* unmanaged[Cdecl]<VemMatrix*, int*, int> standardize = &PreparationExports.ZScoreRuns;
        Library.Succeeds(delay(&x, delays, 2, runs, &d));
        using Matrix<T> expected = Delays.Apply(_x.View, [1, 3], labels);
        Library.AreSame(delayed.View, expected.View, "delays");
        Library.Succeeds(standardize(&z, runs));
        using Matrix<T> expectedScores = Matrix<T>.From(_x.View);
        ZScore.ByRun(expectedScores.View, labels);
        Library.AreSame(standard.View, expectedScores.View, "z-scores");
    }

    [Test]
    public void Explainable_variance_its_ceiling_and_Lipschitz_constants()
    {
        using Matrix<T> variance = new(1, Targets);
        using Matrix<T> ceiling = new(1, Targets);
        VemMatrix* repeats = stackalloc VemMatrix[] { Library.Describe(_y.View), Library.Describe(_dual.View) };
        VemMatrix v = Library.Describe(variance.View);
        VemMatrix c = Library.Describe(ceiling.View);
        double* constants = stackalloc double[2];
        delegate* unmanaged[Cdecl]<VemMatrix*, long, int, int, long, VemMatrix*, VemCall*, int> explain =
            &PreparationExports.ExplainableVariance;
        delegate* unmanaged[Cdecl]<VemMatrix*, long, int, VemMatrix*, int> limit = &PreparationExports.NoiseCeiling;
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, long, int, long, double*, int> lipschitz =
            &PreparationExports.LipschitzConstants;
        Library.Succeeds(explain(repeats, 2, 0, 1, 0, &v, null));
        using Matrix<T> expected = ExplainableVariance.Compute(
            [new MatrixTargetSource<T>(_y.View), new MatrixTargetSource<T>(_dual.View)],
            new ExplainableVarianceOptions { BiasCorrection = false });
        Library.AreSame(variance.View, expected.View, "explainable variance");
        Library.Succeeds(limit(&v, 2, (int)ScoreKind.R2, &c));
        using Matrix<T> expectedCeiling = ExplainableVariance.NoiseCeiling(expected.View, 2, ScoreKind.R2);
        Library.AreSame(ceiling.View, expectedCeiling.View, "ceiling");
        Library.Succeeds(lipschitz(_handle, repeats, 2, (int)LipschitzProduct.XTX, 0, constants));
        Assert.That(
            new Span<double>(constants, 2).ToArray(),
            Is.EqualTo(LipschitzConstants.Compute(_backend, [_y.View, _dual.View], LipschitzProduct.XTX, 0)));
    }

    [Test]
    public void Stacked_products_inverses_and_singular_values()
    {
        const int N = 3;
        using Matrix<T> a = Library.Draw<T>(2 * N, N, 7);
        using Matrix<T> squares = new(2 * N, N);
        using Matrix<T> inverses = new(2 * N, N);
        using Matrix<T> products = new(2 * N, N);
        using Matrix<T> u = new(2 * N, N);
        using Matrix<T> s = new(2, N);
        using Matrix<T> vt = new(2 * N, N);
        for (int b = 0; b < 2; b++)
        {
            for (int i = 0; i < N; i++)
            {
                for (int j = 0; j < N; j++)
                {
                    T sum = i == j ? T.One : T.Zero;
                    for (int k = 0; k < N; k++)
                    {
                        sum += a[(b * N) + i, k] * a[(b * N) + j, k];
                    }

                    squares[(b * N) + i, j] = sum;
                    inverses[(b * N) + i, j] = sum;
                }
            }
        }

        VemMatrix left = Library.Describe(squares.View);
        VemMatrix right = Library.Describe(inverses.View);
        VemMatrix product = Library.Describe(products.View);
        VemMatrix vectors = Library.Describe(u.View);
        VemMatrix values = Library.Describe(s.View);
        VemMatrix transposed = Library.Describe(vt.View);
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, long, VemCall*, int> cholesky = &FactorisationExports.Cholesky;
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, long, VemCall*,
            int> invert = &FactorisationExports.CholeskyInverse;
        delegate* unmanaged[Cdecl]<ulong, double, VemMatrix*, VemMatrix*, double, VemMatrix*, long, VemCall*,
            int> gemm =
            &FactorisationExports.Gemm;
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, VemMatrix*, VemMatrix*, VemMatrix*, long, VemCall*, int> svd =
            &FactorisationExports.Svd;
        Library.Succeeds(cholesky(_handle, &right, 2, null));
        Library.Succeeds(invert(_handle, &right, 2, null));
        Library.Succeeds(gemm(_handle, 2, &left, &right, 0, &product, 2, null));
        Library.Succeeds(svd(_handle, &left, &vectors, &values, &transposed, 2, null));
        double bound = 1000 * VemKernels.Precision.Epsilon<T>();
        for (int i = 0; i < 2 * N; i++)
        {
            for (int j = 0; j < N; j++)
            {
                // Twice a matrix times its inverse; U diag(s) Vt.
                Assert.That(double.CreateTruncating(products[i, j]), Is.EqualTo(i % N == j ? 2 : 0).Within(bound));
                T sum = T.Zero;
                for (int k = 0; k < N; k++)
                {
                    sum += u[i, k] * s[i / N, k] * vt[(i / N * N) + k, j];
                }

                Assert.That(
                    double.CreateTruncating(sum),
                    Is.EqualTo(double.CreateTruncating(squares[i, j])).Within(bound * 10));
            }
        }
    }
}
