namespace VemKernels.Benchmark.Roofs;

/// <summary>What work needs at least.</summary>
/// <param name="SingleFlops">Floating-point operations in float.</param>
/// <param name="DoubleFlops">Floating-point operations in double.</param>
/// <param name="Bytes">Bytes of inputs and outputs, each counted once.</param>
internal sealed record WorkCost(double SingleFlops, double DoubleFlops, double Bytes)
{
    /// <summary>Operations and elements, all of one type.</summary>
    public static unsafe WorkCost Of<T>(double flops, double elements)
        where T : unmanaged =>
        typeof(T) == typeof(float) ? new(flops, 0, elements * sizeof(T)) : new(0, flops, elements * sizeof(T));
}
