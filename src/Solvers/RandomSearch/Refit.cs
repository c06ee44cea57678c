using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// Weights on all samples for the chosen hyper-parameters, grouped by candidate and alpha: dual weights C y = Q (c .
/// Q'y), or y - Q (d . Q'y) where Q is not complete, or by C itself where alphas have Cholesky factors; primal weights
/// from the design's own factor, or gamma_i X_i' (C y) / alpha.
/// </summary>
internal sealed class Refit<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Features of a space whose weights are made at a time: about as many as a long scan has samples.</summary>
    private const int FeaturesAtOnce = 4096;

    private readonly IBackend _backend;
    private readonly Problem<T> _problem;
    private readonly WorkPlan _plan;
    private readonly Design<T> _design;
    private readonly TargetTiles<T> _tiles;
    private readonly FactorCache<T> _cache;
    private readonly ProgressMeter _meter;
    private readonly CancellationToken _cancellation;

    public Refit(
        IBackend backend, Problem<T> problem, WorkPlan plan, Design<T> design, TargetTiles<T> tiles,
        FactorCache<T> cache, ProgressMeter meter,
        CancellationToken cancellation)
    {
        _backend = backend;
        _problem = problem;
        _plan = plan;
        _design = design;
        _tiles = tiles;
        _cache = cache;
        _meter = meter;
        _cancellation = cancellation;
    }

    private bool IsPrimal => _problem.Options.Weights == WeightKind.Primal;

    /// <summary>Writes weights, and intercepts where there are any.</summary>
    public void Run(SearchState state, RandomSearchResult<T> result)
    {
        _meter.Enter("refit");
        MatrixView<T> weights;
        if (_problem.Weights is { } memory)
        {
            weights = memory;
        }
        else
        {
            result.Weights = Matrix<T>.Uninitialized(_problem.WeightRows, _problem.TargetCount);
            weights = result.Weights.View;
        }

        _cache.KeepOnly(state.Chosen);
        foreach (int candidate in state.Chosen.Order())
        {
            _cancellation.ThrowIfCancellationRequested();
            RefitCandidate(state, candidate, weights);
        }

        if (_problem.Options.FitIntercept)
        {
            _meter.Enter("intercept");
            result.Intercept = new Intercepts<T>(_backend, _problem).Compute(
                result.Deltas.View, weights, _tiles.Means!.View, IsPrimal);
        }
    }

    private void RefitCandidate(SearchState state, int candidate, MatrixView<T> weights)
    {
        RoundedFactors<T>? rounded = _cache.Take(candidate);
        if (rounded is null)
        {
            using Factorisation again = FactorAgain(state, candidate);
            if (again is CholeskyFactorisation cholesky)
            {
                RefitByAlpha(state, candidate, cholesky, weights);
                return;
            }

            rounded = RoundedFactors<T>.From(_backend, (SpectralFactorisation)again);
        }

        using (rounded)
        {
            RefitBySpectrum(state, candidate, rounded, weights);
        }
    }

    private Factorisation FactorAgain(SearchState state, int candidate)
    {
        double smallest = double.PositiveInfinity;
        for (int j = 0; j < state.Candidates.Length; j++)
        {
            smallest = state.Candidates[j] == candidate ? Math.Min(smallest, state.Alphas[j]) : smallest;
        }

        return _design.Factor(_problem.Candidate(candidate), smallest, _cancellation);
    }

    /// <summary>
    /// Where each alpha has a matrix of its own, alphas are the outer loop: C = alpha (K + alpha I)^-1, then C y for the
    /// targets that chose it.
    /// </summary>
    private void RefitByAlpha(
        SearchState state, int candidate, CholeskyFactorisation factors, MatrixView<T> weights)
    {
        ILookup<double, int> byAlpha = Enumerable.Range(0, _problem.TargetCount)
            .Where(j => state.Candidates[j] == candidate).ToLookup(j => state.Alphas[j]);
        foreach (IGrouping<double, int> group in byAlpha.OrderBy(group => group.Key))
        {
            int[] chosen = [.. group];
            using DeviceMatrix<T> residual = factors.ResidualMatrix<T>(group.Key, _cancellation);
            new TileLoop(_plan.Tiles.Width).Run(chosen.Length, (first, count) =>
            {
                int[] targets = chosen[(int)first..(int)(first + count)];
                using TargetTiles<T>.Tile tile = _tiles.Load(targets);
                using DeviceMatrix<T> dual = _backend.Allocate<T>(_problem.Samples, targets.Length);
                _backend.Gemm(1, residual.View, tile.View, 0, dual.View);
                WriteDual(state, candidate, dual.View, targets, weights);
                _meter.Add(_plan.RefitWork * targets.Length);
            }, _cancellation);
        }
    }

    /// <summary>Where one factorisation serves all alphas, tiles of targets in their order are the only loop.</summary>
    private void RefitBySpectrum(
        SearchState state, int candidate, RoundedFactors<T> factors, MatrixView<T> weights)
    {
        using Filters filters = new(_backend, factors.Factors, IsPrimal && factors.Primal is not null, state, candidate);
        List<int> targets = [];
        _plan.Tiles.Run(_problem.TargetCount, (first, count) =>
        {
            targets.Clear();
            for (int j = (int)first; j < first + count; j++)
            {
                if (state.Candidates[j] == candidate)
                {
                    targets.Add(j);
                }
            }

            if (targets.Count > 0)
            {
                RefitTile(state, candidate, factors, filters, (int)first, (int)count, [.. targets], weights);
                _meter.Add(_plan.RefitWork * targets.Count);
            }
        }, _cancellation);
    }

    private void RefitTile(
        SearchState state, int candidate, RoundedFactors<T> factors, Filters filters, int first, int count, int[] targets,
        MatrixView<T> weights)
    {
        using TargetTiles<T>.Tile tile = _tiles.Load(first, count);
        using DeviceMatrix<T> y = _backend.Allocate<T>(_problem.Samples, targets.Length);
        using DeviceMatrix<T> z = _backend.Allocate<T>(factors.Q.Columns, targets.Length);
        using DeviceMatrix<T> filter = _backend.Allocate<T>(factors.Q.Columns, targets.Length);
        if (targets.Length == count)
        {
            _backend.Copy(tile.View, y.View);
        }
        else
        {
            _backend.GatherColumns(tile.View, Array.ConvertAll(targets, j => j - first), y.View);
        }

        _backend.Gemm(1, factors.Q.View.Transposed, y.View, 0, z.View);
        filters.Write(state, targets, filter.View);
        _backend.Multiply(z.View, filter.View, z.View);
        if (IsPrimal && factors.Primal is not null)
        {
            using DeviceMatrix<T> primal = _backend.Allocate<T>(_problem.WeightRows, targets.Length);
            _backend.Gemm(1, factors.Primal.View, z.View, 0, primal.View);
            Scatter(primal.View, targets, weights);
            return;
        }

        bool complete = factors.Factors.IsComplete;
        _backend.Gemm(complete ? 1 : -1, factors.Q.View, z.View, complete ? 0 : 1, y.View);
        WriteDual(state, candidate, y.View, targets, weights);
    }

    /// <summary>Writes C y of some targets, or the primal weights that follow from it.</summary>
    private void WriteDual(SearchState state, int candidate, DeviceView<T> dual, int[] targets, MatrixView<T> weights)
    {
        if (IsPrimal)
        {
            ToPrimal(state, candidate, dual, targets, weights);
        }
        else
        {
            Scatter(dual, targets, weights);
        }
    }

    /// <summary>gamma_i X_i' (C y) / alpha, space by space.</summary>
    private void ToPrimal(SearchState state, int candidate, DeviceView<T> dual, int[] targets, MatrixView<T> weights)
    {
        double[] gamma = _problem.Candidate(candidate);
        using DeviceMatrix<T> inverse = Upload.Column<T>(
            _backend, Array.ConvertAll(targets, j => T.CreateTruncating(1 / state.Alphas[j])));
        _backend.Scale(dual, null, inverse.View, dual);
        nint row = 0;
        for (int i = 0; i < gamma.Length; i++)
        {
            InputMatrix<T> all = _problem.Inputs.FeatureViews![i];
            for (nint first = 0; first < all.Columns; first += FeaturesAtOnce)
            {
                nint columns = Math.Min(FeaturesAtOnce, all.Columns - first);
                ToPrimal(
                    gamma[i], all.SliceColumns(first, columns), dual, targets, weights.SliceRows(row + first, columns));
            }

            row += all.Columns;
        }
    }

    /// <summary>The rows of some features: device memory need not hold all of them.</summary>
    private void ToPrimal(
        double gamma, InputMatrix<T> X, DeviceView<T> dual, int[] targets, MatrixView<T> weights)
    {
        using DeviceMatrix<T> features = _backend.Allocate<T>(X.Rows, X.Columns);
        using DeviceMatrix<T> primal = _backend.Allocate<T>(X.Columns, targets.Length);
        X.CopyTo(_backend, features.View);
        if (_problem.Options.FitIntercept)
        {
            using DeviceMatrix<T> means = _backend.Allocate<T>(1, X.Columns);
            _backend.ColumnMeans(features.View, means.View);
            _backend.SubtractRow(features.View, means.View);
        }

        _backend.Gemm(gamma, features.View.Transposed, dual, 0, primal.View);
        Scatter(primal.View, targets, weights);
    }

    /// <summary>Writes columns of weights: at once where the targets are neighbours.</summary>
    private void Scatter(DeviceView<T> values, int[] targets, MatrixView<T> weights)
    {
        if (targets[^1] - targets[0] == targets.Length - 1)
        {
            _backend.Download(values, weights.SliceColumns(targets[0], targets.Length));
            return;
        }

        using Matrix<T> host = Matrix<T>.Uninitialized(values.Rows, values.Columns);
        _backend.Download(values, host.View);
        MatrixView<T> from = host.View;
        for (nint i = 0; i < from.Rows; i++)
        {
            for (int j = 0; j < targets.Length; j++)
            {
                weights[i, targets[j]] = from[i, j];
            }
        }
    }

    /// <summary>Filters of the alphas that some target of a candidate chose, a column each: c, or d for primal factors
    /// and low rank.</summary>
    private sealed class Filters : IDisposable
    {
        private readonly IBackend _backend;
        private readonly Dictionary<double, int> _columns = [];
        private readonly DeviceMatrix<T> _filters;

        public Filters(
            IBackend backend, SpectralFactorisation factors, bool fromFactor, SearchState state, int candidate)
        {
            _backend = backend;
            for (int j = 0; j < state.Candidates.Length; j++)
            {
                if (state.Candidates[j] == candidate)
                {
                    _columns.TryAdd(state.Alphas[j], _columns.Count);
                }
            }

            using Matrix<T> host = Matrix<T>.Uninitialized(factors.Rank, _columns.Count);
            foreach ((double alpha, int column) in _columns)
            {
                double[] filter = factors.IsComplete && !fromFactor
                    ? factors.ResidualFilter(alpha)
                    : factors.SmootherFilter(alpha);
                for (int i = 0; i < filter.Length; i++)
                {
                    host[i, column] = T.CreateTruncating(filter[i]);
                }
            }

            _filters = Allocation.Of(backend, host.View);
        }

        /// <summary>Each target's filter, r x targets.</summary>
        public void Write(SearchState state, int[] targets, DeviceView<T> filters) =>
            _backend.GatherColumns(_filters.View, Array.ConvertAll(targets, j => _columns[state.Alphas[j]]), filters);

        public void Dispose() => _filters.Dispose();
    }
}
