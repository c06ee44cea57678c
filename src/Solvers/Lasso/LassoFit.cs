using System.Numerics;
using VemKernels.Solvers.Designs;
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
    private readonly ProximalGradient<T> _method;
    private readonly HostBuffer<T> _thresholds = new();
    private readonly HostBuffer<T> _ordered = new();
    private double _workOfIteration;
    private double _reported;

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
        _method = new ProximalGradient<T>(
            backend, problem.Groups.Ends, problem.Options, ReportIteration, cancellation);
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
    /// <param name="training">The samples to fit.</param>
    /// <param name="data">X'Y in Gram form, else Y, of the tile's targets.</param>
    /// <param name="penalties">Of the targets, or one for all.</param>
    /// <param name="first">The tile's first target among the penalties.</param>
    /// <param name="weights">features x targets: where to start; receives the solution.</param>
    /// <param name="iterations">Receives how many iterations each target took.</param>
    /// <param name="converged">Receives whether each target met the tolerance.</param>
    public void Descend(
        TrainingSet<T> training, DeviceView<T> data, Penalties penalties, nint first, DeviceView<T> weights,
        Span<int> iterations, Span<bool> converged)
    {
        double all = Work(weights.Columns);
        _workOfIteration = all / _problem.Options.MaxIterations;
        _reported = 0;
        MatrixView<T> thresholds = _thresholds.View(2, weights.Columns);
        penalties.WriteThresholds(training.Samples * training.Step, first, thresholds);
        _method.Run(training, data, thresholds, weights, iterations, converged);
        _meter.Add(all - _reported);
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
                using DeviceLease<T> Y = training.Responses(responses, out DeviceLease<T> means);
                using DeviceLease<T> targetMeans = means;
                using DeviceLease<T> projections = training.Projections(Y.View);
                using DeviceLease<T> W = _backend.Rent<T>(_problem.KeptFeatures, count);
                LoadWeights(initial?.SliceColumns(first, count), W.View);
                Descend(
                    training, projections.IsHeld ? projections.View : Y.View, penalties, first, W.View,
                    result.Iterations.AsSpan((int)first, (int)count),
                    result.Converged.AsSpan((int)first, (int)count));
                StoreWeights(W.View, weights.SliceColumns(first, count));
                if (targetMeans.IsHeld)
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
        _method.Dispose();
        _thresholds.Dispose();
        _ordered.Dispose();
    }

    private void ReportIteration()
    {
        _reported += _workOfIteration;
        _meter.Add(_workOfIteration);
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

        using DeviceLease<T> all = Rented.Of(_backend, host);
        _backend.GatherRows(all.View, _problem.Groups.Order, weights);
    }

    /// <summary>Weights to the features they belong to; zeros to those that are ignored.</summary>
    private void StoreWeights(DeviceView<T> weights, MatrixView<T> destination)
    {
        MatrixView<T> ordered = _ordered.View(weights.Rows, weights.Columns);
        _backend.Download(weights, ordered);
        destination.Fill(T.Zero);
        for (int i = 0; i < _problem.Groups.Order.Length; i++)
        {
            ordered.SliceRows(i, 1).CopyTo(destination.SliceRows(_problem.Groups.Order[i], 1));
        }
    }
}
