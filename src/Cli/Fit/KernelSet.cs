using System.Numerics;
using VemKernels.Cli.Options;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit;

/// <summary>
/// The kernels between some samples and the training samples, one a space; owns their memory. Kernels other than linear
/// are centred over the training samples, as linear ones are by their features.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class KernelSet<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Matrix<T>> _kernels = [];

    private readonly List<KernelCenterer?> _centerers = [];

    private KernelSet()
    {
    }

    /// <summary>Samples x training samples each.</summary>
    public IReadOnlyList<MatrixView<T>> Views => [.. _kernels.Select(kernel => kernel.View)];

    /// <summary>What centres each kernel; null where features are centred instead.</summary>
    public IReadOnlyList<KernelCenterer?> Centerers => _centerers;

    /// <summary>Computes the kernels of the training samples.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="choices">Which kernel each space has.</param>
    /// <param name="train">One matrix a space, training samples x features.</param>
    /// <param name="cancellation">Stops the work before the next kernel.</param>
    /// <exception cref="OptionException">A kernel overflows.</exception>
    public static KernelSet<T> OfTraining(
        IBackend backend, IReadOnlyList<KernelChoice> choices, IReadOnlyList<MatrixView<T>> train,
        CancellationToken cancellation)
    {
        KernelSet<T> set = new();
        try
        {
            for (int i = 0; i < train.Count; i++)
            {
                Matrix<T> kernel = set.Add(backend, choices[i], train[i], train[i], cancellation);
                KernelCenterer? centerer = choices[i].IsLinear() ? null
                    : OptionException.Guard($"--kernel {choices[i]}", () => KernelCenterer.Fit(backend, kernel.View));
                centerer?.TransformInPlace(backend, kernel.View);
                Symmetrize(kernel.View);
                set._centerers.Add(centerer);
            }

            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>Computes the kernels between new and training samples.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="choices">Which kernel each space has.</param>
    /// <param name="centerers">What centres each kernel; null for those of centred features.</param>
    /// <param name="fresh">One matrix a space, new samples x features.</param>
    /// <param name="train">One matrix a space, training samples x features.</param>
    /// <param name="cancellation">Stops the work before the next kernel.</param>
    public static KernelSet<T> Between(
        IBackend backend, IReadOnlyList<KernelChoice> choices, IReadOnlyList<KernelCenterer?> centerers,
        IReadOnlyList<MatrixView<T>> fresh, IReadOnlyList<MatrixView<T>> train, CancellationToken cancellation)
    {
        KernelSet<T> set = new();
        try
        {
            for (int i = 0; i < fresh.Count; i++)
            {
                Matrix<T> kernel = set.Add(backend, choices[i], fresh[i], train[i], cancellation);
                centerers[i]?.TransformInPlace(backend, kernel.View);
                set._centerers.Add(centerers[i]);
            }

            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _kernels.ForEach(kernel => kernel.Dispose());

    /// <summary>Linear kernels are accumulated in double.</summary>
    private Matrix<T> Add(
        IBackend backend, KernelChoice choice, MatrixView<T> fresh, MatrixView<T> train, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Matrix<T> kernel = choice.IsLinear()
            ? Predictions.LinearKernel(backend, fresh, train, cancellation)
            : PairwiseKernels.Compute(backend, choice.ToKernel(), fresh, train, checkFinite: false, cancellation);
        _kernels.Add(kernel);
        return kernel;
    }

    /// <summary>Solvers want symmetry to the bit or nearly so; centring rounds the two halves apart.</summary>
    private static void Symmetrize(MatrixView<T> kernel)
    {
        for (nint i = 0; i < kernel.Rows; i++)
        {
            for (nint j = 0; j < i; j++)
            {
                kernel[j, i] = kernel[i, j];
            }
        }
    }
}
