using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.Weighted;

/// <summary>
/// Kernels on the device as they are solved with, side by side: K_1 ... K_m, or their one weighted sum where all
/// targets share it. Centred and scaled in double, rounded once.
/// </summary>
internal sealed class PreparedKernels<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly DeviceMatrix<T> _kernels;
    private readonly DeviceMatrix<T>? _rows;

    public PreparedKernels(
        IBackend backend, DualProblem<T> problem, SampleScaling scaling, CancellationToken cancellation)
    {
        _backend = backend;
        nint n = problem.Samples;
        Count = problem.SharesKernel ? 1 : problem.Kernels.Count;
        _kernels = backend.Allocate<T>(n, Count * n);
        _rows = problem.Options.FitIntercept ? backend.Allocate<T>(Count, n) : null;
        using DeviceMatrix<double> K = backend.Allocate<double>(n, n);
        for (int i = 0; i < Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (problem.SharesKernel)
            {
                Sum(problem, K.View, cancellation);
            }
            else
            {
                Upload.AsDouble(backend, problem.Kernels[i], K.View);
            }

            using DeviceLease<double> rows = scaling.ApplyToKernel(K.View);
            backend.Copy(K.View, Kernel(i));
            if (rows.IsHeld)
            {
                backend.Copy(rows.View, _rows!.View.SliceRows(i, 1));
            }
        }
    }

    /// <summary>How many kernels stand side by side.</summary>
    public int Count { get; }

    /// <summary>n x (count n).</summary>
    public DeviceView<T> View => _kernels.View;

    /// <summary>Mean rows of the kernels before centring, count x n, where there is an intercept.</summary>
    public DeviceView<T>? Rows => _rows?.View;

    public DeviceView<T> Kernel(int i) => _kernels.View.SliceColumns(i * _kernels.Rows, _kernels.Rows);

    public void Dispose()
    {
        _kernels.Dispose();
        _rows?.Dispose();
    }

    private void Sum(DualProblem<T> problem, DeviceView<double> sum, CancellationToken cancellation)
    {
        if (problem.Kernels.Count == 1 && problem.Deltas is null)
        {
            Upload.AsDouble(_backend, problem.Kernels[0], sum);
            return;
        }

        _backend.Fill(sum, 0);
        for (int i = 0; i < problem.Kernels.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using DeviceMatrix<double> kernel = Upload.AsDouble(_backend, problem.Kernels[i]);
            _backend.AddScaled(problem.KernelWeight(i, 0), kernel.View, sum);
        }
    }
}
