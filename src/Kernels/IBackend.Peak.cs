using System.Numerics;

namespace VemKernels;

/// <content>What the device could do at most.</content>
public partial interface IBackend
{
    /// <summary>
    /// Floating-point operations a second that bare multiply-adds reach on all threads, measured now; takes some tens
    /// of milliseconds. The ceiling that level-3 operations are judged by.
    /// </summary>
    double MeasurePeak<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
