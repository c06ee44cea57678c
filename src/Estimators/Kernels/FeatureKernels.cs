using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Kernels of features: kernel i of matrix i, one kernel of each matrix, or all kernels of the only matrix. Keeps a
/// copy of the training features.
/// </summary>
internal sealed class FeatureKernels<T>(IBackend backend, IReadOnlyList<PairwiseKernel> kernels) : KernelSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override bool Agrees(ModelSizes sizes)
    {
        int matrices = sizes.Features.Count;
        bool canBeSparse = kernels.Count == 1 && kernels[0] == PairwiseKernel.Linear;
        return matrices > 0 && (canBeSparse || !sizes.Sparse) && (kernels.Count == 1 ? matrices == sizes.Spaces
            : kernels.Count == sizes.Spaces && (matrices == 1 || matrices == kernels.Count));
    }

    public override KernelSet<T> Training(
        FittedModel<T> model, IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y, bool checkFinite,
        CancellationToken cancellation)
    {
        for (int i = 0; i < X.Count; i++)
        {
            Shapes.Require(X[i], Y.Samples, X[i].Columns, $"X[{i}]");
            if (checkFinite)
            {
                FiniteCheck.Require(X[i], $"X[{i}]", cancellation);
            }
        }

        int count = Count(X.Count);
        model.Sizes = SizesOf(Y, count, [.. X.Select(x => (long)x.Columns)]);
        KernelSet<T> set = KernelSet<T>.Make(count, i => Compute(i, X[MatrixOf(i, X.Count)], null, cancellation));
        for (int i = 0; i < X.Count; i++)
        {
            model.Add(FeaturesArray(i), Matrix<T>.From(X[i]));
        }

        return set;
    }

    public override KernelSet<T> New(
        FittedModel<T> model, IReadOnlyList<MatrixView<T>> X, CancellationToken cancellation)
    {
        RequireNew(X, model.Sizes.Features.Count, i => (nint)model.Sizes.Features[i]);
        if (model.Sparse is { } sparse)
        {
            return SparseFeatures.Kernel(X[0], sparse, cancellation);
        }

        return KernelSet<T>.Make(model.Sizes.Spaces, i =>
        {
            int matrix = MatrixOf(i, X.Count);
            return Compute(i, X[matrix], model.Arrays[FeaturesArray(matrix)].View, cancellation);
        });
    }

    public override Matrix<T> Primal(
        FittedModel<T> model, MatrixView<T> dual, MatrixView<T>? deltas, IBackend backend,
        CancellationToken cancellation)
    {
        foreach (PairwiseKernel kernel in kernels)
        {
            if (kernel != PairwiseKernel.Linear)
            {
                throw new InvalidOperationException(
                    $"There are no weights of features: a kernel is {kernel.Name}, not linear.");
            }
        }

        if (model.Sparse is { } sparse)
        {
            return SparseFeatures.Primal(sparse, dual, cancellation);
        }

        int matrices = model.Sizes.Features.Count;
        MatrixView<T>[] features =
        [
            .. Enumerable.Range(0, model.Sizes.Spaces)
                .Select(i => model.Arrays[FeaturesArray(MatrixOf(i, matrices))].View),
        ];
        return Primal(features, dual, deltas, backend, cancellation);
    }

    /// <summary>How many kernels there are of so many matrices.</summary>
    private int Count(int matrices) => kernels.Count == 1 ? matrices
        : matrices == 1 || matrices == kernels.Count ? kernels.Count
        : throw new ArgumentException(
            $"{kernels.Count} kernels for {matrices} matrices; expected one kernel, one a matrix, or one matrix.",
            "Kernels");

    private static int MatrixOf(int kernel, int matrices) => matrices == 1 ? 0 : kernel;

    private Matrix<T> Compute(int i, MatrixView<T> X, MatrixView<T>? training, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        PairwiseKernel kernel = kernels[kernels.Count == 1 ? 0 : i];

        // The linear kernel is summed in double: its rounding is what limits small alphas.
        return kernel == PairwiseKernel.Linear
            ? Predictions.LinearKernel(backend, X, training ?? X, cancellation)
            : PairwiseKernels.Compute(backend, kernel, X, training, checkFinite: false, cancellation);
    }
}
