using System.Numerics;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// The kernels on the device, side by side: n x (m n). With an intercept they are centred over all samples, which
/// changes nothing for a fold that centres them on its own rows, and keeps large common offsets out of the products;
/// their mean rows before are kept.
/// </summary>
internal sealed class KernelStack<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DeviceMatrix<T> _kernels;

    public KernelStack(IBackend backend, Inputs<T> inputs, bool intercept)
    {
        nint n = inputs.Samples;
        int m = inputs.Spaces;
        _kernels = backend.Allocate<T>(n, m * n);
        MeanRows = intercept ? new Matrix<T>(m, n) : null;
        for (int i = 0; i < m; i++)
        {
            DeviceView<T> kernel = _kernels.View.SliceColumns(i * n, n);
            inputs.KernelViews![i].CopyTo(backend, kernel);
            if (MeanRows is not null)
            {
                using DeviceMatrix<T> means = backend.Allocate<T>(1, n);
                backend.ColumnMeans(kernel, means.View);
                backend.Download(means.View, MeanRows.View.SliceRows(i, 1));
                backend.CenterKernel(kernel);
            }
        }
    }

    /// <summary>n x (m n).</summary>
    public DeviceView<T> View => _kernels.View;

    /// <summary>The mean row of each kernel as it was given, m x n, where there is an intercept.</summary>
    public Matrix<T>? MeanRows { get; }

    public void Dispose()
    {
        _kernels.Dispose();
        MeanRows?.Dispose();
    }
}
