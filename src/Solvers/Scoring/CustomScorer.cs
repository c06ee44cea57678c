using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers;

/// <summary>
/// Brings tiles of responses and predictions to the host, in double, and asks the caller's score. Host memory serves
/// one tile after another.
/// </summary>
/// <param name="backend">Where responses and predictions are.</param>
/// <param name="score">The caller's.</param>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class CustomScorer<T>(IBackend backend, CustomScore score) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Doubles for one row of one target: truth and prediction on the host, and one of them on its way there.
    /// </summary>
    public const int DoublesPerElement = 3;

    private readonly HostBuffer<double> _truth = new();
    private readonly HostBuffer<double> _predictions = new();
    private readonly HostBuffer<double> _scores = new();

    /// <summary>Memory for the scores of some tiles, rows x targets of a tile; undefined until written.</summary>
    public MatrixView<double> Scores(nint rows, nint targets) => _scores.View(rows, targets);

    /// <summary>Writes scores; those that the caller leaves unwritten are NaN.</summary>
    /// <param name="truth">rows x tile.</param>
    /// <param name="predictions">rows x tile.</param>
    /// <param name="scores">One a target of the tile.</param>
    public void Run(DeviceView<T> truth, DeviceView<T> predictions, Span<double> scores)
    {
        MatrixView<double> hostTruth = ToHost(truth, _truth);
        MatrixView<double> hostPredictions = ToHost(predictions, _predictions);
        scores.Fill(double.NaN);
        score(hostTruth, hostPredictions, scores);
    }

    public void Dispose()
    {
        _truth.Dispose();
        _predictions.Dispose();
        _scores.Dispose();
    }

    private MatrixView<double> ToHost(DeviceView<T> view, HostBuffer<double> buffer)
    {
        using DeviceLease<double> wide = backend.Rent<double>(view.Rows, view.Columns);
        backend.Copy(view, wide.View);
        MatrixView<double> host = buffer.View(view.Rows, view.Columns);
        backend.Download(wide.View, host);
        return host;
    }
}
