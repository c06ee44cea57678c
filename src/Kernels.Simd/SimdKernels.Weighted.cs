namespace VemKernels.Simd;

/// <content>Operations on columns that each have a factor of their own.</content>
internal abstract unsafe partial class SimdKernels<T>
{
    public abstract void ColumnDots(SimdContext context, MatrixView<T> A, MatrixView<T> B, MatrixView<double> dots);

    public abstract void CombineColumns(
        SimdContext context, MatrixView<T> A, T* aFactors, T* bFactors, MatrixView<T> B);

    public abstract void ColumnMaxRatios(
        SimdContext context, MatrixView<T> A, MatrixView<T> B, MatrixView<double> ratios);
}

/// <content>Operations on columns that each have a factor of their own.</content>
internal sealed unsafe partial class SimdKernels<S, V, T>
{
    public override void ColumnDots(SimdContext context, MatrixView<T> A, MatrixView<T> B, MatrixView<double> dots) =>
        ColumnStatistics<S, V, T>.Dots(context, A, B, dots);

    public override void CombineColumns(
        SimdContext context, MatrixView<T> A, T* aFactors, T* bFactors, MatrixView<T> B) =>
        ColumnOperations<S, V, T>.Combine(context, A, aFactors, bFactors, B);

    public override void ColumnMaxRatios(
        SimdContext context, MatrixView<T> A, MatrixView<T> B, MatrixView<double> ratios) =>
        ColumnOperations<S, V, T>.MaxRatios(context, A, B, ratios);
}
