using System.Numerics;

namespace VemKernels.Simd;

/// <content>Pairwise kernels.</content>
public sealed unsafe partial class SimdBackend
{
    /// <inheritdoc/>
    public void PairwiseKernel<T>(
        KernelFunction function, DeviceView<T> A, DeviceView<T> B, DeviceView<T> K,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(B, B.Rows, A.Columns, nameof(B));
        Shapes.Require(K, A.Rows, B.Rows, nameof(K));
        MatrixView<T> host = Host(K);
        if (!host.HasContiguousRows && host.Transposed.HasContiguousRows)
        {
            // Kernels are symmetric functions: the transpose is the kernel of B and A.
            PairwiseKernel(function, Host(B), Host(A), host.Transposed, cancellation);
            return;
        }

        using Dense<T> k = ReadDense(K);
        PairwiseKernel(function, Host(A), Host(B), k.View, cancellation);
        k.WriteBack();
    }

    /// <inheritdoc/>
    public void CenterKernel<T>(DeviceView<T> K, DeviceView<double> trainingColumnMeans, double trainingMean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(trainingColumnMeans, 1, K.Columns, nameof(trainingColumnMeans));
        using Scratch<double> means = Vector<double>(trainingColumnMeans, K.Columns, nameof(trainingColumnMeans));
        using Dense<T> k = ReadDense(K);
        Kernels<T>().CenterCrossKernel(_context, k.View, means.Pointer, trainingMean);
        k.WriteBack();
    }

    /// <inheritdoc/>
    public void ColumnMeansInDouble<T>(DeviceView<T> A, DeviceView<double> means)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(means, 1, A.Columns, nameof(means));
        using Dense<T> a = ReadDense(A);
        Kernels<T>().ColumnMeansInDouble(_context, a.View, Host(means));
    }

    private void PairwiseKernel<T>(
        KernelFunction function, MatrixView<T> A, MatrixView<T> B, MatrixView<T> K, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (function.Kind)
        {
            case KernelKind.Rbf when typeof(T) == typeof(float):
                Kernels<T>().RbfKernelFromProducts(_context, function.Gamma, A, B, K, _double, cancellation);
                break;
            case KernelKind.Rbf:
                _double.RbfKernel(_context, function.Gamma, A, B, K, cancellation);
                break;
            case KernelKind.Cosine:
                Kernels<T>().CosineKernel(_context, A, B, K, cancellation);
                break;
            default:
                Kernels<T>().ProductKernel(_context, function, A, B, K, cancellation);
                break;
        }
    }
}
