using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>One kernel a space: the caller's, or linear ones formed here and owned.</summary>
internal sealed class KernelSet<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Matrix<T>> _owned = [];

    private KernelSet(IReadOnlyList<MatrixView<T>> views) => Views = views;

    /// <summary>The kernels.</summary>
    public IReadOnlyList<MatrixView<T>> Views { get; private set; }

    /// <summary>The caller's own kernels.</summary>
    public static KernelSet<T> Given(IReadOnlyList<MatrixView<T>> kernels) => new(kernels);

    /// <summary>A_i B_i' of each space.</summary>
    public static KernelSet<T> Linear(
        IBackend backend, IReadOnlyList<MatrixView<T>> A, IReadOnlyList<MatrixView<T>> B, CancellationToken cancellation)
    {
        KernelSet<T> set = new([]);
        try
        {
            for (int i = 0; i < A.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                set._owned.Add(Predictions.LinearKernel(backend, A[i], B[i], cancellation));
            }
        }
        catch
        {
            set.Dispose();
            throw;
        }

        set.Views = [.. set._owned.Select(kernel => kernel.View)];
        return set;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Matrix<T> kernel in _owned)
        {
            kernel.Dispose();
        }
    }
}
