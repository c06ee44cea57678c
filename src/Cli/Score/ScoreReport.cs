using VemKernels.Cli.Fit;

namespace VemKernels.Cli.Score;

/// <summary>What summary.json of scores holds.</summary>
/// <param name="Version">Version of vem.</param>
/// <param name="Model">Folder of the model; null where predictions were given.</param>
/// <param name="Predictions">File of predictions; null where a model was given.</param>
/// <param name="Responses">The measured responses.</param>
/// <param name="Samples">How many samples were scored.</param>
/// <param name="Targets">How many targets.</param>
/// <param name="Split">How r2 was split; null where it was not.</param>
/// <param name="R2">R2 over targets.</param>
/// <param name="Correlation">Correlation over targets.</param>
/// <param name="SplitGap">How far split r2 is from adding up; null where it was not split.</param>
internal sealed record ScoreReport(
    string Version, string? Model, string? Predictions, string Responses, long Samples, long Targets, SplitKind? Split,
    ScoreSummary R2, ScoreSummary Correlation, SplitGap? SplitGap);
