using System.Numerics;
using VemKernels.Cli.Fit;
using VemKernels.Cli.Inputs;
using VemKernels.Cli.Options;
using VemKernels.Data;
using VemKernels.Solvers;

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
        ModelDescription model = ModelFolder.ReadDescription(options.Model);
        return model.DataType == DataType.Float64 ? Run<double>(model) : Run<float>(model);
    }

    private (nint Samples, nint Targets) Run<T>(ModelDescription model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IReadOnlyList<FeatureArgument> arguments = MatchSpaces(model);
        RequireRuns(model);
        using MappedNpy<T> train = new(InModel(ModelFolder.Features));
        using MappedNpy<T> dual = new(InModel(ModelFolder.Dual));
        using Matrix<T> deltas = NpyFile.Read<T>(InModel(ModelFolder.Deltas));
        using Matrix<T> offset = ReadOffset<T>(model);
        RequireShapes(model, train.View, dual.View, deltas.View, offset.View);

        using Design<T> design = Prepare<T>(model, arguments);
        using KernelSet<T> kernels = KernelSet<T>.Between(
            backend, design.Blocks(design.Test.View), design.Blocks(train.View));
        using MappedNpyWriter<T> output = new(options.Out, design.Test.Rows, dual.View.Columns);
        Predictions.Predict(
            backend, kernels.Views, dual.View, deltas.View, offset.View, output.View,
            progress.Begin("prediction"), cancellation);
        output.Commit();
        return (design.Test.Rows, dual.View.Columns);
    }

    /// <summary>The features given, in the order of the model's spaces.</summary>
    private FeatureArgument[] MatchSpaces(ModelDescription model)
    {
        string[] known = [.. model.Spaces.Select(space => space.Name)];
        foreach (FeatureArgument given in options.Features)
        {
            if (!known.Contains(given.Name))
            {
                throw new OptionException(
                    $"--features {given}", $"the model has no space '{given.Name}'; it has {string.Join(", ", known)}");
            }

            if (options.Features.Count(other => other.Name == given.Name) > 1)
            {
                throw new OptionException($"--features {given}", $"the space '{given.Name}' is named twice");
            }
        }

        return [.. known.Select(name => options.Features.FirstOrDefault(given => given.Name == name)
            ?? throw new OptionException("--features", $"the model's space '{name}' is missing"))];
    }

    /// <summary>Without its runs a series is delayed and z-scored as one, which gives other numbers.</summary>
    private void RequireRuns(ModelDescription model)
    {
        if (options.Runs is null && model.HasRuns
            && (model.ZScoreRuns || model.Spaces.Any(space => space.Delays is not null)))
        {
            throw new OptionException(
                "--runs", "the model was fitted with runs; give --runs (a file that numbers one run will do)");
        }
    }

    /// <summary>
    /// Codes, delays, z-scores and centres new features as those of the fit; they become the design's test part.
    /// </summary>
    private Design<T> Prepare<T>(ModelDescription model, IReadOnlyList<FeatureArgument> arguments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Matrix<double> means = NpyFile.Read<double>(InModel(ModelFolder.FeatureMeans));
        Design<T>? design = null;
        RunLabels? runs = null;
        try
        {
            for (int i = 0; i < arguments.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                string path = arguments[i].Source.Path;
                using Matrix<T> coded = FeatureCoding.Apply<T>(arguments[i].Source, model.Spaces[i]);
                int samples = checked((int)coded.Rows);
                FeatureCoding.RequireFinite(coded.View, path, cancellation);
                if (design is null)
                {
                    design = new Design<T>(model.Spaces, model.IsJoint(), 0, samples);
                    RequireMeans(means.View, design);
                    runs = options.Runs is null ? RunLabels.Single(samples)
                        : RunsFile.Read(options.Runs, samples, path);
                }

                DesignLoader.RequireSamples(samples, path, (int)design.Test.Rows, arguments[0].Source.Path);
                Prepare(model, coded.View, runs!, design, i);
            }

            return design!;
        }
        catch
        {
            design?.Dispose();
            throw;
        }
    }

    private static void Prepare<T>(
        ModelDescription model, MatrixView<T> coded, RunLabels runs, Design<T> design, int index)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> block = design.SpaceBlock(design.Test.View, index);
        if (model.Spaces[index].Delays is { } delays)
        {
            using Matrix<T> delayed = Delays.Apply(coded, [.. delays], runs);
            delayed.View.CopyTo(block);
        }
        else
        {
            coded.CopyTo(block);
        }

        if (model.ZScoreRuns)
        {
            OptionException.Guard("--runs", () =>
            {
                ZScore.ByRun(block, runs);
                return true;
            });
        }

        ColumnMeans.Subtract(block, design.SpaceMeans(index));
    }

    /// <summary>Training mean and intercept of each target, 1 x targets.</summary>
    private Matrix<T> ReadOffset<T>(ModelDescription model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Matrix<double> means = NpyFile.Read<double>(InModel(ModelFolder.ResponseMeans));
        using Matrix<double>? intercept = model.FitIntercept
            ? NpyFile.Read<double>(InModel(ModelFolder.Intercept)) : null;
        Matrix<T> offset = Matrix<T>.Uninitialized(1, means.Rows);
        for (nint target = 0; target < means.Rows; target++)
        {
            offset[0, target] = T.CreateTruncating(means[target, 0] + (intercept?[target, 0] ?? 0));
        }

        return offset;
    }

    private void RequireShapes<T>(
        ModelDescription model, MatrixView<T> train, MatrixView<T> dual, MatrixView<T> deltas, MatrixView<T> offset)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint targets = (nint)model.Targets;
        RequireShape(ModelFolder.Features, train, model.TrainingSamples, model.Spaces.Sum(space => space.Features));
        RequireShape(ModelFolder.Dual, dual, model.TrainingSamples, targets);
        RequireShape(ModelFolder.Deltas, deltas, model.IsJoint() ? 1 : model.Spaces.Count, targets);
        RequireShape(ModelFolder.ResponseMeans, offset, 1, targets);
    }

    private void RequireMeans<T>(MatrixView<double> means, Design<T> design)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireShape(ModelFolder.FeatureMeans, means, design.Means.Length, 1);
        for (int i = 0; i < design.Means.Length; i++)
        {
            design.Means[i] = means[i, 0];
        }
    }

    private void RequireShape<T>(string file, MatrixView<T> view, nint rows, nint columns)
        where T : unmanaged
    {
        if (view.Rows != rows || view.Columns != columns)
        {
            throw new DataFormatException(
                InModel(file), $"{view.Rows} x {view.Columns}; {ModelFolder.Model} says {rows} x {columns}");
        }
    }

    private string InModel(string file) => Path.Combine(options.Model, file);
}
