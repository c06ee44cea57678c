using System.Numerics;

namespace VemKernels.Benchmark.Roofs;

/// <summary>
/// Waits for a device: operations may be queued, and a clock that stops before they end measures nothing.
/// </summary>
internal static class Completion
{
    /// <summary>Returns when everything that writes this result has ended: downloads its last element.</summary>
    public static void Await<T>(IBackend backend, DeviceView<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (result.IsEmpty)
        {
            return;
        }

        using Matrix<T> last = new(1, 1);
        backend.Download(result.Block(result.Rows - 1, result.Columns - 1, 1, 1), last.View);
    }
}
