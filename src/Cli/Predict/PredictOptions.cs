namespace VemKernels.Cli.Predict;

/// <summary>What <c>vem predict</c> was asked for.</summary>
/// <param name="Input">The model and new features.</param>
/// <param name="Out">The file to write.</param>
internal sealed record PredictOptions(NewFeatures Input, string Out);
