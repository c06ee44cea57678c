using System.Numerics;

namespace VemKernels.OpenCL.Tests;

/// <summary>One small call of every operation of the contract, on odd shapes, for comparisons of backends.</summary>
internal static class EveryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Fold[] Folds =
    [
        new([0, 1, 2, 5, 6], [3, 4], 7), new([3, 4, 5, 6], [0, 2], 7),
    ];

    /// <summary>The calls by name. What they write comes from the session, which reads it afterwards.</summary>
    public static IReadOnlyDictionary<string, Action<IBackend, Session<T>>> All { get; } =
        new Dictionary<string, Action<IBackend, Session<T>>>
        {
            ["Fill"] = (b, s) => b.Fill(s.Out(3, 5).Transposed, 1.5),
            ["Copy"] = (b, s) => b.Copy(s.In(3, 5), s.Out(5, 3).Transposed),
            ["Copy to double"] = (b, s) => b.Copy(s.In(3, 5), s.Wide(3, 5)),
            ["Copy to single"] = (b, s) =>
            {
                DeviceView<double> wide = s.Wide(3, 5);
                b.Copy(s.In(3, 5), wide);
                b.Copy(wide, s.Out(3, 5));
            },
            ["GatherRows"] = (b, s) => b.GatherRows(s.In(4, 5), [3, 0, 3], s.Out(3, 5)),
            ["GatherColumns"] = (b, s) => b.GatherColumns(s.In(4, 5), [4, 0], s.Out(4, 2)),
            ["ScatterColumns"] = (b, s) => b.ScatterColumns(s.In(4, 2), [4, 0], s.InOut(4, 5)),
            ["AddScaled"] = (b, s) => b.AddScaled(0.5, s.In(5, 70), s.InOut(5, 70)),
            ["AddDiagonal"] = (b, s) => b.AddDiagonal(s.InOut(5, 7), 2),
            ["Scale"] = (b, s) => b.Scale(s.In(5, 7), s.In(5, 1), s.In(1, 7), s.Out(5, 7)),
            ["Multiply"] = (b, s) => b.Multiply(s.In(5, 7), s.In(5, 7), s.Out(5, 7)),
            ["SubtractRow"] = (b, s) => b.SubtractRow(s.InOut(5, 7), s.In(1, 7)),
            ["CombineColumns"] = (b, s) => b.CombineColumns(s.In(5, 7), s.In(1, 7), null, s.InOut(5, 7)),
            ["Gemm"] = (b, s) => b.Gemm(1.5, s.In(5, 19), s.In(67, 19).Transposed, -0.5, s.InOut(5, 67)),
            ["Gemm without beta"] = (b, s) => b.Gemm(1, s.In(9, 3).Transposed, s.In(9, 5), 0, s.Out(3, 5)),
            ["Syrk"] = (b, s) => b.Syrk(1, s.In(7, 5), 0, s.Out(7, 7)),
            ["Trsm"] = (b, s) => b.Trsm(Triangle.Upper, false, s.Factor(35), s.InOut(35, 3)),
            ["Trsm, lower"] = (b, s) => b.Trsm(Triangle.Lower, true, s.Factor(7).Transposed, s.InOut(7, 70)),
            ["FrobeniusNorm"] = (b, s) => b.Fill(s.Out(1, 1), b.FrobeniusNorm(s.In(5, 7))),
            ["ColumnMeans"] = (b, s) => b.ColumnMeans(s.In(5, 7), s.Out(1, 7)),
            ["ColumnMeansInDouble"] = (b, s) => b.ColumnMeansInDouble(s.In(5, 7), s.Wide(1, 7)),
            ["ZScoreColumns"] = (b, s) => b.ZScoreColumns(s.InOut(5, 7)),
            ["CenterKernel"] = (b, s) => b.CenterKernel(s.InOut(7, 7)),
            ["CenterKernel by training means"] = (b, s) =>
            {
                DeviceView<double> means = s.Wide(1, 5);
                b.ColumnMeansInDouble(s.In(7, 5), means);
                b.CenterKernel(s.InOut(4, 5), means, 0.25);
            },
            ["Score: R2"] = (b, s) => b.Score(ScoreKind.R2, s.In(9, 5), s.In(9, 5), s.Wide(1, 5)),
            ["Score"] = (b, s) => b.Score(ScoreKind.Correlation, s.In(9, 5), s.In(9, 5), s.Wide(1, 5)),
            ["SplitMoments"] = (b, s) => b.SplitMoments(s.In(5, 3), s.In(10, 3), 2, s.Wide(7, 3)),
            ["ColumnDots"] = (b, s) => b.ColumnDots(s.In(5, 3), s.In(5, 3), s.Wide(1, 3)),
            ["ColumnMaxRatios"] = (b, s) => b.ColumnMaxRatios(s.In(5, 3), s.In(5, 3), s.Wide(1, 3)),
            ["TriangularSquaredNorms"] = (b, s) => b.TriangularSquaredNorms(s.Factor(9), s.In(9, 5), s.Wide(1, 5)),
            ["ResolutionScores"] = (b, s) => b.ResolutionScores(Folds, s.Predictor(Folds), s.In(7, 5), ScoreKind.R2,
                s.Wide(2, 5)),
            ["ResidualScores"] = (b, s) => b.ResidualScores(
                Folds, 0.5, s.In(7, 3), s.In(3, 1), s.In(3, 5), s.In(7, 5), s.In(5, 3), s.In(5, 3),
                ScoreKind.NegativeSquaredError,
                s.Wide(2, 5)),
            ["WeightedKernelProduct"] = (b, s) => b.WeightedKernelProduct(s.In(3, 8), s.In(2, 5), s.In(4, 5),
                s.Out(3, 5)),
            ["IndexedKernelProduct"] = (b, s) => b.IndexedKernelProduct(
                s.In(4, 8), [3, 1], [0, 2, 1], s.In(1, 8), s.In(2, 5), s.In(3, 5), s.Out(2, 5)),
            ["KernelProductMoments"] = (b, s) => b.KernelProductMoments(
                s.In(4, 8), [3, 1], [0, 2, 1], null, s.In(2, 5), s.In(3, 5), s.In(2, 5), s.Out(2, 5), s.Wide(2, 5),
                s.Wide(4, 5)),
            ["KernelProductDots"] = (b, s) => b.KernelProductDots(
                s.In(4, 8), [3, 1], [0, 2, 1], null, s.In(2, 5), s.In(3, 5), s.In(2, 5), s.Wide(2, 5)),
            ["PairwiseKernel: polynomial"] = (b, s) => b.PairwiseKernel(
                KernelFunction.Polynomial(3, 0.5, 1), s.In(5, 3), s.In(4, 3), s.Out(5, 4)),
            ["PairwiseKernel: rbf"] = (b, s) => b.PairwiseKernel(KernelFunction.Rbf(0.5), s.In(5, 3), s.In(4, 3),
                s.Out(5, 4)),
            ["PairwiseKernel: cosine"] = (b, s) =>
                b.PairwiseKernel(KernelFunction.Cosine, s.In(5, 3), s.In(4, 3), s.Out(5, 4)),
            ["PairwiseKernel: cosine of a matrix and itself"] = (b, s) =>
            {
                DeviceView<T> a = s.In(5, 3);
                b.PairwiseKernel(KernelFunction.Cosine, a, a, s.Out(5, 5));
            },
            ["SparseGroupProximalStep"] = (b, s) => b.SparseGroupProximalStep(
                0.5, 0.25, [2, 4], s.In(5, 3), s.Positive(2, 3), s.Positive(1, 3), s.Scratch(5, 3), s.InOut(5, 3),
                s.InOut(5, 3),
                s.Wide(2, 3)),
            ["Cholesky"] = (b, s) => b.Cholesky(s.PositiveDefinite(35)),
            ["CholeskyInverse"] = (b, s) =>
            {
                DeviceView<T> a = s.PositiveDefinite(35);
                b.Cholesky(a);
                b.CholeskyInverse(a);
            },
            ["Cholesky of a stack"] = (b, s) => b.Cholesky(s.PositiveDefinite(35, count: 3), 3),
            ["CholeskyInverse of a stack"] = (b, s) =>
            {
                DeviceView<T> a = s.PositiveDefinite(5, count: 3);
                b.Cholesky(a, 3);
                b.CholeskyInverse(a, 3);
            },
            ["SymmetricEigen of a stack"] = (b, s) =>
                b.SymmetricEigen(s.PositiveDefinite(4, isResult: false, count: 3), s.Out(3, 4), 3),
            ["ThinSvd of a stack, wide"] = (b, s) =>
                b.ThinSvd(s.Scratch(6, 5), s.Scratch(6, 3), s.Out(2, 3), s.Scratch(6, 5), 2),
            ["SymmetricEigen"] = (b, s) => b.SymmetricEigen(s.PositiveDefinite(5, isResult: false), s.Out(1, 5)),
            ["ThinSvd"] = (b, s) => b.ThinSvd(s.Scratch(7, 4), s.Scratch(7, 4), s.Out(1, 4), s.Scratch(4, 4)),
        };
}
