using System.Numerics;
using VemKernels.Cli.Inputs;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit.Models;

/// <summary>Multiple-kernel ridge: a kernel a space, weighed by random search.</summary>
internal sealed class MultipleKernelModel : IFitModel
{
    /// <inheritdoc/>
    public bool IsJoint => false;

    /// <inheritdoc/>
    public bool UsesFolds => true;

    /// <inheritdoc/>
    public IReadOnlyList<WeightKind> Weights => [WeightKind.Dual, WeightKind.Primal, WeightKind.None];

    /// <inheritdoc/>
    public FittedModel<T> Fit<T>(FitContext<T> context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using KernelSet<T> kernels = context.TrainingKernels();
        using Matrix<double> gammas = Candidates.Of(context.Options.Search, kernels.Views.Count);
        RandomSearchOptions search = context.Search;
        return FittedModel<T>.Of(
            MultipleKernelRidge.Solve(
                context.Backend, kernels.Views, context.Targets, gammas.View, context.Folds, search,
                context.FeaturesOfPrimal, context.WeightMemory, context.Bar(), context.Cancellation),
            gammas.View, search.Alphas, context.Progress, kernels.Centerers);
    }
}
