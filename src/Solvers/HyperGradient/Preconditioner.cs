using System.Numerics;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// For one fold the inverses of sum_i exp(c_i) K_i + I at the centres c of clusters of targets: factored and inverted
/// in double, rounded once, so that applying one is a gemm. One object serves one fold and tile after another.
/// </summary>
/// <param name="backend">Where to compute.</param>
/// <param name="clusters">The clusters, of the tile that is worked on.</param>
/// <param name="most">Most clusters.</param>
/// <param name="cancellation">Stops the work before the next cluster.</param>
internal sealed class Preconditioner<T>(
    IBackend backend, TargetClusters clusters, int most, CancellationToken cancellation) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DeviceLease<T>[] _inverses = new DeviceLease<T>[most];

    public TargetClusters Clusters => clusters;

    /// <summary>Takes up a fold; dispose what is returned when it is done with.</summary>
    /// <param name="centres">For each cluster sum_i exp(c_i) K_i on all samples.</param>
    /// <param name="system">The fold.</param>
    public Preconditioner<T> Of(CentreKernels<T> centres, FoldSystem<T> system)
    {
        int n = system.TrainCount;
        try
        {
            using DeviceLease<double> matrix = backend.Rent<double>(n, n);
            for (int c = 0; c < clusters.Count; c++)
            {
                cancellation.ThrowIfCancellationRequested();
                centres.Training(c, system.Train, matrix.View);
                if (system.Intercept)
                {
                    backend.CenterKernel(matrix.View);
                }

                backend.AddDiagonal(matrix.View, 1);
                backend.Cholesky(matrix.View, 1, cancellation);
                backend.CholeskyInverse(matrix.View, 1, cancellation);
                _inverses[c] = backend.Rent<T>(n, n);
                backend.Copy(matrix.View, _inverses[c].View);
            }

            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Z = the preconditioned R; clusterOf ascends over the columns.</summary>
    public void Apply(ReadOnlySpan<int> clusterOf, DeviceView<T> R, DeviceView<T> Z)
    {
        for (int start = 0; start < clusterOf.Length;)
        {
            int end = start + 1;
            while (end < clusterOf.Length && clusterOf[end] == clusterOf[start])
            {
                end++;
            }

            backend.Gemm(
                1, _inverses[clusterOf[start]].View, R.SliceColumns(start, end - start), 0,
                Z.SliceColumns(start, end - start));
            start = end;
        }
    }

    /// <summary>Gives the memory back; the object is ready for the next fold.</summary>
    public void Dispose()
    {
        for (int c = 0; c < _inverses.Length; c++)
        {
            _inverses[c].Dispose();
            _inverses[c] = default;
        }
    }
}
