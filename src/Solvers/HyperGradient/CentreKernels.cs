using System.Numerics;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// The weighted sum of kernels at a cluster's centre, on all samples, in double; the training rows of each fold are
/// taken from it. One object serves one tile after another.
/// </summary>
/// <param name="backend">Where to compute.</param>
/// <param name="kernels">All kernels side by side, n x (m n).</param>
/// <param name="most">Most clusters.</param>
internal sealed class CentreKernels<T>(IBackend backend, DeviceView<T> kernels, int most) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DeviceLease<double>[] _sums = new DeviceLease<double>[most];

    /// <summary>Takes up the clusters of a tile; dispose what is returned when they are done with.</summary>
    public CentreKernels<T> Of(TargetClusters clusters)
    {
        nint n = kernels.Rows;
        try
        {
            for (int c = 0; c < clusters.Count; c++)
            {
                _sums[c] = backend.Rent<double>(n, n);
                backend.Fill(_sums[c].View, 0);
            }

            using DeviceLease<double> kernel = backend.Rent<double>(n, n);
            for (int i = 0; i < kernels.Columns / n; i++)
            {
                backend.Copy(kernels.SliceColumns(i * n, n), kernel.View);
                for (int c = 0; c < clusters.Count; c++)
                {
                    backend.AddScaled(Math.Exp(clusters.Centre(c)[i]), kernel.View, _sums[c].View);
                }
            }

            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Rows and columns of a cluster's kernel that a fold trains on.</summary>
    public void Training(int cluster, ReadOnlySpan<int> train, DeviceView<double> result)
    {
        DeviceView<double> sum = _sums[cluster].View;
        using DeviceLease<double> rows = backend.Rent<double>(train.Length, sum.Columns);
        backend.GatherRows(sum, train, rows.View);
        backend.GatherColumns(rows.View, train, result);
    }

    /// <summary>Gives the memory back; the object is ready for the next tile.</summary>
    public void Dispose()
    {
        for (int c = 0; c < _sums.Length; c++)
        {
            _sums[c].Dispose();
            _sums[c] = default;
        }
    }
}
