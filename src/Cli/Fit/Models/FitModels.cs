using VemKernels.Cli.Options;

namespace VemKernels.Cli.Fit.Models;

/// <summary>The model for each kind.</summary>
internal static class FitModels
{
    /// <summary>The model that was asked for.</summary>
    public static IFitModel Of(FitOptions options) => options.Model switch
    {
        ModelKind.Banded => new BandedModel(),
        ModelKind.Ridge => options.Given.Alpha is null ? new RidgeModel() : new FixedRidgeModel(),
        ModelKind.Kernel => options.Given.Alpha is null ? new KernelModel() : new FixedKernelModel(),
        ModelKind.MultipleKernel => new MultipleKernelModel(),
        ModelKind.HyperGradient => new HyperGradientModel(),
        ModelKind.WeightedKernel => new WeightedKernelModel(),
        ModelKind.Lasso => new LassoModel(),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Model, "There is no such model."),
    };
}
