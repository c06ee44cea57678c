using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// A tile of targets on its way down: what is kept from one iteration to the next, for the targets that still move.
/// </summary>
internal sealed class DescentTile<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private DeviceMatrix<T>? _ownedTargets;

    /// <param name="backend">Where to compute.</param>
    /// <param name="first">First target of the tile.</param>
    /// <param name="Y">Responses, samples x targets of the tile.</param>
    /// <param name="deltas">Log weights to begin with, kernels x targets.</param>
    /// <param name="starts">Start of each target's power iterations, one behind the other.</param>
    public DescentTile(IBackend backend, nint first, DeviceView<T> Y, double[,] deltas, double[] starts)
    {
        _backend = backend;
        Targets = [.. Enumerable.Range((int)first, (int)Y.Columns)];
        this.Y = Y;
        Deltas = deltas;
        Starts = starts;
    }

    /// <summary>The targets that still move, as columns of the whole.</summary>
    public int[] Targets { get; private set; }

    /// <summary>Their responses.</summary>
    public DeviceView<T> Y { get; private set; }

    /// <summary>Their log weights, kernels x targets.</summary>
    public double[,] Deltas { get; private set; }

    /// <summary>Starts of their power iterations.</summary>
    public double[] Starts { get; private set; }

    /// <summary>Dual weights, a matrix a fold, |train| x targets.</summary>
    public List<DeviceMatrix<T>> Dual { get; } = [];

    /// <summary>Solutions of the hyper-gradient's linear systems, to begin the next with; a matrix a fold.</summary>
    public List<DeviceMatrix<T>> Solutions { get; } = [];

    public int Kernels => Deltas.GetLength(0);

    public int Count => Targets.Length;

    /// <summary>Kernel weights on the device, kernels x targets. Dispose it.</summary>
    public DeviceMatrix<T> ExpDeltas()
    {
        using Matrix<T> host = new(Kernels, Count);
        for (int i = 0; i < Kernels; i++)
        {
            for (int j = 0; j < Count; j++)
            {
                host[i, j] = T.CreateTruncating(Math.Exp(Deltas[i, j]));
            }
        }

        return Allocation.Of(_backend, host.View);
    }

    /// <summary>Keeps the columns named and forgets the others.</summary>
    public void Keep(int[] columns)
    {
        double[,] deltas = new double[Kernels, columns.Length];
        double[] starts = new double[Kernels * columns.Length];
        for (int j = 0; j < columns.Length; j++)
        {
            for (int i = 0; i < Kernels; i++)
            {
                deltas[i, j] = Deltas[i, columns[j]];
                starts[(j * Kernels) + i] = Starts[(columns[j] * Kernels) + i];
            }
        }

        Targets = [.. columns.Select(j => Targets[j])];
        Deltas = deltas;
        Starts = starts;
        DeviceMatrix<T> targets = Gather(Y, columns);
        _ownedTargets?.Dispose();
        _ownedTargets = targets;
        Y = targets.View;
        foreach (List<DeviceMatrix<T>> byFold in (List<DeviceMatrix<T>>[])[Dual, Solutions])
        {
            for (int f = 0; f < byFold.Count; f++)
            {
                DeviceMatrix<T> kept = Gather(byFold[f].View, columns);
                byFold[f].Dispose();
                byFold[f] = kept;
            }
        }
    }

    public void Dispose()
    {
        _ownedTargets?.Dispose();
        Dual.ForEach(matrix => matrix.Dispose());
        Solutions.ForEach(matrix => matrix.Dispose());
    }

    private DeviceMatrix<T> Gather(DeviceView<T> source, int[] columns) => Allocation.Filled<T>(
        _backend, source.Rows, columns.Length, kept => _backend.GatherColumns(source, columns, kept));
}
