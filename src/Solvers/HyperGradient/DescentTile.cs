using System.Numerics;
using VemKernels.Solvers.Designs;
using VemKernels.Solvers.Weighted;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// A tile of targets on its way down: what is kept from one iteration to the next, for the targets that still move. One
/// object serves one tile after another.
/// </summary>
internal sealed class DescentTile<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly double[] _starts;
    private readonly HostBuffer<double> _deltas = new();
    private readonly HostBuffer<T> _expDeltas = new();
    private readonly TileMatrix<T> _movingTargets;
    private readonly TileMatrix<T>[] _dual;
    private readonly TileMatrix<T>[] _solutions;
    private MatrixView<double> _deltasOfAll;
    private DeviceView<T> _responses;
    private int[] _targets = [];
    private bool _lostTargets;

    /// <param name="backend">Where to compute.</param>
    /// <param name="samples">Rows of the responses.</param>
    /// <param name="systems">The folds.</param>
    /// <param name="solves">Whether the method has linear systems to solve.</param>
    /// <param name="starts">Starts of all targets' power iterations, one behind the other.</param>
    public DescentTile(
        IBackend backend, nint samples, IReadOnlyList<FoldSystem<T>> systems, bool solves, double[] starts)
    {
        _backend = backend;
        _starts = starts;
        _movingTargets = new TileMatrix<T>(backend, samples);
        _dual = [.. systems.Select(system => new TileMatrix<T>(backend, system.TrainCount))];
        _solutions = solves ? [.. systems.Select(system => new TileMatrix<T>(backend, system.TrainCount))] : [];
    }

    /// <summary>The targets that still move, as columns of the whole.</summary>
    public ReadOnlySpan<int> Targets => _targets.AsSpan(0, Count);

    /// <summary>How many they are.</summary>
    public int Count { get; private set; }

    /// <summary>Their responses.</summary>
    public DeviceView<T> Y => _lostTargets ? _movingTargets.View : _responses;

    /// <summary>Their log weights, kernels x targets.</summary>
    public MatrixView<double> Deltas => _deltasOfAll.SliceColumns(0, Count);

    public int Kernels => (int)_deltasOfAll.Rows;

    /// <summary>Dual weights of a fold, |train| x targets.</summary>
    public DeviceView<T> Dual(int fold) => _dual[fold].View;

    /// <summary>Solutions of the hyper-gradient's linear systems of a fold, to begin the next with.</summary>
    public DeviceView<T> Solution(int fold) => _solutions[fold].View;

    /// <summary>The start of a target's power iterations.</summary>
    public ReadOnlySpan<double> Start(int column) => _starts.AsSpan(_targets[column] * Kernels, Kernels);

    /// <summary>Takes up a tile; dual weights are undefined, solutions zero.</summary>
    /// <param name="first">First target of the tile.</param>
    /// <param name="Y">Responses, samples x targets of the tile.</param>
    /// <param name="deltas">Log weights to begin with, kernels x targets.</param>
    public void Begin(nint first, DeviceView<T> Y, MatrixView<T> deltas)
    {
        Count = (int)Y.Columns;
        _responses = Y;
        _lostTargets = false;
        if (_targets.Length < Count)
        {
            _targets = new int[Count];
        }

        _deltasOfAll = _deltas.View(deltas.Rows, Count);
        for (int j = 0; j < Count; j++)
        {
            _targets[j] = (int)first + j;
            for (int i = 0; i < Kernels; i++)
            {
                _deltasOfAll[i, j] = double.CreateTruncating(deltas[i, j]);
            }
        }

        foreach (TileMatrix<T> dual in _dual)
        {
            dual.Begin(Count);
        }

        foreach (TileMatrix<T> solution in _solutions)
        {
            solution.Begin(Count);
            _backend.Fill(solution.View, 0);
        }
    }

    /// <summary>Kernel weights on the device, kernels x targets. Dispose them.</summary>
    public DeviceLease<T> ExpDeltas()
    {
        MatrixView<T> host = _expDeltas.View(Kernels, Count);
        for (int i = 0; i < Kernels; i++)
        {
            for (int j = 0; j < Count; j++)
            {
                host[i, j] = T.CreateTruncating(Math.Exp(_deltasOfAll[i, j]));
            }
        }

        return _expDeltas.Upload(_backend);
    }

    /// <summary>Keeps the columns named (ascending) and forgets the others.</summary>
    public void Keep(ReadOnlySpan<int> columns)
    {
        if (!columns.IsEmpty)
        {
            KeepOnDevice(columns);
        }

        for (int k = 0; k < columns.Length; k++)
        {
            _targets[k] = _targets[columns[k]];
            for (int i = 0; i < Kernels; i++)
            {
                _deltasOfAll[i, k] = _deltasOfAll[i, columns[k]];
            }
        }

        Count = columns.Length;
    }

    /// <summary>Gives the memory of the tile back.</summary>
    public void End()
    {
        _movingTargets.Dispose();
        foreach (TileMatrix<T> dual in _dual)
        {
            dual.Dispose();
        }

        foreach (TileMatrix<T> solution in _solutions)
        {
            solution.Dispose();
        }
    }

    public void Dispose()
    {
        End();
        _deltas.Dispose();
        _expDeltas.Dispose();
    }

    private void KeepOnDevice(ReadOnlySpan<int> columns)
    {
        if (_lostTargets)
        {
            _movingTargets.Keep(columns);
        }
        else
        {
            _movingTargets.Begin(columns.Length);
            _backend.GatherColumns(_responses, columns, _movingTargets.View);
            _lostTargets = true;
        }

        foreach (TileMatrix<T> dual in _dual)
        {
            dual.Keep(columns);
        }

        foreach (TileMatrix<T> solution in _solutions)
        {
            solution.Keep(columns);
        }
    }
}
