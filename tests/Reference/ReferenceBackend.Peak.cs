using System.Diagnostics;
using System.Numerics;

namespace VemKernels.Reference;

/// <content>What plain loops reach.</content>
public sealed partial class ReferenceBackend
{
    private const int PeakSteps = 1 << 20;

    /// <inheritdoc/>
    public double MeasurePeak<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long start = Stopwatch.GetTimestamp();
        T sum = T.Zero;
        for (int i = 0; i < PeakSteps; i++)
        {
            sum += sum * T.One;
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return T.IsFinite(sum) ? 2.0 * PeakSteps / seconds : 0;
    }
}
