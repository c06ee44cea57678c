namespace VemKernels.Simd;

/// <content>Proximal gradient descent.</content>
internal abstract partial class SimdKernels<T>
{
    public abstract void SparseGroupProximalStep(
        SimdContext context, T step, T momentum, ReadOnlySpan<int> groupEnds, MatrixView<T>? linear,
        MatrixView<T> thresholds,
        MatrixView<T> active,
        MatrixView<T> gradient, MatrixView<T> point, MatrixView<T> weights, MatrixView<double> changes);
}

/// <content>Proximal gradient descent.</content>
internal sealed partial class SimdKernels<S, V, T>
{
    public override void SparseGroupProximalStep(
        SimdContext context, T step, T momentum, ReadOnlySpan<int> groupEnds, MatrixView<T>? linear,
        MatrixView<T> thresholds,
        MatrixView<T> active,
        MatrixView<T> gradient, MatrixView<T> point, MatrixView<T> weights, MatrixView<double> changes) =>
        SparseGroupProximalStep<S, V, T>.Run(
            context, step, momentum, groupEnds, linear, thresholds, active, gradient, point, weights, changes);
}
