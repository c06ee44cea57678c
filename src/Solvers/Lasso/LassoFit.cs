using System.Numerics;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers.Lasso;

/// <summary>
/// Features on the device in the order of the groups, and the fit of all targets with given penalties, tile by tile.
/// </summary>
internal sealed class LassoFit<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly LassoProblem<T> _problem;
    private readonly LassoPlan _plan;
    private readonly ProgressMeter _meter;
    private readonly CancellationToken _cancellation;
    private readonly DeviceMatrix<T> _features;
    private readonly TargetTiles<T> _tiles;

    public LassoFit(
        IBackend backend, LassoProblem<T> problem, LassoPlan plan, ProgressMeter meter, CancellationToken cancellation)
    {
        _backend = backend;
        _problem = problem;
        _plan = plan;
        _meter = meter;
        _cancellation = cancellation;
        _features = LoadFeatures();
        _tiles = new TargetTiles<T>(backend, problem.Targets, centre: false, keep: false, plan.Tile, cancellation);
    }

    /// <summary>Features of all samples, those that are ignored left out.</summary>
    public DeviceView<T> Features => _features.View;

    /// <summary>body(first target, responses of a tile), as <see cref="TileLoop.Run"/> calls it.</summary>
    public void ForTiles(Action<nint, DeviceView<T>> body)
    {
        _plan.Tiles.Run(_problem.TargetCount, (first, count) =>
        {
            using TargetTiles<T>.Tile tile = _tiles.Load(first, count);
            body(first, tile.View);
        }, _cancellation);
    }

    /// <summary>What gradients need of some samples.</summary>
    public TrainingSet<T> Train(ReadOnlySpan<int> rows, double? lipschitz = null)
    {
        _cancellation.ThrowIfCancellationRequested();
        return new TrainingSet<T>(
            _backend, Features, rows, _plan.UseGram, _problem.Options.FitIntercept, lipschitz, _cancellation);
    }

    /// <summary>Work of one set of penalties on so many targets, in units of progress.</summary>
    public static double Work(nint targets) => targets;

    /// <summary>
    /// Descends, and reports progress as if all iterations were needed, until it is known that they are not.
    /// </summary>
    public void Descend(
        TrainingSet<T> training, DeviceView<T> data, MatrixView<T> thresholds, DeviceView<T> weights,
        Span<int> iterations,
        Span<bool> converged)
    {
        ProximalGradient<T> method = new(_backend, training, _problem.Groups.Ends, _problem.Options);
        double all = Work(weights.Columns);
        double each = all / _problem.Options.MaxIterations;
        double reported = 0;
        method.Run(
            data, thresholds, weights, iterations, converged,
            () =>
            {
                reported += each;
                _meter.Add(each);
            },
            _cancellation);
        _meter.Add(all - reported);
    }

    /// <summary>Fits all targets to all samples.</summary>
    /// <param name="penalties">One for all targets, or one a target.</param>
    /// <param name="initial">Where to start, features x targets; null for zeros.</param>
    /// <param name="lipschitz">The Lipschitz constant, where the caller knows it.</param>
    public SparseGroupLassoResult<T> FitAll(Penalties penalties, MatrixView<T>? initial, double? lipschitz)
    {
        SparseGroupLassoResult<T> result = new(
            _problem.Features.Columns, _problem.TargetCount, _problem.Weights is null, _problem.Options.FitIntercept);
        try
        {
            using TrainingSet<T> training = Train([.. Enumerable.Range(0, _problem.Samples)], lipschitz);
            result.Lipschitz = training.Lipschitz;
            MatrixView<T> weights = _problem.Weights ?? result.Weights!.View;
            ForTiles((first, responses) =>
            {
                nint count = responses.Columns;
                using DeviceMatrix<T> Y = training.Responses(responses, out DeviceMatrix<T>? means);
                using DeviceMatrix<T>? targetMeans = means;
                using DeviceMatrix<T>? projections = training.UsesGram ? training.Projections(Y.View) : null;
                using DeviceMatrix<T> W = _backend.Allocate<T>(_problem.KeptFeatures, count);
                LoadWeights(initial?.SliceColumns(first, count), W.View);
                using Matrix<T> thresholds = penalties.Thresholds<T>(training.Samples * training.Step, first, count);
                Descend(
                    training, (projections ?? Y).View, thresholds.View, W.View,
                    result.Iterations.AsSpan((int)first, (int)count),
                    result.Converged.AsSpan((int)first, (int)count));
                StoreWeights(W.View, weights.SliceColumns(first, count));
                if (targetMeans is not null)
                {
                    // intercept = mean y - (mean x) w
                    _backend.Gemm(-1, training.Means!.Value, W.View, 1, targetMeans.View);
                    _backend.Download(targetMeans.View, result.Intercept!.View.SliceColumns(first, count));
                }
            });
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _features.Dispose();
        _tiles.Dispose();
    }

    private DeviceMatrix<T> LoadFeatures()
    {
        InputMatrix<T> given = _problem.Features;
        DeviceMatrix<T> all = _backend.Allocate<T>(given.Rows, given.Columns);
        given.CopyTo(_backend, all.View);
        if (_problem.Groups.IsIdentity && _problem.KeptFeatures == given.Columns)
        {
            return all;
        }

        using (all)
        {
            DeviceMatrix<T> ordered = _backend.Allocate<T>(given.Rows, _problem.KeptFeatures);
            _backend.GatherColumns(all.View, _problem.Groups.Order, ordered.View);
            return ordered;
        }
    }

    private void LoadWeights(MatrixView<T>? initial, DeviceView<T> weights)
    {
        if (initial is not { } host)
        {
            _backend.Fill(weights, 0);
            return;
        }

        using DeviceMatrix<T> all = _backend.Allocate<T>(host.Rows, host.Columns);
        _backend.Upload(host, all.View);
        _backend.GatherRows(all.View, _problem.Groups.Order, weights);
    }

    /// <summary>Weights to the features they belong to; zeros to those that are ignored.</summary>
    private void StoreWeights(DeviceView<T> weights, MatrixView<T> destination)
    {
        using Matrix<T> ordered = Matrix<T>.Uninitialized(weights.Rows, weights.Columns);
        _backend.Download(weights, ordered.View);
        destination.Fill(T.Zero);
        for (int i = 0; i < _problem.Groups.Order.Length; i++)
        {
            ordered.View.SliceRows(i, 1).CopyTo(destination.SliceRows(_problem.Groups.Order[i], 1));
        }
    }
}
