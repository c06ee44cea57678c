using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.Weighted;

/// <summary>
/// Tiles of responses as they are solved for (centred, scaled by sample weights), and of weights on their way back to
/// the given problem, with the intercepts that go with them.
/// </summary>
internal sealed class SolutionColumns<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly TargetReader<T> _reader;
    private readonly nint _samples;
    private readonly SampleScaling _scaling;
    private readonly bool _isDual;
    private readonly Matrix<T>? _ownedWeights;
    private readonly HostBuffer<T> _host = new();
    private readonly MatrixView<T> _weights;

    /// <summary>Allocates the results.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="targets">Responses.</param>
    /// <param name="scaling">What is done to them.</param>
    /// <param name="rows">Rows of the weights.</param>
    /// <param name="isDual">Whether a row of the weights is a sample, so that sample weights scale it.</param>
    /// <param name="memory">The caller's memory for weights.</param>
    public SolutionColumns(
        IBackend backend, TargetSource<T> targets, SampleScaling scaling, nint rows, bool isDual, MatrixView<T>? memory)
    {
        _backend = backend;
        _samples = targets.Samples;
        _reader = new TargetReader<T>(backend, targets);
        _scaling = scaling;
        _isDual = isDual;
        _ownedWeights = memory is null ? Matrix<T>.Uninitialized(rows, targets.Targets) : null;
        _weights = memory ?? _ownedWeights!.View;
        Intercept = scaling.HasIntercept ? new Matrix<T>(1, targets.Targets) : null;
    }

    /// <summary>Weights, where the caller gave no memory for them.</summary>
    public Matrix<T>? OwnedWeights => _ownedWeights;

    /// <summary>Intercepts of the targets stored so far.</summary>
    public Matrix<T>? Intercept { get; }

    /// <summary>Responses first, first + 1, ... Dispose them.</summary>
    public DeviceLease<T> Load(int first, int count) => Rented.Filled<T, (SolutionColumns<T> Columns, int First)>(
        _backend, _samples, count, (this, first), static (on, tile) => on.Columns.Load(on.First, tile));

    /// <summary>Stores weights, and intercepts mean(y) - sum_i rowWeight_i row_i w.</summary>
    /// <param name="first">The first target.</param>
    /// <param name="solution">Weights of the scaled problem, a target a column; changed.</param>
    /// <param name="meanRows">What the inputs' means are, rows x weights, where there is an intercept.</param>
    /// <param name="rowWeight">Weight of (mean row, target).</param>
    public void Store(int first, DeviceView<T> solution, DeviceView<T>? meanRows, Func<int, int, double> rowWeight)
    {
        int count = (int)solution.Columns;
        if (_isDual)
        {
            _scaling.ToGiven(solution);
        }

        _backend.Download(solution, _weights.SliceColumns(first, count));
        if (meanRows is not { } rows)
        {
            return;
        }

        using DeviceLease<T> products = _backend.Rent<T>(rows.Rows, count);
        MatrixView<T> host = _host.View(rows.Rows, count);
        _backend.Gemm(1, rows, solution, 0, products.View);
        _backend.Download(products.View, host);
        for (int j = 0; j < count; j++)
        {
            double intercept = double.CreateTruncating(Intercept![0, first + j]);
            for (int i = 0; i < rows.Rows; i++)
            {
                intercept -= rowWeight(i, first + j) * double.CreateTruncating(host[i, j]);
            }

            Intercept[0, first + j] = T.CreateTruncating(intercept);
        }
    }

    /// <summary>Frees what tiles passed through.</summary>
    public void EndTiles()
    {
        _reader.Dispose();
        _host.Dispose();
    }

    /// <summary>Frees the results: for calls that fail.</summary>
    public void Dispose()
    {
        _ownedWeights?.Dispose();
        Intercept?.Dispose();
    }

    private void Load(int first, DeviceView<T> tile)
    {
        _reader.Read(first, tile);
        using DeviceLease<T> means = _scaling.ApplyToColumns(tile);
        if (means.IsHeld)
        {
            _backend.Download(means.View, Intercept!.View.SliceColumns(first, tile.Columns));
        }
    }
}
