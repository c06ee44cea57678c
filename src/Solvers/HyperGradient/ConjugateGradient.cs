using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// Solves (sum_i exp(delta_i) K_i + I) x = b for many targets at once, each with its own deltas, by conjugate gradient
/// with an optional preconditioner M by clusters of targets. A target has converged when r'M r is under tol^2 b'M b:
/// with a good M, relative error in the norm of the problem. Converged targets leave the working set by compaction.
/// </summary>
/// <remarks>Saad, "Iterative methods for sparse linear systems", second edition, algorithms 6.18 and 9.1.</remarks>
internal sealed class ConjugateGradient<T>(IBackend backend, CancellationToken cancellation)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The working set is compacted when no more than this share of it is unconverged: a compaction costs some products
    /// by vectors.
    /// </summary>
    private const double CompactionShare = 0.75;

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
        int[] order = preconditioner?.Clusters.Order ?? [.. Enumerable.Range(0, t)];
        int[] clusterOf = preconditioner?.Clusters.ClusterOf ?? new int[t];
        using WorkingSet set = new(backend, system.TrainCount, expDeltas, X, order, clusterOf);
        double[] limits = Begin(system, set, B, order, preconditioner, tolerance);
        double[] rz = Dots(set.R, set.Z);
        int steps = 0;
        for (; steps < maxIterations; steps++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Compact(set, ref rz, ref limits))
            {
                return steps;
            }

            system.Multiply(set.Weights, set.P, set.Q);
            double[] pq = Dots(set.P, set.Q);
            double[] step = [.. rz.Select((value, j) => pq[j] > 0 ? value / pq[j] : 0)];
            Combine(step, set.P, null, set.X);
            Combine([.. step.Select(value => -value)], set.Q, null, set.R);
            Precondition(preconditioner, set);
            double[] next = Dots(set.R, set.Z);
            Combine(null, set.Z, [.. next.Select((value, j) => rz[j] > 0 ? value / rz[j] : 0)], set.P);
            rz = next;
        }

        set.Scatter();
        return steps;
    }

    /// <summary>r = b - A x, z = M r, p = z; returns tol^2 b'M b.</summary>
    private double[] Begin(
        FoldSystem<T> system, WorkingSet set, DeviceView<T> B, int[] order, Preconditioner<T>? preconditioner,
        double tolerance)
    {
        backend.GatherColumns(B, order, set.R);
        Precondition(preconditioner, set);
        double[] limits = [.. Dots(set.R, set.Z).Select(value => tolerance * tolerance * value)];
        system.Multiply(set.Weights, set.X, set.Q);
        backend.AddScaled(-1, set.Q, set.R);
        Precondition(preconditioner, set);
        backend.Copy(set.Z, set.P);
        return limits;
    }

    private void Precondition(Preconditioner<T>? preconditioner, WorkingSet set)
    {
        if (preconditioner is null)
        {
            backend.Copy(set.R, set.Z);
            return;
        }

        preconditioner.Apply(set.ClusterOf, set.R, set.Z);
    }

    /// <summary>
    /// Drops converged targets where that is worth it; says whether all have converged (and are written back).
    /// </summary>
    private static bool Compact(WorkingSet set, ref double[] rz, ref double[] limits)
    {
        double[] residuals = rz;
        double[] bounds = limits;
        int[] open = [.. Enumerable.Range(0, rz.Length).Where(j => residuals[j] > bounds[j])];
        if (open.Length == 0)
        {
            set.Scatter();
            return true;
        }

        if (open.Length <= CompactionShare * rz.Length)
        {
            set.Scatter();
            set.Keep(open);
            rz = [.. open.Select(j => residuals[j])];
            limits = [.. open.Select(j => bounds[j])];
        }

        return false;
    }

    private double[] Dots(DeviceView<T> A, DeviceView<T> B)
    {
        using DeviceMatrix<double> dots = backend.Allocate<double>(1, A.Columns);
        backend.ColumnDots(A, B, dots.View);
        return Upload.ToHost(backend, dots.View);
    }

    private void Combine(double[]? a, DeviceView<T> A, double[]? b, DeviceView<T> B)
    {
        using DeviceMatrix<T>? ofA = a is null
            ? null
            : Upload.Column<T>(backend, Array.ConvertAll(a, T.CreateTruncating));
        using DeviceMatrix<T>? ofB = b is null
            ? null
            : Upload.Column<T>(backend, Array.ConvertAll(b, T.CreateTruncating));
        backend.CombineColumns(A, ofA?.View.Transposed, ofB?.View.Transposed, B);
    }

    /// <summary>
    /// The vectors of the targets that are worked on, side by side in the first columns of their matrices.
    /// </summary>
    private sealed class WorkingSet : IDisposable
    {
        /// <summary>X, R, P, Z and Q.</summary>
        private const int Vectors = 5;

        private readonly IBackend _backend;
        private readonly DeviceView<T> _result;
        private readonly List<DeviceMatrix<T>> _owned = [];
        private readonly DeviceMatrix<T>[] _matrices = new DeviceMatrix<T>[Vectors];
        private readonly DeviceMatrix<T> _spare;
        private readonly DeviceMatrix<T> _weights;
        private int[] _targets;

        public WorkingSet(
            IBackend backend, int rows, DeviceView<T> weights, DeviceView<T> X, int[] order, int[] clusterOf)
        {
            _backend = backend;
            _result = X;
            _targets = order;
            ClusterOf = clusterOf;
            try
            {
                for (int i = 0; i < Vectors; i++)
                {
                    _matrices[i] = New(rows);
                }

                _spare = New(Math.Max(rows, weights.Rows));
                _weights = New(weights.Rows);
                backend.GatherColumns(weights, order, Weights);
                backend.GatherColumns(X, order, this.X);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public int[] ClusterOf { get; private set; }

        public DeviceView<T> X => Live(_matrices[0]);

        public DeviceView<T> R => Live(_matrices[1]);

        public DeviceView<T> P => Live(_matrices[2]);

        public DeviceView<T> Z => Live(_matrices[3]);

        public DeviceView<T> Q => Live(_matrices[4]);

        public DeviceView<T> Weights => Live(_weights);

        /// <summary>Writes the solutions where they belong.</summary>
        public void Scatter() => _backend.ScatterColumns(X, _targets, _result);

        /// <summary>
        /// Keeps the columns named (ascending) and forgets the others. Z and Q are overwritten before they are read.
        /// </summary>
        public void Keep(int[] open)
        {
            DeviceView<T>[] before = [X, R, P, Weights];
            _targets = [.. open.Select(j => _targets[j])];
            ClusterOf = [.. open.Select(j => ClusterOf[j])];
            foreach ((DeviceView<T> from, DeviceView<T> to) in before.Zip([X, R, P, Weights]))
            {
                DeviceView<T> kept = _spare.View.Block(0, 0, from.Rows, open.Length);
                _backend.GatherColumns(from, open, kept);
                _backend.Copy(kept, to);
            }
        }

        public void Dispose() => _owned.ForEach(matrix => matrix.Dispose());

        private DeviceMatrix<T> New(nint rows)
        {
            DeviceMatrix<T> matrix = _backend.Allocate<T>(rows, _targets.Length);
            _owned.Add(matrix);
            return matrix;
        }

        private DeviceView<T> Live(DeviceMatrix<T> matrix) => matrix.View.SliceColumns(0, _targets.Length);
    }
}
