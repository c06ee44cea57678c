using System.Numerics;

namespace VemKernels.Estimators;

/// <summary>
/// Predictions of new samples, a tile of targets at a time; what the new samples need is on the device already.
/// </summary>
internal abstract class TilePredictor<T>(nint samples, int spaces) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>New samples.</summary>
    public nint Samples { get; } = samples;

    /// <summary>Feature spaces or kernels, whose predictions add up.</summary>
    public int Spaces { get; } = spaces;

    /// <summary>
    /// Writes joint predictions (samples x tile), or stacked by space ((spaces samples) x tile); without intercept.
    /// </summary>
    /// <param name="first">First target of the tile.</param>
    /// <param name="split">Whether by space.</param>
    /// <param name="tile">Receives the predictions.</param>
    public abstract void Predict(nint first, bool split, MatrixView<T> tile);

    /// <inheritdoc/>
    public abstract void Dispose();
}
