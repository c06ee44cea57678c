using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit;

/// <summary>The linear kernels between new and training samples, one a space; owns their memory.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class KernelSet<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Matrix<T>> _kernels = [];

    /// <summary>New samples x training samples each.</summary>
    public IReadOnlyList<MatrixView<T>> Views => [.. _kernels.Select(kernel => kernel.View)];

    /// <summary>Computes kernels.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="fresh">One matrix a space, new samples x features.</param>
    /// <param name="train">One matrix a space, training samples x features.</param>
    public static KernelSet<T> Between(
        IBackend backend, IReadOnlyList<MatrixView<T>> fresh, IReadOnlyList<MatrixView<T>> train)
    {
        KernelSet<T> set = new();
        for (int i = 0; i < fresh.Count; i++)
        {
            set._kernels.Add(Predictions.LinearKernel(backend, fresh[i], train[i]));
        }

        return set;
    }

    /// <inheritdoc/>
    public void Dispose() => _kernels.ForEach(kernel => kernel.Dispose());
}
