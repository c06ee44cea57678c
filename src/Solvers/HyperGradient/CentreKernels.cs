using System.Numerics;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// The weighted sum of kernels at a cluster's centre, on all samples, in double; the training rows of each fold are
/// taken from it.
/// </summary>
internal sealed class CentreKernels<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly List<DeviceMatrix<double>> _sums = [];

    /// <param name="backend">Where to compute.</param>
    /// <param name="kernels">All kernels side by side, n x (m n).</param>
    /// <param name="centres">Log kernel weights of each cluster.</param>
    public CentreKernels(IBackend backend, DeviceView<T> kernels, IReadOnlyList<double[]> centres)
    {
        _backend = backend;
        nint n = kernels.Rows;
        try
        {
            foreach (double[] _ in centres)
            {
                DeviceMatrix<double> sum = backend.Allocate<double>(n, n);
                _sums.Add(sum);
                backend.Fill(sum.View, 0);
            }

            using DeviceMatrix<double> kernel = backend.Allocate<double>(n, n);
            for (int i = 0; i < kernels.Columns / n; i++)
            {
                backend.Copy(kernels.SliceColumns(i * n, n), kernel.View);
                for (int c = 0; c < centres.Count; c++)
                {
                    backend.AddScaled(Math.Exp(centres[c][i]), kernel.View, _sums[c].View);
                }
            }
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
        using DeviceMatrix<double> rows = _backend.Allocate<double>(train.Length, sum.Columns);
        _backend.GatherRows(sum, train, rows.View);
        _backend.GatherColumns(rows.View, train, result);
    }

    public void Dispose() => _sums.ForEach(sum => sum.Dispose());
}
