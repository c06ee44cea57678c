using VemKernels.Cli.Options;

namespace VemKernels.Cli.Predict;

/// <summary>New features for a model.</summary>
/// <param name="Model">Folder of a fit.</param>
/// <param name="Features">New features, one of each space of the model.</param>
/// <param name="Runs">The run of each new sample; null: one run.</param>
internal sealed record NewFeatures(string Model, IReadOnlyList<FeatureArgument> Features, FileArgument? Runs)
{
    /// <summary>The files that are read besides the model's.</summary>
    public IEnumerable<string> InputFiles =>
        new[] { Runs?.Path }.OfType<string>().Concat(Features.Select(space => space.Source.Path));
}
