using System.Numerics;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// For one fold the inverses of sum_i exp(c_i) K_i + I at the centres c of clusters of targets: factored and inverted
/// in double, rounded once, so that applying one is a gemm.
/// </summary>
internal sealed class Preconditioner<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly List<DeviceMatrix<T>> _inverses = [];

    /// <param name="backend">Where to compute.</param>
    /// <param name="clusters">The clusters.</param>
    /// <param name="centreKernels">For each cluster sum_i exp(c_i) K_i on all samples.</param>
    /// <param name="system">The fold.</param>
    /// <param name="cancellation">Stops the work before the next cluster.</param>
    public Preconditioner(
        IBackend backend, TargetClusters clusters, CentreKernels<T> centreKernels, FoldSystem<T> system,
        CancellationToken cancellation)
    {
        _backend = backend;
        Clusters = clusters;
        int n = system.TrainCount;
        try
        {
            using DeviceMatrix<double> matrix = backend.Allocate<double>(n, n);
            for (int c = 0; c < clusters.Centres.Count; c++)
            {
                cancellation.ThrowIfCancellationRequested();
                centreKernels.Training(c, system.Train, matrix.View);
                if (system.Intercept)
                {
                    backend.CenterKernel(matrix.View);
                }

                backend.AddDiagonal(matrix.View, 1);
                backend.Cholesky(matrix.View, 1, cancellation);
                backend.CholeskyInverse(matrix.View, 1, cancellation);
                DeviceMatrix<T> inverse = backend.Allocate<T>(n, n);
                _inverses.Add(inverse);
                backend.Copy(matrix.View, inverse.View);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public TargetClusters Clusters { get; }

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

            _backend.Gemm(
                1, _inverses[clusterOf[start]].View, R.SliceColumns(start, end - start), 0,
                Z.SliceColumns(start, end - start));
            start = end;
        }
    }

    public void Dispose() => _inverses.ForEach(inverse => inverse.Dispose());
}
