namespace VemKernels.Simd;

internal abstract unsafe partial class SimdKernels<T>
{
    public abstract void IndexedKernelProduct(
        SimdContext context, in IndexedKernels<T> kernels, MatrixView<T> weights, MatrixView<T> W,
        MatrixView<T> result);

    public abstract void KernelProductMoments(
        SimdContext context, in IndexedKernels<T> kernels, MatrixView<T> weights, MatrixView<T> W, MatrixView<T> Y,
        MatrixView<T> predictions,
        MatrixView<double> gradient, MatrixView<double> hessian);

    public abstract void KernelProductDots(
        SimdContext context, in IndexedKernels<T> kernels, MatrixView<T> weights, MatrixView<T> W, MatrixView<T> V,
        MatrixView<double> dots);
}

internal sealed unsafe partial class SimdKernels<S, V, T>
{
    public override void IndexedKernelProduct(
        SimdContext context, in IndexedKernels<T> kernels, MatrixView<T> weights, MatrixView<T> W,
        MatrixView<T> result) =>
        IndexedKernelProduct<S, V, T>.Run(context, kernels, weights, W, result);

    public override void KernelProductMoments(
        SimdContext context, in IndexedKernels<T> kernels, MatrixView<T> weights, MatrixView<T> W, MatrixView<T> Y,
        MatrixView<T> predictions,
        MatrixView<double> gradient, MatrixView<double> hessian) =>
        KernelProductReduction<S, V, T>.Moments(context, kernels, weights, W, Y, predictions, gradient, hessian);

    public override void KernelProductDots(
        SimdContext context, in IndexedKernels<T> kernels, MatrixView<T> weights, MatrixView<T> W, MatrixView<T> V,
        MatrixView<double> dots) =>
        KernelProductReduction<S, V, T>.Dots(context, kernels, weights, W, V, dots);
}
