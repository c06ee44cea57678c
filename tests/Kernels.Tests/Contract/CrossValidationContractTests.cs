using System.Numerics;
using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

/// <summary>The fused operations, against the formulas of their documentation.</summary>
[TestFixtureSource(typeof(Backends), nameof(Backends.WithElementTypes))]
public sealed class CrossValidationContractTests<T>(BackendUnderTest underTest) : ContractFixture<T>(underTest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 37;

    /// <summary>More than backends take in one piece.</summary>
    private const int ManyTargets = 1100;

    private static readonly (int Rows, int Kernels, int Samples, int Targets)[] WeightedShapes =
    [
        (1, 1, 1, 1), (3, 2, 0, 5), (3, 2, 17, 0), (3, 2, 17, 5), (17, 5, 3, 33), (33, 3, 33, 65), (65, 4, 17, 130),
        (2, 1, 130, 3),
        (17, 3, 33, ManyTargets),
    ];

    [Test]
    [Pairwise]
    public void TriangularSquaredNorms_sums_squares_of_the_product(
        [Values(0, 1, 3, 17, 33, 65, 130)] int n, [Values(0, 1, 17, ManyTargets)] int t, [Values] Layout layout)
    {
        double[,] full = Random(n, n, seed: 1);
        double[,] r = Arrays.Make(n, n, (i, j) => j < i ? 0 : full[i, j]);
        double[,] y = Random(n, t, seed: 2);
        Operand<double> norms = DoubleResult(1, t, layout);
        Backend.TriangularSquaredNorms(Input(r, layout).View, Input(y, layout).View, norms.View);
        Oracle.SquaredNorms(Oracle.Product(Estimate.Exact(r), Estimate.Exact(y))).RequireNear(norms.Values);
    }

    [Test]
    [Pairwise]
    public void ResolutionScores_predicts_validation_rows_from_training_rows(
        [Values] FoldKind folds, [Values] ScoreKind kind, [Values(0, 1, 17, ManyTargets)] int t, [Values] Layout layout) =>
        RequireResolutionScores(FoldSets.Make(folds, Samples), kind, Responses(t), layout);

    [Test]
    public void ResolutionScores_scores_rows_that_are_trained_on_too([Values] ScoreKind kind) =>
        RequireResolutionScores([FoldSets.Overlapped(Samples)], kind, Responses(17), Layout.Whole);

    [Test]
    [Pairwise]
    public void ResidualScores_makes_residuals_of_validation_rows(
        [Values] FoldKind folds,
        [Values] ScoreKind kind,
        [Values(1, 17, Samples)] int rank,
        [Values(0, 1, 17, ManyTargets)] int t,
        [Values] Layout layout) =>
        RequireResidualScores(FoldSets.Make(folds, Samples), kind, rank, t, withN: false, layout);

    [Test]
    [Pairwise]
    public void ResidualScores_with_N_makes_predictions_of_validation_rows(
        [Values] FoldKind folds, [Values] ScoreKind kind, [Values(0, 1, 17, ManyTargets)] int t, [Values] Layout layout) =>
        RequireResidualScores(FoldSets.Make(folds, Samples), kind, rank: 17, t, withN: true, layout);

    [Test]
    public void ResidualScores_of_rows_that_are_trained_on_is_an_argument_error()
    {
        Fold fold = FoldSets.Overlapped(Samples);
        int heldOut = fold.HeldOut.Length;
        Assert.That(
            () => Backend.ResidualScores(
                [fold], 1, Input(Random(Samples, 3, seed: 10)).View, Input(Random(3, 1, seed: 11)).View,
                Input(Random(3, 5, seed: 12)).View, Input(Random(Samples, 5, seed: 13)).View,
                Input(Random(heldOut, heldOut, seed: 14)).View, null, ScoreKind.R2, DoubleResult(1, 5).View),
            Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void WeightedKernelProduct_sums_over_kernels(
        [ValueSource(nameof(WeightedShapes))] (int Rows, int Kernels, int Samples, int Targets) shape,
        [Values] Layout from,
        [Values] Layout to)
    {
        (int q, int m, int n, int t) = shape;
        double[,] kernels = Random(q, m * n, seed: 20);
        double[,] weights = Random(m, t, seed: 21);
        double[,] w = Random(n, t, seed: 22);
        Operand<T> result = Result(q, t, to);
        Backend.WeightedKernelProduct(
            Input(kernels, from).View, Input(weights, from).View, Input(w, from).View, result.View);
        Estimate weighted = Oracle.Elementwise(m * n, t, (row, j) => weights[row / n, j] * w[row % n, j]);
        Oracle.Product(Estimate.Exact(kernels), weighted).RequireNear(result.Values);
    }

    private void RequireResolutionScores(IReadOnlyList<Fold> folds, ScoreKind kind, double[,] y, Layout layout)
    {
        int t = y.GetLength(1);
        List<double[,]> p = [.. folds.Select((fold, f) =>
        {
            bool[] isTrained = new bool[Samples];
            foreach (int sample in fold.Train)
            {
                isTrained[sample] = true;
            }

            double[,] values = Random(fold.Validation.Length, Samples, seed: 30 + f);
            return Arrays.Make(fold.Validation.Length, Samples, (i, j) => isTrained[j] ? values[i, j] : 0);
        })];
        Operand<double> scores = DoubleResult(folds.Count, t, layout);
        Backend.ResolutionScores(folds, Input(Arrays.Stack(p), layout).View, Input(y, layout).View, kind, scores.View);
        for (int f = 0; f < folds.Count; f++)
        {
            Estimate predictions = Oracle.Product(Estimate.Exact(p[f]), Estimate.Exact(y));
            Oracle.Scores(kind, Arrays.Rows(y, folds[f].Validation), predictions)
                .RequireNear(Arrays.Rows(scores.Values, f, 1));
        }
    }

    private void RequireResidualScores(
        IReadOnlyList<Fold> folds, ScoreKind kind, int rank, int t, bool withN, Layout layout)
    {
        const double YWeight = 0.75;
        double[,] q = Random(Samples, rank, seed: 40);
        double[,] filter = Random(rank, 1, seed: 41);
        double[,] z = Random(rank, t, seed: 42);
        double[,] y = Responses(t);
        List<double[,]> m =
            [.. folds.Select((fold, f) => Random(fold.HeldOut.Length, fold.HeldOut.Length, seed: 50 + f))];
        List<double[,]> n =
            [.. folds.Select((fold, f) => Random(fold.HeldOut.Length, fold.HeldOut.Length, seed: 60 + f))];
        Operand<double> scores = DoubleResult(folds.Count, t, layout);
        Backend.ResidualScores(
            folds, YWeight, Input(q, layout).View, Input(filter, layout).View, Input(z, layout).View,
            Input(y, layout).View,
            Input(Padded(m), layout).View, withN ? Input(Padded(n), layout).View : null, kind, scores.View);

        Estimate filtered = Oracle.Elementwise(rank, t, (r, j) => filter[r, 0] * z[r, j]);
        Estimate E = Oracle.Combination(YWeight, Estimate.Exact(y), 1, Oracle.Product(Estimate.Exact(q), filtered));
        for (int f = 0; f < folds.Count; f++)
        {
            Estimate heldOut = Estimate.Exact(Arrays.Rows(y, folds[f].HeldOut));
            Estimate F = Oracle.Product(Estimate.Exact(m[f]), E.SelectRows(folds[f].HeldOut));
            Estimate predictions = withN
                ? Oracle.Combination(1, F, -1, Oracle.Product(Estimate.Exact(n[f]), heldOut))
                : Oracle.Combination(1, heldOut, -1, F);
            Oracle.Scores(
                    kind, Arrays.Rows(y, folds[f].Validation), predictions.SelectRows(folds[f].ValidationInHeldOut))
                .RequireNear(Arrays.Rows(scores.Values, f, 1));
        }
    }

    /// <summary>
    /// Normal deviates; the first of several targets is constant, so that its r2 and correlation are zero.
    /// </summary>
    private double[,] Responses(int t)
    {
        double[,] y = Random(Samples, t, seed: 70);
        return Round(Arrays.Make(Samples, t, (i, j) => t > 1 && j == 0 ? 0.1 : y[i, j]));
    }

    /// <summary>Blocks one under the other, as wide as the widest, with NaN to the right of the others.</summary>
    private static double[,] Padded(IReadOnlyList<double[,]> blocks)
    {
        int width = blocks.Max(block => block.GetLength(1));
        return Arrays.Stack([
            .. blocks.Select(block => Arrays.Make(block.GetLength(0), width, (i, j) =>
                j < block.GetLength(1) ? block[i, j] : double.NaN)),
        ]);
    }
}
