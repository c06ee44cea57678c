using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers;

/// <summary>
/// Scores of predictions, and how they split over feature spaces. Predictions split over m spaces are stacked by rows:
/// space i of an (m samples) x targets matrix is in rows i samples to i samples + samples.
/// </summary>
public static class Scores
{
    /// <summary>Targets at a time.</summary>
    private const int Tile = 2048;

    /// <summary>
    /// Targets at a time where nothing is copied: enough that all threads have work until the end of a tile, and few
    /// moments in all.
    /// </summary>
    private const int SharedTile = 32768;

    /// <summary>Scores each target's predictions.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="kind">Which score.</param>
    /// <param name="truth">Measured, samples x targets.</param>
    /// <param name="predictions">Predicted, samples x targets.</param>
    /// <returns>1 x targets.</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Matrix<T> Of<T>(IBackend backend, ScoreKind kind, MatrixView<T> truth, MatrixView<T> predictions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Of(backend, kind, (InputMatrix<T>)truth, (InputMatrix<T>)predictions);

    /// <summary>The same of matrices wherever they lie; see <see cref="InputMatrix{T}"/>.</summary>
    public static Matrix<T> Of<T>(IBackend backend, ScoreKind kind, InputMatrix<T> truth, InputMatrix<T> predictions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputShapes.Require(predictions, truth.Rows, truth.Columns, nameof(predictions));
        Matrix<T> result = new(1, truth.Columns);
        using HostBuffer<double> host = new();
        using InputColumns<T> measured = new(backend, truth);
        using InputColumns<T> predicted = new(backend, predictions);
        ForTiles(backend, WithoutCopies(backend), truth.Columns, (first, count) =>
        {
            using DeviceOperand<T> y = measured.Load(first, count);
            using DeviceOperand<T> p = predicted.Load(first, count);
            Write(backend, kind, y.View, p.View, result.View.SliceColumns(first, count), host);
        });
        return result;
    }

    /// <summary>
    /// R2 split over spaces by the product measure, sum_t (2 y p_i - p_i p) / sum_t y^2 with p the joint prediction:
    /// the parts add up to the joint r2 of zero-mean targets (Dupre la Tour et al. 2022, section 2.6). Without
    /// correlations p_i p becomes p_i^2.
    /// </summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="truth">Measured, samples x targets, zero-mean over samples.</param>
    /// <param name="predictions">Stacked by space, (spaces samples) x targets.</param>
    /// <param name="spaces">How many spaces.</param>
    /// <param name="includeCorrelation">Whether products between spaces count.</param>
    /// <returns>spaces x targets; 0 where y is all zero.</returns>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Matrix<T> R2Split<T>(
        IBackend backend, MatrixView<T> truth, MatrixView<T> predictions, int spaces, bool includeCorrelation = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        R2Split(backend, (InputMatrix<T>)truth, (InputMatrix<T>)predictions, spaces, includeCorrelation);

    /// <summary>The same of matrices wherever they lie; see <see cref="InputMatrix{T}"/>.</summary>
    public static Matrix<T> R2Split<T>(
        IBackend backend, InputMatrix<T> truth, InputMatrix<T> predictions, int spaces, bool includeCorrelation = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputShapes.Require(predictions, spaces * truth.Rows, truth.Columns, nameof(predictions));
        Matrix<T> result = new(spaces, truth.Columns);
        using HostBuffer<double> host = new();
        using InputColumns<T> measured = new(backend, truth);
        using InputColumns<T> predicted = new(backend, predictions);
        ForTiles(backend, WithoutCopies(backend), truth.Columns, (first, count) =>
        {
            using DeviceOperand<T> y = measured.Load(first, count);
            using DeviceOperand<T> p = predicted.Load(first, count);
            MatrixView<double> moments = Moments(backend, y.View, p.View, spaces, host);
            WriteR2Split(moments, spaces, includeCorrelation, result.View.SliceColumns(first, count));
        });
        return result;
    }

