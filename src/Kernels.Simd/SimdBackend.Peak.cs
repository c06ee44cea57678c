using System.Numerics;

namespace VemKernels.Simd;

/// <content>What the processor could do at most.</content>
public sealed unsafe partial class SimdBackend
{
    /// <inheritdoc/>
    public double MeasurePeak<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Kernels<T>().MeasurePeak(_context);
}
