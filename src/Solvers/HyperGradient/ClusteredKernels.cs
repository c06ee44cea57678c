using System.Numerics;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// Clusters of a tile's targets, the kernels at their centres, and a fold's preconditioner from them. One object serves
/// one tile after another.
/// </summary>
internal sealed class ClusteredKernels<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TargetClusters _clusters;
    private readonly CentreKernels<T> _centres;
    private readonly Preconditioner<T> _preconditioner;

    /// <param name="backend">Where to compute.</param>
    /// <param name="kernels">All kernels side by side, n x (m n).</param>
    /// <param name="eigenvalues">The largest eigenvalue of each kernel.</param>
    /// <param name="most">Most clusters.</param>
    /// <param name="cancellation">Stops the work before the next cluster.</param>
    public ClusteredKernels(
        IBackend backend, DeviceView<T> kernels, double[] eigenvalues, int most, CancellationToken cancellation)
    {
        _clusters = new TargetClusters(eigenvalues, (int)kernels.Rows, most);
        _centres = new CentreKernels<T>(backend, kernels, most);
        _preconditioner = new Preconditioner<T>(backend, _clusters, most, cancellation);
    }

    /// <summary>Takes up a tile; dispose what is returned when it is done with.</summary>
    /// <param name="deltas">Log weights, kernels x targets.</param>
    public ClusteredKernels<T> Of(MatrixView<double> deltas)
    {
        _clusters.Assign(deltas);
        _centres.Of(_clusters);
        return this;
    }

    /// <summary>The preconditioner of a fold; dispose it before the next one.</summary>
    public Preconditioner<T> Preconditioner(FoldSystem<T> system) => _preconditioner.Of(_centres, system);

    /// <summary>Gives the memory of a tile back; the object is ready for the next one.</summary>
    public void Dispose()
    {
        _centres.Dispose();
        _preconditioner.Dispose();
    }
}
