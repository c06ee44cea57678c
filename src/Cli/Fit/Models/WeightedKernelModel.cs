using System.Numerics;
using VemKernels.Cli.Inputs;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit.Models;

/// <summary>Kernel ridge on a sum of kernels whose log weights are given.</summary>
internal sealed class WeightedKernelModel : IFitModel
{
    /// <inheritdoc/>
    public bool IsJoint => false;

    /// <inheritdoc/>
    public bool UsesFolds => false;

    /// <inheritdoc/>
    public IReadOnlyList<WeightKind> Weights => [WeightKind.Dual];

    /// <inheritdoc/>
    public FittedModel<T> Fit<T>(FitContext<T> context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] alphas = Numbers.Alphas(context.Options.Given.Alpha, context.Targets.Targets);
        WeightedKernelRidgeOptions options = new()
        {
            Alphas = alphas,
            FitIntercept = context.Options.FitIntercept,
            SampleWeights = context.SampleWeights,
            MaxIterations = context.Options.Descent.MaxIterations,
            Tolerance = context.Options.Descent.Tolerance,
            Memory = context.Memory,
            CheckFinite = false, // Checked before, where the name of the file is known.
        };
        Matrix<T> deltas = Numbers.Deltas<T>(
            context.Options.Given.Deltas!, context.Kernels.Count, context.Targets.Targets);
        try
        {
            using KernelSet<T> kernels = context.TrainingKernels();
            DualWeightsResult<T> result = WeightedKernelRidge.Solve(
                context.Backend, kernels.Views, context.Targets, deltas.View, options, weights: context.WeightMemory,
                progress: context.Bar(), cancellation: context.Cancellation);
            AlphaIntoDeltas.Move(alphas, deltas.View, context.WeightMemory!.Value);
            return new FittedModel<T>(result, deltas)
            {
                Deltas = deltas.View, Intercept = result.Intercept?.View, Centerers = kernels.Centerers, Alphas = 1,
            };
        }
        catch
        {
            deltas.Dispose();
            throw;
        }
    }
}
