using System.Numerics;
using System.Runtime.InteropServices;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// Weights on all samples for the chosen hyper-parameters, grouped by candidate and alpha: dual weights C y = Q (c .
/// Q'y), or y - Q (d . Q'y) where Q is not complete, or by C itself where alphas have Cholesky factors; primal weights
/// from the design's own factor, or gamma_i X_i' (C y) / alpha.
/// </summary>
internal sealed class Refit<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Features of a space whose weights are made at a time: about as many as a long scan has samples.
    /// </summary>
    private const int FeaturesAtOnce = 4096;

    private readonly IBackend _backend;
    private readonly Problem<T> _problem;
    private readonly WorkPlan _plan;
    private readonly Design<T> _design;
    private readonly TargetTiles<T> _tiles;
    private readonly FactorCache<T> _cache;
    private readonly ProgressMeter _meter;
    private readonly CancellationToken _cancellation;
    private readonly HostBuffer<T> _host = new();
    private int[] _indices = [];

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

    public void Dispose() => _host.Dispose();

    private void RefitCandidate(SearchState state, int candidate, MatrixView<T> weights)
    {
        double[] gamma = _problem.Candidate(candidate);
        RoundedFactors<T>? rounded = _cache.Take(candidate);
        if (rounded is null)
        {
            using Factorisation again = FactorAgain(state, candidate);
            if (again is CholeskyFactorisation cholesky)
            {
                RefitByAlpha(state, candidate, gamma, cholesky, weights);
                return;
            }

            rounded = RoundedFactors<T>.From(_backend, (SpectralFactorisation)again);
        }

        using (rounded)
        {
            RefitBySpectrum(state, candidate, gamma, rounded, weights);
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
    /// Where each alpha has a matrix of its own, alphas are the outer loop: C = alpha (K + alpha I)^-1, then C y for
    /// the targets that chose it.
    /// </summary>
    private void RefitByAlpha(
        SearchState state, int candidate, double[] gamma, CholeskyFactorisation factors, MatrixView<T> weights)
    {
        (int[] chosen, double[] alphas) = ChosenByAlpha(state, candidate);
        for (int start = 0; start < chosen.Length;)
        {
            int from = start;
            int end = Array.FindLastIndex(alphas, alpha => alpha == alphas[from]) + 1;
            using DeviceMatrix<T> residual = factors.ResidualMatrix<T>(alphas[from], _cancellation);
            new TileLoop(_plan.Tiles.Width, _backend).Run(end - from, (first, count) =>
            {
                ReadOnlySpan<int> targets = chosen.AsSpan(from + (int)first, (int)count);
                using TargetTiles<T>.Tile tile = _tiles.Load(targets);
                using DeviceLease<T> dual = _backend.Rent<T>(_problem.Samples, targets.Length);
                _backend.Gemm(1, residual.View, tile.View, 0, dual.View);
                WriteDual(state, gamma, dual.View, targets, weights);
                _meter.Add(_plan.RefitWork * targets.Length);
            }, _cancellation);
            start = end;
        }
    }

    /// <summary>
    /// The targets that chose a candidate by alpha, ascending, and in their order where that is equal.
    /// </summary>
    private (int[] Targets, double[] Alphas) ChosenByAlpha(SearchState state, int candidate)
    {
        int[] chosen = [.. Enumerable.Range(0, _problem.TargetCount).Where(j => state.Candidates[j] == candidate)];
        Array.Sort(chosen, (i, j) => state.Alphas[i] == state.Alphas[j]
            ? i.CompareTo(j)
            : state.Alphas[i].CompareTo(state.Alphas[j]));
        return (chosen, Array.ConvertAll(chosen, j => state.Alphas[j]));
    }

    /// <summary>Where one factorisation serves all alphas, tiles of targets in their order are the only loop.</summary>
    private void RefitBySpectrum(
        SearchState state, int candidate, double[] gamma, RoundedFactors<T> factors, MatrixView<T> weights)
    {
        using Filters filters = new(
            _backend, factors.Factors, IsPrimal && factors.Primal is not null, state, candidate);
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
                RefitTile(
                    state, gamma, factors, filters, (int)first, (int)count, CollectionsMarshal.AsSpan(targets), weights);
                _meter.Add(_plan.RefitWork * targets.Count);
            }
        }, _cancellation);
    }

    private void RefitTile(
        SearchState state, double[] gamma, RoundedFactors<T> factors, Filters filters, int first, int count,
        ReadOnlySpan<int> targets, MatrixView<T> weights)
    {
        using TargetTiles<T>.Tile tile = _tiles.Load(first, count);
        using DeviceLease<T> y = _backend.Rent<T>(_problem.Samples, targets.Length);
        using DeviceLease<T> z = _backend.Rent<T>(factors.Q.Columns, targets.Length);
        using DeviceLease<T> filter = _backend.Rent<T>(factors.Q.Columns, targets.Length);
        if (targets.Length == count)
        {
            _backend.Copy(tile.View, y.View);
        }
        else
        {
            Span<int> columns = Indices(targets.Length);
            for (int j = 0; j < columns.Length; j++)
            {
                columns[j] = targets[j] - first;
            }

            _backend.GatherColumns(tile.View, columns, y.View);
        }

        _backend.Gemm(1, factors.Q.View.Transposed, y.View, 0, z.View);
        filters.Write(state, targets, Indices(targets.Length), filter.View);
        _backend.Multiply(z.View, filter.View, z.View);
        if (IsPrimal && factors.Primal is not null)
        {
            using DeviceLease<T> primal = _backend.Rent<T>(_problem.WeightRows, targets.Length);
            _backend.Gemm(1, factors.Primal.View, z.View, 0, primal.View);
            Scatter(primal.View, targets, weights);
            return;
        }

        bool complete = factors.Factors.IsComplete;
        _backend.Gemm(complete ? 1 : -1, factors.Q.View, z.View, complete ? 0 : 1, y.View);
        WriteDual(state, gamma, y.View, targets, weights);
    }

    /// <summary>Room for an index a target, until the next call.</summary>
    private Span<int> Indices(int count)
    {
        if (_indices.Length < count)
        {
            _indices = new int[count];
        }

        return _indices.AsSpan(0, count);
    }

    /// <summary>Writes C y of some targets, or the primal weights that follow from it.</summary>
    private void WriteDual(
        SearchState state, double[] gamma, DeviceView<T> dual, ReadOnlySpan<int> targets, MatrixView<T> weights)
    {
        if (IsPrimal)
        {
            ToPrimal(state, gamma, dual, targets, weights);
        }
        else
        {
            Scatter(dual, targets, weights);
        }
    }

    /// <summary>gamma_i X_i' (C y) / alpha, space by space.</summary>
    private void ToPrimal(
        SearchState state, double[] gamma, DeviceView<T> dual, ReadOnlySpan<int> targets, MatrixView<T> weights)
    {
        MatrixView<T> inverses = _host.View(targets.Length, 1);
        for (int j = 0; j < targets.Length; j++)
        {
            inverses[j, 0] = T.CreateTruncating(1 / state.Alphas[targets[j]]);
        }

        using (DeviceLease<T> factors = _host.Upload(_backend))
        {
            _backend.Scale(dual, null, factors.View, dual);
        }

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
        double gamma, InputMatrix<T> X, DeviceView<T> dual, ReadOnlySpan<int> targets, MatrixView<T> weights)
    {
        using DeviceLease<T> features = _backend.Rent<T>(X.Rows, X.Columns);
        using DeviceLease<T> primal = _backend.Rent<T>(X.Columns, targets.Length);
        X.CopyTo(_backend, features.View);
        if (_problem.Options.FitIntercept)
        {
            using DeviceLease<T> means = _backend.Rent<T>(1, X.Columns);
            _backend.ColumnMeans(features.View, means.View);
            _backend.SubtractRow(features.View, means.View);
        }

        _backend.Gemm(gamma, features.View.Transposed, dual, 0, primal.View);
        Scatter(primal.View, targets, weights);
    }

    /// <summary>Writes columns of weights: at once where the targets are neighbours.</summary>
    private void Scatter(DeviceView<T> values, ReadOnlySpan<int> targets, MatrixView<T> weights)
    {
        if (targets[^1] - targets[0] == targets.Length - 1)
        {
            _backend.Download(values, weights.SliceColumns(targets[0], targets.Length));
            return;
        }

        MatrixView<T> from = _host.View(values.Rows, values.Columns);
        _backend.Download(values, from);
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
        /// <param name="state">Alphas.</param>
        /// <param name="targets">Which targets.</param>
        /// <param name="columns">Room for an index a target.</param>
        /// <param name="filters">Receives them.</param>
        public void Write(SearchState state, ReadOnlySpan<int> targets, Span<int> columns, DeviceView<T> filters)
        {
            for (int j = 0; j < targets.Length; j++)
            {
                columns[j] = _columns[state.Alphas[targets[j]]];
            }

            _backend.GatherColumns(_filters.View, columns, filters);
        }

        public void Dispose() => _filters.Dispose();
    }
}
