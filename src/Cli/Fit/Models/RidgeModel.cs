using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit.Models;

/// <summary>Ridge on all spaces as one, alpha by cross-validation.</summary>
internal sealed class RidgeModel : IFitModel
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
        RandomSearchOptions search = context.Search;
        using Matrix<double> one = Matrix<double>.From(1, 1, [1.0]);
        return FittedModel<T>.Of(
            RidgeCV.Solve(
                context.Backend, context.Features[0], context.Targets, context.Folds, search, context.WeightMemory,
                context.Bar(), context.Cancellation),
            one.View, search.Alphas, context.Progress);
    }
}
