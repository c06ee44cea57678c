using System.Numerics;
using VemKernels.Cli.Inputs;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit.Models;

/// <summary>Kernel ridge on all spaces as one with given alphas.</summary>
internal sealed class FixedKernelModel : IFitModel
{
    /// <inheritdoc/>
    public bool IsJoint => true;

    /// <inheritdoc/>
    public bool UsesFolds => false;

    /// <inheritdoc/>
    public IReadOnlyList<WeightKind> Weights => [WeightKind.Dual];

    /// <inheritdoc/>
    public FittedModel<T> Fit<T>(FitContext<T> context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] alphas = Numbers.Alphas(context.Options.Given.Alpha, context.Targets.Targets);
        KernelRidgeOptions options = new()
        {
            Alphas = alphas,
            FitIntercept = context.Options.FitIntercept,
            SampleWeights = context.SampleWeights,
            Memory = context.Memory,
            CheckFinite = false, // Checked before, where the name of the file is known.
        };
        using KernelSet<T> kernels = context.TrainingKernels();
        DualWeightsResult<T> result = KernelRidge.Solve(
            context.Backend, kernels.Views[0], context.Targets, options, weights: context.WeightMemory,
            progress: context.Bar(), cancellation: context.Cancellation);
        Matrix<T> deltas = new(1, context.Targets.Targets);
        AlphaIntoDeltas.Move(alphas, deltas.View, context.WeightMemory!.Value);
        return new FittedModel<T>(result, deltas)
        {
            Deltas = deltas.View, Intercept = result.Intercept?.View, Centerers = kernels.Centerers, Alphas = 1,
        };
    }
}
