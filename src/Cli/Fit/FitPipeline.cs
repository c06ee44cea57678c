using System.Numerics;
using VemKernels.Cli.Fit.Models;
using VemKernels.Cli.Inputs;
using VemKernels.Cli.Options;
using VemKernels.Cli.Predict;
using VemKernels.Cli.Score;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit;

/// <summary>The whole of <c>vem fit</c>: files in, a folder out.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="backend">Where to compute.</param>
/// <param name="progress">Told how far the work is.</param>
/// <param name="cancellation">Stops the work before the next tile.</param>
internal sealed class FitPipeline(
    FitOptions options, IBackend backend, ProgressReporter progress, CancellationToken cancellation)
{
    private readonly StageClock _clock = new(cancellation);

    private readonly IFitModel _model = FitModels.Of(options);

    /// <summary>Fits, tests, and fills the folder; the caller commits it.</summary>
    /// <exception cref="OptionException">An option that does not fit the others or the data.</exception>
    /// <exception cref="IOException">A file that cannot be read or written.</exception>
    /// <exception cref="MemoryBudgetException">The budget does not hold one tile.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public FitOutcome Run(AtomicFolder folder) =>
        options.DataType == DataType.Float64 ? Run<double>(folder) : Run<float>(folder);

    private FitOutcome Run<T>(AtomicFolder folder)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireConsistentOptions();
        using Responses<T> responses = _clock.Measure(
            "open responses", () => Responses<T>.Open(options.Responses, options.Mask, cancellation));
        int samples = responses.Samples;
        RunLabels? runs = options.Runs is null ? null : RunsFile.Read(options.Runs, samples, responses.Path);
        SampleSplit split = SampleSplit.Select(samples, runs, options.TrainRuns, options.TestRuns);
        Fold[] folds = _model.UsesFolds ? Splits.Of(options, runs, split.Train, samples, responses.Path) : [];

        using Design<T> design = _clock.Measure(
            "prepare features",
            () => new DesignLoader(options, runs, split, progress).Load<T>(samples, responses.Path, cancellation));
        DelayPriors.Transform(backend, design);
        IReadOnlyList<KernelChoice> kernels =
            options.Kernels.Of([.. design.Spaces.Select(space => space.Name)], _model.IsJoint);
        RunLabels? zscoreRuns = options.ZScoreRuns ? runs : null;
        int[] constant = _clock.Measure("check responses", () =>
        {
            responses.RequireFinite(cancellation);
            return ConstantTargets.Find(responses, split.Train, zscoreRuns, cancellation);
        });

        PreparedTargets<T> train = new(responses.Source, zscoreRuns, split.Train, split.Train);
        using MappedNpyWriter<T>? weights = OpenWeights<T>(folder, design, train);
        cancellation.ThrowIfCancellationRequested();
        using FittedModel<T> fitted = _model.Fit(new FitContext<T>
        {
            Options = options,
            Backend = backend,
            Design = design,
            Targets = train,
            Folds = folds,
            Kernels = kernels,
            SampleWeights = Numbers.SampleWeights(options.Given.SampleWeights, samples, split.Train),
            Weights = Weights,
            WeightMemory = weights?.View,
            Clock = _clock,
            Progress = progress,
            Cancellation = cancellation,
        });
        _clock.Add(fitted.Timings);

        using ModelScores<T>? scores = split.Test is null
            ? null
            : Test(design, kernels, weights!.View, fitted,
                new PreparedTargets<T>(responses.Source, zscoreRuns, split.Test, split.Train));

        ModelDescription description = Describe(design, kernels, train);
        _clock.Measure("write", () =>
        {
            if (Weights == WeightKind.Primal)
            {
                DelayPriors.MapBack(backend, design, weights!.View);
            }

            weights?.Commit();
            WriteResult(folder, fitted);
            if (scores is not null)
            {
                ModelFolder.Test.Write(folder, scores, description.PartNames(), responses.Space);
            }

            double[] means = new double[train.Targets];
            train.ReadMeans(0, means);
            ModelFolder.Write(folder, description, design, means, fitted);
        });

        FitSizes sizes = new(
            samples, split.Train.Length, split.Test?.Length ?? 0, train.Targets,
            [.. design.Spaces.Select(SpaceSize.Of)],
            fitted.CvScores?.Rows ?? 0, fitted.Alphas, folds.Length,
            split.TrainRuns(runs), split.TestRuns(runs), split.OtherRuns(runs));
        FitSummary summary = Summarize(sizes, fitted, scores, constant, design);
        foreach ((_, string text) in summary.Notes())
        {
            progress.Note(text);
        }

        JsonFile.Write(folder[ModelFolder.Summary], summary);
        return new(
            summary, options.Report is null ? null : FitFindings.Of(description.PartNames(), fitted, scores));
    }

    private WeightKind Weights => options.Weights ?? _model.Weights[0];

    private void RequireConsistentOptions()
    {
        if (options.ZScoreRuns && options.Runs is null)
        {
            throw new OptionException("--zscore-runs", "needs --runs");
        }

        if (!_model.Weights.Contains(Weights))
        {
            throw new OptionException(
                $"--weights {Weights.ToString().ToLowerInvariant()}",
                $"this model gives {string.Join(" or ", _model.Weights).ToLowerInvariant()} weights");
        }

        if (Weights == WeightKind.Primal && !options.Kernels.AreLinear)
        {
            throw new OptionException("--weights primal", "features have weights with linear kernels only");
        }

        if (Weights == WeightKind.None && options.TestRuns is not null)
        {
            throw new OptionException($"--test-runs {options.TestRuns}", "a test needs weights; --weights is none");
        }
    }

    private MappedNpyWriter<T>? OpenWeights<T>(AtomicFolder folder, Design<T> design, TargetSource<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Weights == WeightKind.None
            ? null
            : new(
                folder[ModelFolder.WeightsFile(Weights)],
                Weights == WeightKind.Primal ? design.Train.Columns : targets.Samples, targets.Targets);

    private ModelScores<T> Test<T>(
        Design<T> design, IReadOnlyList<KernelChoice> choices, MatrixView<T> weights, FittedModel<T> fitted,
        TargetSource<T> truth)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> test = design.Test.View;
        if (Weights == WeightKind.Primal)
        {
            return Score(new PrimalPredictor<T>(backend, test, design.BlockSizes, weights));
        }

        IReadOnlyList<KernelCenterer?> centerers =
            fitted.Centerers.Count > 0 ? fitted.Centerers : new KernelCenterer?[choices.Count];
        using KernelSet<T> kernels = _clock.Measure(
            "test kernels",
            () => KernelSet<T>.Between(
                backend, choices, centerers, design.Blocks(test), design.Blocks(design.Train.View), cancellation));
        return Score(new DualPredictor<T>(backend, kernels.Views, weights, fitted.Deltas!.Value));

        ModelScores<T> Score(ModelPredictor<T> predictor) => _clock.Measure("test scores", () => ModelScores<T>.Of(
            backend, predictor, truth, fitted.Intercept, SplitKind.Product, progress.Begin("test scores"),
            cancellation));
    }

    private static void WriteResult<T>(AtomicFolder folder, FittedModel<T> fitted)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (fitted.Deltas is { } deltas)
        {
            NpyFile.Write(folder[ModelFolder.Deltas], deltas);
        }

        if (fitted.CvScores is { } scores)
        {
            NpyFile.Write(folder[ModelFolder.CvScores], scores);
        }

        if (fitted.CvGrid is { } grid)
        {
            NpyFile.Write(folder[ModelFolder.CvGrid], grid);
        }

        foreach ((string file, MatrixView<T> row) in fitted.OfTargets)
        {
            NpyFile.WriteVector<T>(folder[file], row.RowSpan(0));
        }
    }

    private ModelDescription Describe<T>(
        Design<T> design, IReadOnlyList<KernelChoice> kernels, TargetSource<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
    {
        Format = ModelDescription.FormatName,
        Version = design.Source is null ? ModelDescription.UngroupedVersion : ModelDescription.CurrentVersion,
        Model = options.Model,
        DataType = options.DataType,
        HasRuns = options.Runs is not null,
        ZScoreRuns = options.ZScoreRuns,
        FitIntercept = options.FitIntercept,
        TrainingSamples = (int)targets.Samples,
        Targets = targets.Targets,
        Spaces = design.Spaces,
        Source = design.Source,
        Weights = Weights,
        Kernels = options.Kernels.AreLinear ? null : kernels,
    };

    private FitSummary Summarize<T>(
        FitSizes sizes, FittedModel<T> fitted, ModelScores<T>? scores, int[] constantTargets, Design<T> design)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[]? chosen = fitted.ChosenScores();
        T[]? r2 = scores?.R2.View.RowSpan(0).ToArray(), correlation = scores?.Correlation.View.RowSpan(0).ToArray();
        return new(
            typeof(FitSummary).Assembly.GetName().Version!.ToString(3),
            sizes,
            OptionsSummary.Of(options),
            backend.Info,
            new Dictionary<string, double>(_clock.Seconds),
            chosen is null ? null : ScoreSummary.Of(chosen),
            r2 is null ? null : ScoreSummary.Of(r2),
            correlation is null ? null : ScoreSummary.Of(correlation),
            ConstantTargets.Of(constantTargets, chosen, r2, correlation),
            scores?.R2Split is { } split ? SplitGap.Of(scores.R2.View, split.View) : null,
            ConstantFeatures.Of(design.Spaces, design.Constant));
    }
}
