using System.Numerics;
using VemKernels.Cli.Inputs;
using VemKernels.Cli.Options;
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

    /// <summary>Fits, tests, and fills the folder; the caller commits it.</summary>
    /// <exception cref="OptionException">An option that does not fit the others or the data.</exception>
    /// <exception cref="IOException">A file that cannot be read or written.</exception>
    /// <exception cref="MemoryBudgetException">The budget does not hold one tile.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public FitSummary Run(AtomicFolder folder) =>
        options.DataType == DataType.Float64 ? Run<double>(folder) : Run<float>(folder);

    private FitSummary Run<T>(AtomicFolder folder)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireConsistentOptions();
        using Responses<T> responses = _clock.Measure(
            "open responses", () => Responses<T>.Open(options.Responses, options.Mask, cancellation));
        int samples = responses.Samples;
        RunLabels? runs = options.Runs is null ? null : RunsFile.Read(options.Runs, samples, responses.Path);
        SampleSplit split = SampleSplit.Select(samples, runs, options.TrainRuns, options.TestRuns);
        Fold[] folds = Folds(runs, split.Train);

        using Design<T> design = _clock.Measure(
            "prepare features",
            () => new DesignLoader(options, runs, split, progress).Load<T>(samples, responses.Path, cancellation));
        using Matrix<double> gammas = Gammas(design.Spaces.Count);
        _clock.Measure("check responses", () => responses.RequireFinite(cancellation));

        RunLabels? zscoreRuns = options.ZScoreRuns ? runs : null;
        PreparedTargets<T> train = new(responses.Source, zscoreRuns, split.Train, split.Train);
        using MappedNpyWriter<T> dual = new(folder[ModelFolder.Dual], train.Samples, train.Targets);
        using RandomSearchResult<T> result = Solve(design, train, gammas.View, folds, dual.View);
        _clock.Add(result.Timings);

        using TestScores<T>? scores = split.Test is null
            ? null
            : Test(design, dual.View, result.Deltas.View,
                new PreparedTargets<T>(responses.Source, zscoreRuns, split.Test, split.Train));

        _clock.Measure("write", () =>
        {
            dual.Commit();
            WriteResult(folder, result);
            WriteScores(folder, scores, design, responses.Space);
            double[] means = new double[train.Targets];
            train.ReadMeans(0, means);
            ModelFolder.Write(folder, options, design, means, result.Intercept?.View);
        });

        FitSizes sizes = new(
            samples, split.Train.Length, split.Test?.Length ?? 0, train.Targets,
            [.. design.Spaces.Select(SpaceSize.Of)],
            gammas.Rows, options.Alphas.Values.Count, folds.Length);
        FitSummary summary = Summarize(sizes, result, scores);
        JsonFile.Write(folder[ModelFolder.Summary], summary);
        return summary;
    }

    private void RequireConsistentOptions()
    {
        if (options.ZScoreRuns && options.Runs is null)
        {
            throw new OptionException("--zscore-runs", "needs --runs");
        }

        if (options.CrossValidation == CrossValidation.Runs && options.Runs is null)
        {
            throw new OptionException("--cv runs", "needs --runs");
        }
    }

    private Fold[] Folds(RunLabels? runs, int[] train)
    {
        CrossValidation choice = options.CrossValidation;
        return OptionException.Guard($"--cv {choice}", () => choice.Folds is { } count
            ? CrossValidationSplits.KFold(train.Length, count)
            : CrossValidationSplits.LeaveOneRunOut(runs!.LabelsOf(train)));
    }

    private Matrix<double> Gammas(int spaces) =>
        options.Model != ModelKind.Banded ? Matrix<double>.From(1, 1, [1.0])
        : options.Gammas is { } path ? Candidates.Read(path, spaces)
        : Candidates.Draw(options.Iterations, spaces, options.Seed);

    private RandomSearchResult<T> Solve<T>(
        Design<T> design, TargetSource<T> targets, MatrixView<double> gammas, IReadOnlyList<Fold> folds,
        MatrixView<T> dual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        cancellation.ThrowIfCancellationRequested();
        RandomSearchOptions search = new()
        {
            Alphas = options.Alphas.Values,
            Score = options.Score,
            FitIntercept = options.FitIntercept,
            Weights = WeightKind.Dual,
            Memory = options.Memory is { } memory ? new MemoryBudget(memory.Bytes) : MemoryBudget.Default,
            CheckFinite = false, // Checked before, where the file's name is known.
        };
        IProgress<FitProgress>? bar = progress.Begin("fit");
        MatrixView<T> all = design.Train.View;
        switch (options.Model)
        {
            case ModelKind.Ridge:
                return RidgeCV.Solve(backend, all, targets, folds, search, dual, bar, cancellation);
            case ModelKind.Kernel:
                using (Matrix<T> kernel = _clock.Measure(
                    "linear kernel", () => Predictions.LinearKernel(backend, all, all)))
                {
                    return KernelRidgeCV.Solve(backend, kernel.View, targets, folds, search, dual, bar, cancellation);
                }

            default:
                return BandedRidge.Solve(
                    backend, design.Blocks(all), targets, gammas, folds, search, dual, bar, cancellation);
        }
    }

    /// <summary>
    /// Scores of the test samples. They need no intercept: features and responses are centred by the training mean, so
    /// that it is zero but for rounding.
    /// </summary>
    private TestScores<T> Test<T>(Design<T> design, MatrixView<T> dual, MatrixView<T> deltas, TargetSource<T> truth)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using KernelSet<T> kernels = _clock.Measure(
            "test kernels",
            () => KernelSet<T>.Between(backend, design.Blocks(design.Test.View), design.Blocks(design.Train.View)));
        return _clock.Measure("test scores", () => Predictions.Score(
            backend, kernels.Views, dual, deltas, truth, progress.Begin("test scores"), cancellation));
    }

    private static void WriteResult<T>(AtomicFolder folder, RandomSearchResult<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NpyFile.Write(folder[ModelFolder.Deltas], result.Deltas.View);
        NpyFile.WriteVector<T>(folder[ModelFolder.BestAlphas], result.BestAlphas.View.RowSpan(0));
        NpyFile.Write(folder[ModelFolder.CvScores], result.CvScores.View);
    }

    private void WriteScores<T>(AtomicFolder folder, TestScores<T>? scores, Design<T> design, NiftiSpace? space)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (scores is null)
        {
            return;
        }

        NpyFile.WriteVector<T>(folder[ModelFolder.TestR2], scores.R2.View.RowSpan(0));
        NpyFile.WriteVector<T>(folder[ModelFolder.TestCorrelation], scores.Correlation.View.RowSpan(0));
        NpyFile.Write(folder[ModelFolder.TestR2Split], scores.R2Split.View);
        if (space is null)
        {
            return;
        }

        WriteMap(folder[ModelFolder.TestR2Map], space, scores.R2.View.RowSpan(0));
        WriteMap(folder[ModelFolder.TestCorrelationMap], space, scores.Correlation.View.RowSpan(0));
        IReadOnlyList<string> names = KernelNames(design);
        for (int i = 0; i < names.Count; i++)
        {
            WriteMap(folder[ModelFolder.TestR2SplitMap(names[i])], space, scores.R2Split.View.RowSpan(i));
        }
    }

    /// <summary>The name of each row of the deltas: the spaces, or all of them as one.</summary>
    private IReadOnlyList<string> KernelNames<T>(Design<T> design)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IReadOnlyList<string> names = [.. design.Spaces.Select(space => space.Name)];
        return options.Model == ModelKind.Banded ? names : [string.Join('+', names)];
    }

    private static void WriteMap<T>(string path, NiftiSpace space, ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        float[] single = new float[values.Length];
        for (int i = 0; i < single.Length; i++)
        {
            single[i] = float.CreateTruncating(values[i]);
        }

        NiftiWriter.WriteVolume(path, space.Header, space.Mask, single);
    }

    private FitSummary Summarize<T>(FitSizes sizes, RandomSearchResult<T> result, TestScores<T>? scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] candidates = result.BestCandidates;
        MatrixView<T> cvScores = result.CvScores.View;
        T[] chosen = new T[candidates.Length];
        for (int target = 0; target < chosen.Length; target++)
        {
            chosen[target] = cvScores[candidates[target], target];
        }

        return new FitSummary(
            typeof(FitSummary).Assembly.GetName().Version!.ToString(3),
            sizes,
            OptionsSummary.Of(options),
            backend.Info,
            new Dictionary<string, double>(_clock.Seconds),
            ScoreSummary.Of(chosen),
            scores is null ? null : ScoreSummary.Of(scores.R2.View.RowSpan(0).ToArray()),
            scores is null ? null : ScoreSummary.Of(scores.Correlation.View.RowSpan(0).ToArray()));
    }
}
