using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.Weighted;

/// <summary>
/// Some targets at work: (K_j + alpha_j I) x_j = y_j for each target j, K_j = sum_i exp(delta_ij) K_i. Targets that are
/// done leave by compaction; columns that still work are numbered anew, host numbers keep the tile's numbering.
/// </summary>
internal sealed class DualTile<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Share of columns that work from which gathering them pays: a gather costs a few passes over the tile, a product
    /// hundreds.
    /// </summary>
    private const double CompactionShare = 0.75;

    private readonly IBackend _backend;
    private readonly DualProblem<T> _problem;
    private readonly PreparedKernels<T> _kernels;
    private readonly List<TileMatrix<T>> _tracked = [];
    private readonly TileMatrix<T>? _weights;
    private readonly DeviceView<T> _solution;
    private readonly bool[] _done;
    private readonly int _first;

    /// <param name="backend">Where to compute.</param>
    /// <param name="problem">Deltas, alphas.</param>
    /// <param name="kernels">As they are solved with.</param>
    /// <param name="first">The tile's first target.</param>
    /// <param name="start">Where to start, n x t; receives the solution.</param>
    public DualTile(
        IBackend backend, DualProblem<T> problem, PreparedKernels<T> kernels, int first, DeviceView<T> start)
    {
        _backend = backend;
        _problem = problem;
        _kernels = kernels;
        _first = first;
        _solution = start;
        int count = (int)start.Columns;
        Columns = [.. Enumerable.Range(0, count)];
        Iterations = new int[count];
        _done = new bool[count];
        try
        {
            X = Track(start.Rows);
            backend.Copy(start, X.View);
            if (!problem.SharesKernel)
            {
                _weights = Track(kernels.Count);
                for (int i = 0; i < kernels.Count; i++)
                {
                    using DeviceMatrix<T> row = Row(j => problem.KernelWeight(i, first + j));
                    backend.Copy(row.View, _weights.View.SliceRows(i, 1));
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Which columns of the tile the working columns are.</summary>
    public int[] Columns { get; private set; }

    /// <summary>Steps that each column of the tile has taken.</summary>
    public int[] Iterations { get; }

    /// <summary>The solutions so far of the columns that work.</summary>
    public TileMatrix<T> X { get; }

    public nint Samples => X.View.Rows;

    /// <summary>Whether all columns are done.</summary>
    public bool IsDone => Columns.All(j => _done[j]);

    /// <summary>Whether a column of the tile is done but still there: it must not move.</summary>
    public bool IsFrozen(int column) => _done[column];

    /// <summary>alpha of a column of the tile.</summary>
    public double Alpha(int column) => _problem.Alpha(_first + column);

    /// <summary>Weight of a kernel for a column of the tile.</summary>
    public double KernelWeight(int kernel, int column) => _problem.KernelWeight(kernel, _first + column);

    /// <summary>A number that is one for all targets or one a target, for a column of the tile.</summary>
    public double PerTarget(IReadOnlyList<double> values, int column) =>
        SolverArguments.PerTarget(values, _first + column);

    /// <summary>A matrix with a working column each, which compaction keeps in step; freed with the tile.</summary>
    public TileMatrix<T> Track(nint rows)
    {
        TileMatrix<T> matrix = new(_backend, rows, Columns.Length);
        _tracked.Add(matrix);
        return matrix;
    }

    /// <summary>
    /// A number for each working column, 1 x columns on the device; the function takes columns of the tile.
    /// </summary>
    public DeviceMatrix<T> Row(Func<int, double> value)
    {
        using Matrix<T> host = Matrix<T>.Uninitialized(1, Columns.Length);
        for (int c = 0; c < Columns.Length; c++)
        {
            host[0, c] = T.CreateTruncating(value(Columns[c]));
        }

        return Allocation.Of(_backend, host.View);
    }

    /// <summary>result = K W, each column with its own kernel.</summary>
    public void Kernel(DeviceView<T> W, DeviceView<T> result)
    {
        if (_weights is null)
        {
            _backend.Gemm(1, _kernels.View, W, 0, result);
        }
        else
        {
            _backend.WeightedKernelProduct(_kernels.View, _weights.View, W, result);
        }
    }

    /// <summary>result = (K + alpha I) W.</summary>
    public void System(DeviceView<T> W, DeviceView<T> result)
    {
        Kernel(W, result);
        using DeviceMatrix<T> alphas = Row(Alpha);
        _backend.CombineColumns(W, alphas.View, null, result);
    }

    /// <summary>a_j' b_j of working columns, into an array over the columns of the tile.</summary>
    public void Dots(DeviceView<T> A, DeviceView<T> B, double[] dots) =>
        ToTile((a, b, row) => _backend.ColumnDots(a, b, row), A, B, dots);

    /// <summary>Largest |a_ij / x_ij| of working columns.</summary>
    public void MaxRatios(DeviceView<T> A, double[] ratios) =>
        ToTile((a, b, row) => _backend.ColumnMaxRatios(a, b, row), A, X.View, ratios);

    /// <summary>
    /// Ends a step: columns that meet the condition are done; when enough are, the others move together.
    /// </summary>
    public void EndStep(Func<int, bool> isDone)
    {
        foreach (int column in Columns)
        {
            if (!_done[column])
            {
                Iterations[column]++;
                _done[column] = isDone(column);
            }
        }

        int working = Columns.Count(j => !_done[j]);
        if (working > 0 && working <= CompactionShare * Columns.Length)
        {
            WriteSolution();
            int[] kept = [.. Enumerable.Range(0, Columns.Length).Where(c => !_done[Columns[c]])];
            foreach (TileMatrix<T> matrix in _tracked)
            {
                matrix.Keep(kept);
            }

            Columns = Array.ConvertAll(kept, c => Columns[c]);
        }
    }

    /// <summary>Writes the solutions of the columns that are there.</summary>
    public void WriteSolution()
    {
        for (int start = 0; start < Columns.Length;)
        {
            int end = start + 1;
            while (end < Columns.Length && Columns[end] == Columns[end - 1] + 1)
            {
                end++;
            }

            _backend.Copy(X.View.SliceColumns(start, end - start), _solution.SliceColumns(Columns[start], end - start));
            start = end;
        }
    }

    public void Dispose()
    {
        foreach (TileMatrix<T> matrix in _tracked)
        {
            matrix.Dispose();
        }
    }

    private void ToTile(
        Action<DeviceView<T>, DeviceView<T>, DeviceView<double>> operation, DeviceView<T> A, DeviceView<T> B,
        double[] values)
    {
        using DeviceMatrix<double> row = _backend.Allocate<double>(1, Columns.Length);
        using Matrix<double> host = Matrix<double>.Uninitialized(1, Columns.Length);
        operation(A, B, row.View);
        _backend.Download(row.View, host.View);
        for (int c = 0; c < Columns.Length; c++)
        {
            values[Columns[c]] = host[0, c];
        }
    }
}
