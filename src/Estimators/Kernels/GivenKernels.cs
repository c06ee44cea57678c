using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Kernels that the caller gives: samples x samples to fit, new samples x training samples to predict.
/// </summary>
internal sealed class GivenKernels<T> : KernelSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override bool Agrees(ModelSizes sizes) => sizes.Features.Count == 0;

    public override KernelSet<T> Training(
        FittedModel<T> model, IReadOnlyList<MatrixView<T>> X, TargetSource<T> Y, bool checkFinite,
        CancellationToken cancellation)
    {
        for (int i = 0; i < X.Count; i++)
        {
            Shapes.Require(X[i], Y.Samples, Y.Samples, $"X[{i}]");
            if (checkFinite)
            {
                FiniteCheck.Require(X[i], $"X[{i}]", cancellation);
            }
        }

        model.Sizes = SizesOf(Y, X.Count, []);
        return new KernelSet<T>(X, []);
    }

    public override KernelSet<T> New(
        FittedModel<T> model, IReadOnlyList<MatrixView<T>> X, CancellationToken cancellation)
    {
        RequireNew(X, model.Sizes.Spaces, _ => (nint)model.Sizes.Samples);
        return new KernelSet<T>(X, []);
    }

    public override Matrix<T> Primal(
        FittedModel<T> model, MatrixView<T> dual, MatrixView<T>? deltas, IBackend backend,
        CancellationToken cancellation) =>
        throw new InvalidOperationException("There are no weights of features: the kernels were given.");
}
