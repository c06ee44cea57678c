using System.Numerics;

namespace VemKernels.Simd;

/// <content>Pairwise kernels.</content>
internal abstract unsafe partial class SimdKernels<T>
{
    public abstract void ProductKernel(
        SimdContext context, KernelFunction function, MatrixView<T> A, MatrixView<T> B, MatrixView<T> K,
        CancellationToken cancellation);

    public abstract void CosineKernel(
        SimdContext context, MatrixView<T> A, MatrixView<T> B, MatrixView<T> K, CancellationToken cancellation);

    /// <summary>Distances in T (double), of data of another type.</summary>
    public abstract void RbfKernel<TData>(
        SimdContext context, double gamma, MatrixView<TData> A, MatrixView<TData> B, MatrixView<TData> K,
        CancellationToken cancellation)
        where TData : unmanaged, IBinaryFloatingPointIeee754<TData>;

    /// <summary>
    /// The rbf kernel from products in T (float); what these cannot give closely enough is left to inDouble.
    /// </summary>
    public abstract void RbfKernelFromProducts(
        SimdContext context, double gamma, MatrixView<T> A, MatrixView<T> B, MatrixView<T> K,
        SimdKernels<double> inDouble,
        CancellationToken cancellation);

    public abstract void CenterCrossKernel(
        SimdContext context, MatrixView<T> K, double* trainingColumnMeans, double trainingMean);

    public abstract void ColumnMeansInDouble(SimdContext context, MatrixView<T> A, MatrixView<double> means);
}

/// <content>Pairwise kernels.</content>
internal sealed unsafe partial class SimdKernels<S, V, T>
{
    public override void ProductKernel(
        SimdContext context, KernelFunction function, MatrixView<T> A, MatrixView<T> B, MatrixView<T> K,
        CancellationToken cancellation) =>
        ProductKernel<S, V, T>.Run(context, function, A, B, K, cancellation);

    public override void CosineKernel(
        SimdContext context, MatrixView<T> A, MatrixView<T> B, MatrixView<T> K, CancellationToken cancellation) =>
        ProductKernel<S, V, T>.Cosine(context, A, B, K, cancellation);

    public override void RbfKernel<TData>(
        SimdContext context, double gamma, MatrixView<TData> A, MatrixView<TData> B, MatrixView<TData> K,
        CancellationToken cancellation) =>
        RbfKernel<S, V, T, TData>.Run(context, gamma, A, B, K, cancellation);

    public override void RbfKernelFromProducts(
        SimdContext context, double gamma, MatrixView<T> A, MatrixView<T> B, MatrixView<T> K,
        SimdKernels<double> inDouble,
        CancellationToken cancellation) =>
        CheckedRbfKernel<S, V, T>.Run(context, gamma, A, B, K, inDouble, cancellation);

    public override void CenterCrossKernel(
        SimdContext context, MatrixView<T> K, double* trainingColumnMeans, double trainingMean) =>
        ColumnStatistics<S, V, T>.CenterKernel(context, K, trainingColumnMeans, trainingMean);

    public override void ColumnMeansInDouble(SimdContext context, MatrixView<T> A, MatrixView<double> means) =>
        ColumnStatistics<S, V, T>.Means(context, A, means);
}
