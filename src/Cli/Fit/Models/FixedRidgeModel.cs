using System.Numerics;
using VemKernels.Cli.Inputs;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit.Models;

/// <summary>Ridge on all spaces as one with given alphas.</summary>
internal sealed class FixedRidgeModel : IFitModel
{
    /// <inheritdoc/>
    public bool IsJoint => true;

    /// <inheritdoc/>
    public bool UsesFolds => false;

    /// <inheritdoc/>
    public IReadOnlyList<WeightKind> Weights => [WeightKind.Primal, WeightKind.None];

    /// <inheritdoc/>
    public FittedModel<T> Fit<T>(FitContext<T> context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] alphas = Numbers.Alphas(context.Options.Given.Alpha, context.Targets.Targets);
        RidgeOptions options = new()
        {
            Alphas = alphas,
            FitIntercept = context.Options.FitIntercept,
            SampleWeights = context.SampleWeights,
            Memory = context.Memory,
            CheckFinite = false, // Checked before, where the name of the file is known.
        };
        RidgeResult<T> result = Ridge.Solve(
            context.Backend, context.Features[0], context.Targets, options, context.WeightMemory, context.Bar(),
            context.Cancellation);
        return new FittedModel<T>(result) { Intercept = result.Intercept?.View, Alphas = 1 };
    }
}
