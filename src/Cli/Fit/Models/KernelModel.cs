using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit.Models;

/// <summary>Kernel ridge on all spaces as one, alpha by cross-validation.</summary>
internal sealed class KernelModel : IFitModel
{
    /// <inheritdoc/>
    public bool IsJoint => true;

    /// <inheritdoc/>
    public bool UsesFolds => true;

    /// <inheritdoc/>
    public IReadOnlyList<WeightKind> Weights => [WeightKind.Dual, WeightKind.Primal, WeightKind.None];

    /// <inheritdoc/>
    public FittedModel<T> Fit<T>(FitContext<T> context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using KernelSet<T> kernels = context.TrainingKernels();
        using Matrix<double> one = Matrix<double>.From(1, 1, [1.0]);
        RandomSearchOptions search = context.Search;
        return FittedModel<T>.Of(
            MultipleKernelRidge.Solve(
                context.Backend, kernels.Views, context.Targets, one.View, context.Folds, search,
                context.FeaturesOfPrimal, context.WeightMemory, context.Bar(), context.Cancellation),
            one.View, search.Alphas, context.Progress, kernels.Centerers);
    }
}