    /// <summary>
    /// The joint correlation split over spaces: each space's covariance with y over the product of the joint standard
    /// deviations, so that the parts add up to it.
    /// </summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="truth">Measured, samples x targets.</param>
    /// <param name="predictions">Stacked by space, (spaces samples) x targets.</param>
    /// <param name="spaces">How many spaces.</param>
    /// <returns>spaces x targets; 0 where y or the joint prediction is constant.</returns>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Matrix<T> CorrelationSplit<T>(
        IBackend backend, MatrixView<T> truth, MatrixView<T> predictions, int spaces)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        CorrelationSplit(backend, (InputMatrix<T>)truth, (InputMatrix<T>)predictions, spaces);

    /// <summary>The same of matrices wherever they lie; see <see cref="InputMatrix{T}"/>.</summary>
    public static Matrix<T> CorrelationSplit<T>(
        IBackend backend, InputMatrix<T> truth, InputMatrix<T> predictions, int spaces)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputShapes.Require(predictions, spaces * truth.Rows, truth.Columns, nameof(predictions));
        Matrix<T> result = new(spaces, truth.Columns);
        using HostBuffer<double> host = new();
        ForTiles(backend, Tile, truth.Columns, (first, count) =>
        {
            using DeviceLease<T> y = Rented.Of(backend, truth.SliceColumns(first, count));
            using DeviceLease<T> p = Rented.Of(backend, predictions.SliceColumns(first, count));
            Centre(backend, y.View);
            for (int i = 0; i < spaces; i++)
            {
                Centre(backend, p.View.SliceRows(i * truth.Rows, truth.Rows));
            }

            MatrixView<double> moments = Moments(backend, y.View, p.View, spaces, host);
            WriteCorrelationSplit(moments, spaces, result.View.SliceColumns(first, count));
        });
        return result;
    }

    /// <summary>
    /// R2 split over spaces by relative weights (Johnson 2000): the split predictions of a target, samples x spaces,
    /// are regressed on the orthonormal set closest to them, found by a thin SVD a target.
    /// </summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="truth">Measured, samples x targets, zero-mean over samples.</param>
    /// <param name="predictions">Stacked by space, (spaces samples) x targets.</param>
    /// <param name="spaces">How many spaces.</param>
    /// <returns>spaces x targets, adding up to the joint r2.</returns>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static Matrix<T> R2SplitByRelativeWeights<T>(
        IBackend backend, MatrixView<T> truth, MatrixView<T> predictions, int spaces)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        R2SplitByRelativeWeights(backend, (InputMatrix<T>)truth, (InputMatrix<T>)predictions, spaces);

    /// <summary>The same of matrices wherever they lie; see <see cref="InputMatrix{T}"/>.</summary>
    public static Matrix<T> R2SplitByRelativeWeights<T>(
        IBackend backend, InputMatrix<T> truth, InputMatrix<T> predictions, int spaces)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputShapes.Require(predictions, spaces * truth.Rows, truth.Columns, nameof(predictions));
        Matrix<T> result = new(spaces, truth.Columns);
        ForTiles(backend, Tile, truth.Columns, (first, count) =>
            RelativeWeights.Write(
                backend, truth.SliceColumns(first, count), predictions.SliceColumns(first, count), spaces,
                result.View.SliceColumns(first, count)));
        return result;
    }

    /// <summary>
    /// Joint r2, joint correlation and r2 split of one tile of split predictions that is on the device already.
    /// </summary>
    internal static void OfTile<T>(
        IBackend backend, DeviceView<T> truth, DeviceView<T> predictions, int spaces, MatrixView<T> r2,
        MatrixView<T> correlation, MatrixView<T> split, HostBuffer<double> host)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint n = truth.Rows;
        using DeviceLease<T> joint = backend.Rent<T>(n, truth.Columns);
        backend.Copy(predictions.SliceRows(0, n), joint.View);
        for (int i = 1; i < spaces; i++)
        {
            backend.AddScaled(1, predictions.SliceRows(i * n, n), joint.View);
        }

        Write(backend, ScoreKind.R2, truth, joint.View, r2, host);
        Write(backend, ScoreKind.Correlation, truth, joint.View, correlation, host);
        MatrixView<double> moments = Moments(backend, truth, predictions, spaces, host);
        WriteR2Split(moments, spaces, includeCorrelation: true, split);
    }

    private static void WriteR2Split<T>(
        MatrixView<double> moments, int spaces, bool includeCorrelation, MatrixView<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint j = 0; j < result.Columns; j++)
        {
            double total = moments[0, j];
            for (int i = 0; i < spaces; i++)
            {
                double products = 0;
                for (int k = 0; k < spaces; k++)
                {
                    products += includeCorrelation || k == i ? moments[1 + spaces + (i * spaces) + k, j] : 0;
                }

                result[i, j] = total == 0 ? T.Zero : T.CreateTruncating(((2 * moments[1 + i, j]) - products) / total);
            }
        }
    }

    private static void WriteCorrelationSplit<T>(MatrixView<double> moments, int spaces, MatrixView<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint j = 0; j < result.Columns; j++)
        {
            double joint = 0;
            for (int k = 0; k < spaces * spaces; k++)
            {
                joint += moments[1 + spaces + k, j];
            }

            double scale = Math.Sqrt(moments[0, j]) * Math.Sqrt(Math.Max(0, joint));
            for (int i = 0; i < spaces; i++)
            {
                result[i, j] = scale == 0 ? T.Zero : T.CreateTruncating(moments[1 + i, j] / scale);
            }
        }
    }

    private static void Write<T>(
        IBackend backend, ScoreKind kind, DeviceView<T> y, DeviceView<T> p, MatrixView<T> result,
        HostBuffer<double> host)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DeviceLease<double> scores = backend.Rent<double>(1, y.Columns);
        backend.Score(kind, y, p, scores.View);
        MatrixView<double> found = host.View(1, y.Columns);
        backend.Download(scores.View, found);
        for (nint j = 0; j < y.Columns; j++)
        {
            result[0, j] = T.CreateTruncating(found[0, j]);
        }
    }

    /// <summary>Moments on the host, until the buffer is used again.</summary>
    private static MatrixView<double> Moments<T>(
        IBackend backend, DeviceView<T> y, DeviceView<T> p, int spaces, HostBuffer<double> host)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = 1 + spaces + (spaces * spaces);
        using DeviceLease<double> moments = backend.Rent<double>(rows, y.Columns);
        backend.SplitMoments(y, p, spaces, moments.View);
        MatrixView<double> found = host.View(rows, y.Columns);
        backend.Download(moments.View, found);
        return found;
    }

    private static void Centre<T>(IBackend backend, DeviceView<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DeviceLease<T> means = backend.Rent<T>(1, matrix.Columns);
        backend.ColumnMeans(matrix, means.View);
        backend.SubtractRow(matrix, means.View);
    }

    /// <summary>Targets at a time of work that copies only where the device has memory of its own.</summary>
    private static nint WithoutCopies(IBackend backend) => backend.Info.SharesHostMemory ? SharedTile : Tile;

    private static void ForTiles(IBackend backend, nint tile, nint targets, Action<nint, nint> body) =>
        new TileLoop(tile, backend).Run(targets, body, CancellationToken.None);
}
