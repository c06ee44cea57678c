using System.Numerics;
using VemKernels.Cli.Fit;
using VemKernels.Cli.Options;
using VemKernels.Data;

namespace VemKernels.Cli.Predict;

/// <summary>The whole of <c>vem predict</c>: a model and new features in, predicted responses out.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="backend">Where to compute.</param>
/// <param name="progress">Told how far the work is.</param>
/// <param name="cancellation">Stops the work before the next tile.</param>
internal sealed class PredictPipeline(
    PredictOptions options, IBackend backend, ProgressReporter progress, CancellationToken cancellation)
{
    /// <summary>Predicts; returns samples and targets of what was written.</summary>
    /// <exception cref="OptionException">
    /// A space is missing, unknown, or named twice, or the runs that the model needs are missing.
    /// </exception>
    /// <exception cref="IOException">
    /// A file cannot be read or written, or is not what the model was fitted to.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public (nint Samples, nint Targets) Run()
    {
        ModelDescription model = ModelFolder.ReadDescription(options.Input.Model);
        return model.DataType == DataType.Float64 ? Run<double>(model) : Run<float>(model);
    }

    private (nint Samples, nint Targets) Run<T>(ModelDescription description)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using LoadedModel<T> model = new(backend, description, options.Input, cancellation);
        ModelPredictor<T> predictor = model.Predictor;
        using Matrix<T> offset = model.Offset();
        using MappedNpyWriter<T> output = new(options.Out, predictor.Samples, predictor.Targets);
        predictor.Predict(offset.View, output.View, progress.Begin("prediction"), cancellation);
        output.Commit();
        return (predictor.Samples, predictor.Targets);
    }
}
