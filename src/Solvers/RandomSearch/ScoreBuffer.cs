using System.Numerics;
using System.Runtime.CompilerServices;
using VemKernels.Solvers.CrossValidation;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>Memory for the scores of a tile, on the device and on the host, that serves one tile after
/// another.</summary>
internal sealed class ScoreBuffer<T>(IBackend backend) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private DeviceMatrix<double>? _device;
    private Matrix<double>? _host;
    private double[] _means = [];

    /// <summary>
    /// Scores averaged over folds, one a target of the tile, until the next call. Means that are not finite are <see
    /// cref="ScoreTable.Unusable"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReadOnlySpan<double> Evaluate(AlphaEvaluator<T> evaluator, TileData<T> tile)
    {
        int targets = (int)tile.Y.Columns;
        MatrixView<double> scores = EvaluateFolds(evaluator, tile);
        if (_means.Length < targets)
        {
            _means = new double[targets];
        }

        for (int j = 0; j < targets; j++)
        {
            double sum = 0;
            for (nint f = 0; f < scores.Rows; f++)
            {
                sum += scores[f, j];
            }

            double mean = evaluator.Sign * sum / scores.Rows;
            _means[j] = double.IsFinite(mean) ? mean : ScoreTable.Unusable;
        }

        return _means.AsSpan(0, targets);
    }

    /// <summary>Scores by fold, up to the evaluator's sign, until the next call.</summary>
    public MatrixView<double> EvaluateFolds(AlphaEvaluator<T> evaluator, TileData<T> tile)
    {
        nint rows = evaluator.ScoreRows;
        nint columns = tile.Y.Columns;
        if (_device is null || _device.Rows < rows || _device.Columns < columns)
        {
            nint tall = Math.Max(rows, _device?.Rows ?? 0);
            nint wide = Math.Max(columns, _device?.Columns ?? 0);
            Dispose();
            _device = backend.Allocate<double>(tall, wide);
            _host = Matrix<double>.Uninitialized(tall, wide);
        }

        DeviceView<double> device = _device.View.Block(0, 0, rows, columns);
        MatrixView<double> host = _host!.View.Block(0, 0, rows, columns);
        evaluator.Evaluate(tile, device);
        backend.Download(device, host);
        return host;
    }

    public void Dispose()
    {
        _device?.Dispose();
        _host?.Dispose();
        (_device, _host) = (null, null);
    }
}
