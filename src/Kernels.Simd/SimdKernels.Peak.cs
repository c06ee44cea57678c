namespace VemKernels.Simd;

internal abstract unsafe partial class SimdKernels<T>
{
    public abstract double MeasurePeak(SimdContext context);
}

internal sealed unsafe partial class SimdKernels<S, V, T>
{
    public override double MeasurePeak(SimdContext context) => PeakRate<S, V, T>.Measure(context);
}
