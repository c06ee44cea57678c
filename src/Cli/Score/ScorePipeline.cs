using System.Numerics;
using VemKernels.Cli.Fit;
using VemKernels.Cli.Inputs;
using VemKernels.Cli.Options;
using VemKernels.Cli.Predict;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Score;

/// <summary>The whole of <c>vem score</c>: a model or predictions, and responses in, a folder of scores out.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="backend">Where to compute.</param>
/// <param name="progress">Told how far the work is.</param>
/// <param name="cancellation">Stops the work before the next tile.</param>
internal sealed class ScorePipeline(
    ScoreOptions options, IBackend backend, ProgressReporter progress, CancellationToken cancellation)
{
    /// <summary>The names of the files.</summary>
    public static readonly ScoreFiles Files = new("");

    /// <summary>All files that may be written, as <see cref="AtomicFolder"/> takes them.</summary>
    public static readonly string[] Outputs = [.. Files.All, ModelFolder.Summary];

    /// <summary>Scores, and fills the folder; the caller commits it.</summary>
    /// <exception cref="OptionException">An option that does not fit the others or the data.</exception>
    /// <exception cref="IOException">A file that cannot be read or written, or does not fit the others.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public ScoreReport Run(AtomicFolder folder)
    {
        ModelDescription? model = options.Input is { } input ? ModelFolder.ReadDescription(input.Model) : null;
        return (model?.DataType ?? options.DataType) == DataType.Float64
            ? Run<double>(folder, model)
            : Run<float>(folder, model);
    }

    private ScoreReport Run<T>(AtomicFolder folder, ModelDescription? model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Responses<T> responses = Responses<T>.Open(options.Responses, options.Mask, cancellation);
        responses.RequireFinite(cancellation);
        using ModelScores<T> scores = model is null ? OfPredictions(responses) : OfModel(model, responses);
        Files.Write(folder, scores, model?.PartNames() ?? [], responses.Space);
        ScoreReport report = new(
            typeof(ScoreReport).Assembly.GetName().Version!.ToString(3), options.Input?.Model, options.Predictions,
            options.Responses.ToString(), responses.Samples, responses.Source.Targets,
            scores.R2Split is null ? null : options.Split,
            ScoreSummary.Of(scores.R2.View.RowSpan(0).ToArray()),
            ScoreSummary.Of(scores.Correlation.View.RowSpan(0).ToArray()),
            scores.R2Split is { } split ? SplitGap.Of(scores.R2.View, split.View) : null);
        if (report.SplitGap?.Describe(report.Targets) is { } gap)
        {
            progress.Note(gap);
        }

        JsonFile.Write(folder[ModelFolder.Summary], report);
        return report;
    }

    private ModelScores<T> OfModel<T>(ModelDescription description, Responses<T> responses)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using LoadedModel<T> model = new(backend, description, options.Input!, cancellation);
        RequireShape(responses, model.Predictor.Samples, model.Predictor.Targets, $"the model {options.Input!.Model}");
        using Matrix<T> offset = model.Offset();
        TargetSource<T> truth = Truth(responses, description.ZScoreRuns ? model.Runs : null);
        return ModelScores<T>.Of(
            backend, model.Predictor, truth, offset.View, options.Split, progress.Begin("scores"), cancellation);
    }

    private ModelScores<T> OfPredictions<T>(Responses<T> responses)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RunLabels? runs = options.Runs is null ? null
            : RunsFile.Read(options.Runs, responses.Samples, responses.Path);
        if (options.ZScoreRuns && runs is null)
        {
            throw new OptionException("--zscore-runs", "needs --runs");
        }

        using NpyTargetSource<T> predictions = new(options.Predictions!);
        RequireShape(responses, predictions.Samples, predictions.Targets, options.Predictions!);
        FiniteReport finite = FiniteCheck.Scan(predictions, cancellation);
        return finite.IsFinite
            ? ModelScores<T>.Of(
                backend, predictions, Truth(responses, options.ZScoreRuns ? runs : null), progress.Begin("scores"),
                cancellation)
            : throw new DataFormatException(options.Predictions!, finite.Describe("sample", "target"));
    }

    private static TargetSource<T> Truth<T>(Responses<T> responses, RunLabels? zscoreRuns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => zscoreRuns is null
        ? responses.Source
        : OptionException.Guard("--runs", () => new PreparedTargets<T>(
            responses.Source, zscoreRuns, [.. Enumerable.Range(0, responses.Samples)], null));

    private static void RequireShape<T>(Responses<T> responses, nint samples, nint targets, string of)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (responses.Source.Samples != samples || responses.Source.Targets != targets)
        {
            throw new DataFormatException(
                responses.Path, $"{responses.Source.Samples} samples x {responses.Source.Targets} targets; {of} "
                    + $"predicts {samples} x {targets}");
        }
    }
}
