using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// Solves (sum_i exp(delta_i) K_i + I) x = b for many targets at once, each with its own deltas, by conjugate gradient
/// with an optional preconditioner M by clusters of targets. A target has converged when r'M r is under tol^2 b'M b:
/// with a good M, relative error in the norm of the problem. Converged targets leave the working set by compaction. One
/// object serves one tile after another.
/// </summary>
/// <remarks>Saad, "Iterative methods for sparse linear systems", second edition, algorithms 6.18 and 9.1.</remarks>
internal sealed class ConjugateGradient<T>(IBackend backend, CancellationToken cancellation) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The working set is compacted when no more than this share of it is unconverged: a compaction costs some products
    /// by vectors.
    /// </summary>
    private const double CompactionShare = 0.75;

    private readonly WorkingSet _set = new(backend);
    private readonly HostBuffer<double> _hostDots = new();
    private readonly HostBuffer<T> _hostFactors = new();
    private double[] _rz = [];
    private double[] _next = [];
    private double[] _limits = [];
    private double[] _factors = [];
    private int[] _open = [];
    private int[] _identity = [];
    private int[] _oneCluster = [];

    /// <summary>Solves in place of X, which holds the start.</summary>
    /// <param name="system">The fold.</param>
    /// <param name="expDeltas">Kernel weights, kernels x targets.</param>
    /// <param name="B">Right-hand sides, |train| x targets.</param>
    /// <param name="X">Start, then solution.</param>
    /// <param name="preconditioner">Or null for none.</param>
    /// <param name="tolerance">Relative tolerance.</param>
    /// <param name="maxIterations">Most steps.</param>
    /// <returns>How many steps were taken.</returns>
    public int Solve(
        FoldSystem<T> system, DeviceView<T> expDeltas, DeviceView<T> B, DeviceView<T> X,
        Preconditioner<T>? preconditioner, double tolerance,
        int maxIterations)
    {
        int t = (int)X.Columns;
        Grow(t);
        ReadOnlySpan<int> order = preconditioner is null ? _identity.AsSpan(0, t) : preconditioner.Clusters.Order;
        ReadOnlySpan<int> clusterOf =
            preconditioner is null ? _oneCluster.AsSpan(0, t) : preconditioner.Clusters.ClusterOf;
        using WorkingSet set = _set.Begin(system.TrainCount, expDeltas, X, order, clusterOf);
        Begin(system, B, order, preconditioner, tolerance);
        Dots(set.R, set.Z, _rz);
        int steps = 0;
        for (; steps < maxIterations; steps++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Compact())
            {
                return steps;
            }

            Step(system, preconditioner);
        }

        set.Scatter();
        return steps;
    }

    public void Dispose()
    {
        _set.Dispose();
        _hostDots.Dispose();
        _hostFactors.Dispose();
    }

    private void Grow(int targets)
    {
        if (_rz.Length >= targets)
        {
            return;
        }

        (_rz, _next) = (new double[targets], new double[targets]);
        (_limits, _factors) = (new double[targets], new double[targets]);
        (_open, _oneCluster) = (new int[targets], new int[targets]);
        _identity = [.. Enumerable.Range(0, targets)];
    }

    private void Step(FoldSystem<T> system, Preconditioner<T>? preconditioner)
    {
        int count = _set.Count;
        Span<double> factors = _factors.AsSpan(0, count);
        system.Multiply(_set.Weights, _set.P, _set.Q);
        Dots(_set.P, _set.Q, _next);
        for (int j = 0; j < count; j++)
        {
            factors[j] = _next[j] > 0 ? _rz[j] / _next[j] : 0;
        }

        Combine(factors, _set.P, [], _set.X);
        for (int j = 0; j < count; j++)
        {
            factors[j] = -factors[j];
        }

        Combine(factors, _set.Q, [], _set.R);
        Precondition(preconditioner);
        Dots(_set.R, _set.Z, _next);
        for (int j = 0; j < count; j++)
        {
            factors[j] = _rz[j] > 0 ? _next[j] / _rz[j] : 0;
        }

        Combine([], _set.Z, factors, _set.P);
        (_rz, _next) = (_next, _rz);
    }

    /// <summary>r = b - A x, z = M r, p = z; limits are tol^2 b'M b.</summary>
    private void Begin(
        FoldSystem<T> system, DeviceView<T> B, ReadOnlySpan<int> order, Preconditioner<T>? preconditioner,
        double tolerance)
    {
        backend.GatherColumns(B, order, _set.R);
        Precondition(preconditioner);
        Dots(_set.R, _set.Z, _limits);
        for (int j = 0; j < _set.Count; j++)
        {
            _limits[j] *= tolerance * tolerance;
        }

        system.Multiply(_set.Weights, _set.X, _set.Q);
        backend.AddScaled(-1, _set.Q, _set.R);
        Precondition(preconditioner);
        backend.Copy(_set.Z, _set.P);
    }

    private void Precondition(Preconditioner<T>? preconditioner)
    {
        if (preconditioner is null)
        {
            backend.Copy(_set.R, _set.Z);
            return;
        }

        preconditioner.Apply(_set.ClusterOf, _set.R, _set.Z);
    }

    /// <summary>
    /// Drops converged targets where that is worth it; says whether all have converged (and are written back).
    /// </summary>
    private bool Compact()
    {
        int open = 0;
        for (int j = 0; j < _set.Count; j++)
        {
            if (_rz[j] > _limits[j])
            {
                _open[open++] = j;
            }
        }

        if (open == 0)
        {
            _set.Scatter();
            return true;
        }

        if (open <= CompactionShare * _set.Count)
        {
            _set.Scatter();
            _set.Keep(_open.AsSpan(0, open));
            for (int k = 0; k < open; k++)
            {
                (_rz[k], _limits[k]) = (_rz[_open[k]], _limits[_open[k]]);
            }
        }

        return false;
    }

    private void Dots(DeviceView<T> A, DeviceView<T> B, double[] dots)
    {
        using DeviceLease<double> row = backend.Rent<double>(1, A.Columns);
        backend.ColumnDots(A, B, row.View);
        MatrixView<double> host = _hostDots.View(1, A.Columns);
        backend.Download(row.View, host);
        host.RowSpan(0).CopyTo(dots);
    }

    /// <summary>B = a A + b B by columns; no factors are factors of one.</summary>
    private void Combine(ReadOnlySpan<double> a, DeviceView<T> A, ReadOnlySpan<double> b, DeviceView<T> B)
    {
        using DeviceLease<T> ofA = Row(a);
        using DeviceLease<T> ofB = Row(b);
        backend.CombineColumns(A, a.IsEmpty ? null : ofA.View, b.IsEmpty ? null : ofB.View, B);
    }

    private DeviceLease<T> Row(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return default;
        }

        Span<T> host = _hostFactors.View(1, values.Length).RowSpan(0);
        for (int j = 0; j < host.Length; j++)
        {
            host[j] = T.CreateTruncating(values[j]);
        }

        return _hostFactors.Upload(backend);
    }

    /// <summary>
    /// The vectors of the targets that are worked on, side by side in the first columns of their matrices.
    /// </summary>
    private sealed class WorkingSet(IBackend backend) : IDisposable
    {
        private DeviceLease<T> _x;
        private DeviceLease<T> _r;
        private DeviceLease<T> _p;
        private DeviceLease<T> _z;
        private DeviceLease<T> _q;
        private DeviceLease<T> _spare;
        private DeviceLease<T> _weights;
        private DeviceView<T> _result;
        private int[] _targets = [];
        private int[] _clusterOf = [];

        /// <summary>How many targets are worked on.</summary>
        public int Count { get; private set; }

        public ReadOnlySpan<int> ClusterOf => _clusterOf.AsSpan(0, Count);

        public DeviceView<T> X => Live(_x);

        public DeviceView<T> R => Live(_r);

        public DeviceView<T> P => Live(_p);

        public DeviceView<T> Z => Live(_z);

        public DeviceView<T> Q => Live(_q);

        public DeviceView<T> Weights => Live(_weights);

        private ReadOnlySpan<int> Targets => _targets.AsSpan(0, Count);

        /// <summary>Takes up a tile; dispose what is returned when it is done with.</summary>
        public WorkingSet Begin(
            int rows, DeviceView<T> weights, DeviceView<T> X, ReadOnlySpan<int> order, ReadOnlySpan<int> clusterOf)
        {
            _result = X;
            Count = order.Length;
            if (_targets.Length < Count)
            {
                (_targets, _clusterOf) = (new int[Count], new int[Count]);
            }

            order.CopyTo(_targets);
            clusterOf.CopyTo(_clusterOf);
            try
            {
                _x = backend.Rent<T>(rows, Count);
                _r = backend.Rent<T>(rows, Count);
                _p = backend.Rent<T>(rows, Count);
                _z = backend.Rent<T>(rows, Count);
                _q = backend.Rent<T>(rows, Count);
                _spare = backend.Rent<T>(Math.Max(rows, weights.Rows), Count);
                _weights = backend.Rent<T>(weights.Rows, Count);
                backend.GatherColumns(weights, Targets, Weights);
                backend.GatherColumns(X, Targets, this.X);
                return this;
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        /// <summary>Writes the solutions where they belong.</summary>
        public void Scatter() => backend.ScatterColumns(X, Targets, _result);

        /// <summary>
        /// Keeps the columns named (ascending) and forgets the others. Z and Q are overwritten before they are read.
        /// </summary>
        public void Keep(ReadOnlySpan<int> open)
        {
            Compact(_x, open);
            Compact(_r, open);
            Compact(_p, open);
            Compact(_weights, open);
            for (int k = 0; k < open.Length; k++)
            {
                (_targets[k], _clusterOf[k]) = (_targets[open[k]], _clusterOf[open[k]]);
            }

            Count = open.Length;
        }

        /// <summary>Gives the memory back; the object is ready for the next tile.</summary>
        public void Dispose()
        {
            GiveBack(ref _x);
            GiveBack(ref _r);
            GiveBack(ref _p);
            GiveBack(ref _z);
            GiveBack(ref _q);
            GiveBack(ref _spare);
            GiveBack(ref _weights);
        }

        private void Compact(DeviceLease<T> matrix, ReadOnlySpan<int> open)
        {
            DeviceView<T> kept = _spare.View.Block(0, 0, matrix.View.Rows, open.Length);
            backend.GatherColumns(Live(matrix), open, kept);
            backend.Copy(kept, matrix.View.SliceColumns(0, open.Length));
        }

        private static void GiveBack(ref DeviceLease<T> lease)
        {
            lease.Dispose();
            lease = default;
        }

        private DeviceView<T> Live(DeviceLease<T> matrix) => matrix.View.SliceColumns(0, Count);
    }
}
