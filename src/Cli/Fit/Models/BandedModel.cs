using System.Numerics;
using VemKernels.Cli.Inputs;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit.Models;

/// <summary>Banded ridge: each space has its own regularisation, found by random search.</summary>
internal sealed class BandedModel : IFitModel
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
        using Matrix<double> gammas = Candidates.Of(context.Options.Search, context.Features.Count);
        RandomSearchOptions search = context.Search;
        return FittedModel<T>.Of(
            BandedRidge.Solve(
                context.Backend, context.Features, context.Targets, gammas.View, context.Folds, search,
                context.WeightMemory, context.Bar(), context.Cancellation),
            gammas.View, search.Alphas, context.Progress);
    }
}
