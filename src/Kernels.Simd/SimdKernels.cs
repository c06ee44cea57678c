using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// The kernels of one element type behind one virtual call each: where the backend, which does not know the instruction
/// set at compile time, meets the code that is generic over it.
/// </summary>
internal abstract unsafe partial class SimdKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static SimdKernels<T> For(InstructionSet set) => set switch
    {
        InstructionSet.Avx512 => new SimdKernels<Simd512<T>, System.Runtime.Intrinsics.Vector512<T>, T>(),
        InstructionSet.Avx2 => new SimdKernels<Simd256<T>, System.Runtime.Intrinsics.Vector256<T>, T>(),
        _ => new SimdKernels<Simd128<T>, System.Runtime.Intrinsics.Vector128<T>, T>(),
    };

    public abstract void Gemm(SimdContext context, T alpha, MatrixView<T> A, MatrixView<T> B, T beta, MatrixView<T> C);

    public abstract void Syrk(SimdContext context, T alpha, MatrixView<T> A, T beta, MatrixView<T> C);

    public abstract void Trsm(
        SimdContext context, Triangle triangle, bool unitDiagonal, MatrixView<T> A, MatrixView<T> B);

    public abstract void Cholesky(SimdContext context, MatrixView<T> A, int matrix, CancellationToken cancellation);

    public abstract void CholeskyInverse(SimdContext context, MatrixView<T> A, CancellationToken cancellation);

    public abstract void SymmetricEigen(
        SimdContext context, MatrixView<T> A, MatrixView<T> w, int count, CancellationToken cancellation);

    public abstract void ThinSvd(
        SimdContext context, MatrixView<T> A, MatrixView<T> U, MatrixView<T> s, MatrixView<T> Vt, int count,
        CancellationToken cancellation);

    public abstract void Copy(SimdContext context, MatrixView<T> source, MatrixView<T> destination);

    public abstract void ToSingle(SimdContext context, MatrixView<T> source, MatrixView<float> destination);

    public abstract void ToDouble(SimdContext context, MatrixView<T> source, MatrixView<double> destination);

    public abstract void Fill(SimdContext context, MatrixView<T> A, T value);

    public abstract void AddScaled(SimdContext context, T alpha, MatrixView<T> A, MatrixView<T> B);

    public abstract void Scale(SimdContext context, MatrixView<T> A, T* rows, T* columns, MatrixView<T> B);

    public abstract void Multiply(SimdContext context, MatrixView<T> A, MatrixView<T> W, MatrixView<T> B);

    public abstract void SubtractRow(SimdContext context, MatrixView<T> A, T* row);

    public abstract void ColumnMeans(SimdContext context, MatrixView<T> A, MatrixView<T> means);

    public abstract double FrobeniusNorm(SimdContext context, MatrixView<T> A);

    public abstract void ZScore(SimdContext context, MatrixView<T> A);

    public abstract void CenterKernel(SimdContext context, MatrixView<T> K);

    public abstract void Score(
        SimdContext context, ScoreKind kind, MatrixView<T> truth, MatrixView<T> predictions, MatrixView<double> scores);

    public abstract void SplitMoments(
        SimdContext context, MatrixView<T> truth, MatrixView<T> predictions, int spaces, MatrixView<double> moments);

    public abstract void TriangularSquaredNorms(
        SimdContext context, MatrixView<T> R, MatrixView<T> Y, MatrixView<double> norms);

    public abstract void ResolutionScores(
        SimdContext context, IReadOnlyList<Fold> folds, MatrixView<T> P, MatrixView<T> Y, ScoreKind kind,
        MatrixView<double> scores);

    public abstract void ResidualScores(
        SimdContext context, IReadOnlyList<Fold> folds, T yWeight, MatrixView<T> Q, T* filter, MatrixView<T> Z,
        MatrixView<T> Y,
        MatrixView<T> M, MatrixView<T>? N, ScoreKind kind, MatrixView<double> scores);

    public abstract void WeightedKernelProduct(
        SimdContext context, MatrixView<T> Ks, MatrixView<T> weights, MatrixView<T> W, MatrixView<T> result);
}

