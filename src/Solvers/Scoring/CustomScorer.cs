using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>Brings a tile of responses and predictions to the host, in double, and asks the caller's score.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal static class CustomScorer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Doubles for one row of one target: truth and prediction on the host, and one of them on its way there.
    /// </summary>
    public const int DoublesPerElement = 3;

    /// <summary>Writes scores; those that the caller leaves unwritten are NaN.</summary>
    /// <param name="backend">Where the two are.</param>
    /// <param name="score">The caller's.</param>
    /// <param name="truth">rows x tile.</param>
    /// <param name="predictions">rows x tile.</param>
    /// <param name="scores">One a target of the tile.</param>
    public static void Run(
        IBackend backend, CustomScore score, DeviceView<T> truth, DeviceView<T> predictions, Span<double> scores)
    {
        using Matrix<double> hostTruth = ToHost(backend, truth);
        using Matrix<double> hostPredictions = ToHost(backend, predictions);
        scores.Fill(double.NaN);
        score(hostTruth.View, hostPredictions.View, scores);
    }

    private static Matrix<double> ToHost(IBackend backend, DeviceView<T> view)
    {
        using DeviceMatrix<double> wide = backend.Allocate<double>(view.Rows, view.Columns);
        backend.Copy(view, wide.View);
        Matrix<double> host = Matrix<double>.Uninitialized(view.Rows, view.Columns);
        backend.Download(wide.View, host.View);
        return host;
    }
}
