using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.Weighted;

/// <summary>
/// Some targets at work: (K_j + alpha_j I) x_j = y_j for each target j, K_j = sum_i exp(delta_ij) K_i. Targets that are
/// done leave by compaction; columns that still work are numbered anew, host numbers keep the tile's numbering. One
/// object serves one tile after another.
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
    private readonly HostBuffer<T> _host = new();
    private readonly HostBuffer<double> _hostDoubles = new();
    private DeviceView<T> _solution;
    private int[] _columns = [];
    private int[] _iterations = [];
    private int[] _kept = [];
    private bool[] _done = [];
    private int _working;
    private int _first;

    /// <param name="backend">Where to compute.</param>
    /// <param name="problem">Deltas, alphas.</param>
    /// <param name="kernels">As they are solved with.</param>
    public DualTile(IBackend backend, DualProblem<T> problem, PreparedKernels<T> kernels)
    {
        _backend = backend;
        _problem = problem;
        _kernels = kernels;
        X = Track(problem.Samples);
        _weights = problem.SharesKernel ? null : Track(kernels.Count);
    }

    /// <summary>Which columns of the tile the working columns are.</summary>
    public ReadOnlySpan<int> Columns => _columns.AsSpan(0, _working);

    /// <summary>Targets of the tile.</summary>
    public int Count { get; private set; }

    /// <summary>Steps that each column of the tile has taken.</summary>
    public ReadOnlySpan<int> Iterations => _iterations.AsSpan(0, Count);

    /// <summary>The solutions so far of the columns that work.</summary>
    public TileMatrix<T> X { get; }

    public nint Samples => _problem.Samples;

    /// <summary>Whether all columns are done.</summary>
    public bool IsDone
    {
        get
        {
            foreach (int column in Columns)
            {
                if (!_done[column])
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Takes up a tile: all of its columns work.</summary>
    /// <param name="first">The tile's first target.</param>
    /// <param name="start">Where to start, n x t; receives the solution.</param>
    public void Begin(int first, DeviceView<T> start)
    {
        _first = first;
        _solution = start;
        Count = (int)start.Columns;
        _working = Count;
        if (_columns.Length < Count)
        {
            (_columns, _iterations, _kept, _done) = (new int[Count], new int[Count], new int[Count], new bool[Count]);
        }

        for (int j = 0; j < Count; j++)
        {
            (_columns[j], _iterations[j], _done[j]) = (j, 0, false);
        }

        foreach (TileMatrix<T> matrix in _tracked)
        {
            matrix.Begin(Count);
        }

        _backend.Copy(start, X.View);
        for (int i = 0; i < _kernels.Count && _weights is not null; i++)
        {
            using DeviceLease<T> row = Row(
                (Tile: this, Kernel: i), static (on, j) => on.Tile.KernelWeight(on.Kernel, j));
            _backend.Copy(row.View, _weights.View.SliceRows(i, 1));
        }
    }

    /// <summary>Gives the memory of the tile back.</summary>
    public void End()
    {
        foreach (TileMatrix<T> matrix in _tracked)
        {
            matrix.Dispose();
        }
    }

    /// <summary>Whether a column of the tile is done but still there: it must not move.</summary>
    public bool IsFrozen(int column) => _done[column];

    /// <summary>alpha of a column of the tile.</summary>
    public double Alpha(int column) => _problem.Alpha(_first + column);

    /// <summary>Weight of a kernel for a column of the tile.</summary>
    public double KernelWeight(int kernel, int column) => _problem.KernelWeight(kernel, _first + column);

    /// <summary>A number that is one for all targets or one a target, for a column of the tile.</summary>
    public double PerTarget(IReadOnlyList<double> values, int column) =>
        SolverArguments.PerTarget(values, _first + column);

    /// <summary>A matrix with a working column each in every tile that is begun from now on.</summary>
    public TileMatrix<T> Track(nint rows)
    {
        TileMatrix<T> matrix = new(_backend, rows);
        _tracked.Add(matrix);
        return matrix;
    }

    /// <summary>
    /// A number for each working column, 1 x columns on the device; the function takes columns of the tile.
    /// </summary>
    public DeviceLease<T> Row<TState>(TState state, Func<TState, int, double> value)
    {
        MatrixView<T> host = _host.View(1, Columns.Length);
        for (int c = 0; c < Columns.Length; c++)
        {
            host[0, c] = T.CreateTruncating(value(state, Columns[c]));
        }

        return _host.Upload(_backend);
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
        using DeviceLease<T> alphas = Row(this, static (tile, j) => tile.Alpha(j));
        _backend.CombineColumns(W, alphas.View, null, result);
    }

    /// <summary>a_j' b_j of working columns, into an array over the columns of the tile.</summary>
    public void Dots(DeviceView<T> A, DeviceView<T> B, double[] dots) =>
        ToTile(static (backend, a, b, row) => backend.ColumnDots(a, b, row), A, B, dots);

    /// <summary>Largest |a_ij / x_ij| of working columns.</summary>
    public void MaxRatios(DeviceView<T> A, double[] ratios) =>
        ToTile(static (backend, a, b, row) => backend.ColumnMaxRatios(a, b, row), A, X.View, ratios);

    /// <summary>
    /// Ends a step: columns that meet the condition are done; when enough are, the others move together.
    /// </summary>
    public void EndStep<TState>(TState state, Func<TState, int, bool> isDone)
    {
        int working = 0;
        foreach (int column in Columns)
        {
            if (!_done[column])
            {
                _iterations[column]++;
                _done[column] = isDone(state, column);
            }

            working += _done[column] ? 0 : 1;
        }

        if (working > 0 && working <= CompactionShare * Columns.Length)
        {
            WriteSolution();
            int count = 0;
            for (int c = 0; c < Columns.Length; c++)
            {
                if (!_done[_columns[c]])
                {
                    _kept[count] = c;
                    _columns[count++] = _columns[c];
                }
            }

            foreach (TileMatrix<T> matrix in _tracked)
            {
                matrix.Keep(_kept.AsSpan(0, count));
            }

            _working = count;
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
        End();
        _host.Dispose();
        _hostDoubles.Dispose();
    }

    private void ToTile(
        Action<IBackend, DeviceView<T>, DeviceView<T>, DeviceView<double>> operation, DeviceView<T> A, DeviceView<T> B,
        double[] values)
    {
        using DeviceLease<double> row = _backend.Rent<double>(1, Columns.Length);
        MatrixView<double> host = _hostDoubles.View(1, Columns.Length);
        operation(_backend, A, B, row.View);
        _backend.Download(row.View, host);
        for (int c = 0; c < Columns.Length; c++)
        {
            values[Columns[c]] = host[0, c];
        }
    }
}