/// <summary>The kernels of one element type on one instruction set.</summary>
internal sealed unsafe partial class SimdKernels<S, V, T> : SimdKernels<T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Gemm(
        SimdContext context, T alpha, MatrixView<T> A, MatrixView<T> B, T beta, MatrixView<T> C) =>
        Gemm<S, V, T>.Run(context, alpha, A, B, beta, C);

    public override void Syrk(SimdContext context, T alpha, MatrixView<T> A, T beta, MatrixView<T> C) =>
        Syrk<S, V, T>.Run(context, alpha, A, beta, C);

    public override void Trsm(
        SimdContext context, Triangle triangle, bool unitDiagonal, MatrixView<T> A, MatrixView<T> B) =>
        Trsm<S, V, T>.Run(context, triangle, unitDiagonal, A, B);

    public override void Cholesky(SimdContext context, MatrixView<T> A, int matrix, CancellationToken cancellation) =>
        Cholesky<S, V, T>.Run(context, A, matrix, cancellation);

    public override void CholeskyInverse(SimdContext context, MatrixView<T> A, CancellationToken cancellation) =>
        CholeskyInverse<S, V, T>.Run(context, A, cancellation);

    public override void SymmetricEigen(
        SimdContext context, MatrixView<T> A, MatrixView<T> w, int count, CancellationToken cancellation) =>
        SymmetricEigenBatch<S, V, T>.Run(context, A, w, count, cancellation);

    public override void ThinSvd(
        SimdContext context, MatrixView<T> A, MatrixView<T> U, MatrixView<T> s, MatrixView<T> Vt, int count,
        CancellationToken cancellation) =>
        ThinSvdBatch<S, V, T>.Run(context, A, U, s, Vt, count, cancellation);

    public override void Copy(SimdContext context, MatrixView<T> source, MatrixView<T> destination) =>
        Elementwise<S, V, T>.Copy(context, source, destination);

    public override void ToSingle(SimdContext context, MatrixView<T> source, MatrixView<float> destination) =>
        Elementwise<S, V, T>.Convert(context, source, destination);

    public override void ToDouble(SimdContext context, MatrixView<T> source, MatrixView<double> destination) =>
        Elementwise<S, V, T>.Convert(context, source, destination);

    public override void Fill(SimdContext context, MatrixView<T> A, T value) =>
        Elementwise<S, V, T>.Fill(context, A, value);

    public override void AddScaled(SimdContext context, T alpha, MatrixView<T> A, MatrixView<T> B) =>
        Elementwise<S, V, T>.AddScaled(context, alpha, A, B);

    public override void Scale(SimdContext context, MatrixView<T> A, T* rows, T* columns, MatrixView<T> B) =>
        Elementwise<S, V, T>.Scale(context, A, rows, columns, B);

    public override void Multiply(SimdContext context, MatrixView<T> A, MatrixView<T> W, MatrixView<T> B) =>
        Elementwise<S, V, T>.Multiply(context, A, W, B);

    public override void SubtractRow(SimdContext context, MatrixView<T> A, T* row) =>
        Elementwise<S, V, T>.SubtractRow(context, A, row);

    public override void ColumnMeans(SimdContext context, MatrixView<T> A, MatrixView<T> means) =>
        ColumnStatistics<S, V, T>.RoundedMeans(context, A, means);

    public override double FrobeniusNorm(SimdContext context, MatrixView<T> A) =>
        ColumnStatistics<S, V, T>.FrobeniusNorm(context, A);

    public override void ZScore(SimdContext context, MatrixView<T> A) => ColumnStatistics<S, V, T>.ZScore(context, A);

    public override void CenterKernel(SimdContext context, MatrixView<T> K) =>
        ColumnStatistics<S, V, T>.CenterKernel(context, K);

    public override void Score(
        SimdContext context, ScoreKind kind, MatrixView<T> truth, MatrixView<T> predictions,
        MatrixView<double> scores) =>
        Scores<S, V, T>.FromPredictions(
            context, kind, new RowSet<T>(truth), new RowSet<T>(predictions), truth.Columns, scores);

    public override void SplitMoments(
        SimdContext context, MatrixView<T> truth, MatrixView<T> predictions, int spaces, MatrixView<double> moments) =>
        SplitMoments<S, V, T>.Run(context, truth, predictions, spaces, moments);

    public override void TriangularSquaredNorms(
        SimdContext context, MatrixView<T> R, MatrixView<T> Y, MatrixView<double> norms) =>
        CrossValidationTile<S, V, T>.TriangularSquaredNorms(context, R, Y, norms);

    public override void ResolutionScores(
        SimdContext context, IReadOnlyList<Fold> folds, MatrixView<T> P, MatrixView<T> Y, ScoreKind kind,
        MatrixView<double> scores) =>
        CrossValidationTile<S, V, T>.ResolutionScores(context, folds, P, Y, kind, scores);

    public override void ResidualScores(
        SimdContext context, IReadOnlyList<Fold> folds, T yWeight, MatrixView<T> Q, T* filter, MatrixView<T> Z,
        MatrixView<T> Y,
        MatrixView<T> M, MatrixView<T>? N, ScoreKind kind, MatrixView<double> scores) =>
        CrossValidationTile<S, V, T>.ResidualScores(context, folds, yWeight, Q, filter, Z, Y, M, N, kind, scores);

    public override void WeightedKernelProduct(
        SimdContext context, MatrixView<T> Ks, MatrixView<T> weights, MatrixView<T> W, MatrixView<T> result) =>
        WeightedKernelProduct<S, V, T>.Run(context, Ks, weights, W, result);
}
