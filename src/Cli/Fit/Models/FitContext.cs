using System.Numerics;
using VemKernels.Cli.Options;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit.Models;

/// <summary>What a model is fitted to, and with.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class FitContext<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What was asked for.</summary>
    public required FitOptions Options { get; init; }

    /// <summary>Where to compute.</summary>
    public required IBackend Backend { get; init; }

    /// <summary>Prepared features.</summary>
    public required Design<T> Design { get; init; }

    /// <summary>Prepared training responses.</summary>
    public required TargetSource<T> Targets { get; init; }

    /// <summary>Splits of the training samples.</summary>
    public required IReadOnlyList<Fold> Folds { get; init; }

    /// <summary>The kernel of each space, or the one of all.</summary>
    public required IReadOnlyList<KernelChoice> Kernels { get; init; }

    /// <summary>Weights of the training samples' squared errors; null for ones.</summary>
    public required double[]? SampleWeights { get; init; }

    /// <summary>Which weights are wanted.</summary>
    public required WeightKind Weights { get; init; }

    /// <summary>Receives them, training samples or features x targets; null where none are wanted.</summary>
    public required MatrixView<T>? WeightMemory { get; init; }

    /// <summary>Measures stages.</summary>
    public required StageClock Clock { get; init; }

    /// <summary>Told how far the work is.</summary>
    public required ProgressReporter Progress { get; init; }

    /// <summary>Stops the work.</summary>
    public required CancellationToken Cancellation { get; init; }

    /// <summary>Training features, one matrix a kernel.</summary>
    public IReadOnlyList<MatrixView<T>> Features => Design.Blocks(Design.Train.View);

    /// <summary>The features behind linear kernels, where primal weights are wanted.</summary>
    public IReadOnlyList<MatrixView<T>>? FeaturesOfPrimal => Weights == WeightKind.Primal ? Features : null;

    /// <summary>Cap on the workspace.</summary>
    public MemoryBudget Memory =>
        Options.Memory is { } memory ? new MemoryBudget(memory.Bytes) : MemoryBudget.Default;

    /// <summary>The options of a search by cross-validation, as the solvers take them.</summary>
    public RandomSearchOptions Search => new()
    {
        Alphas = Options.Search.Alphas.Values,
        Score = Options.Score,
        FitIntercept = Options.FitIntercept,
        LocalAlpha = !Options.Search.GlobalAlpha,
        ShareCandidate = Options.Search.ShareCandidate ? true : null,
        Conservative = Options.Search.Conservative,
        JitterAlphas = Options.Search.JitterAlphas,
        Seed = Options.Search.SolverSeed,
        RedundantAlphaTolerance = Options.Search.AlphaTolerance,
        Weights = Weights,
        Memory = Memory,
        CheckFinite = false, // Checked before, where the file's name is known.
    };

    /// <summary>The bar of the fit.</summary>
    public IProgress<FitProgress>? Bar() => Progress.Begin("fit");

    /// <summary>Computes the kernels of the training samples; the caller disposes them.</summary>
    /// <exception cref="OptionException">A kernel overflows.</exception>
    public KernelSet<T> TrainingKernels() => Clock.Measure(
        "training kernels", () => KernelSet<T>.OfTraining(Backend, Kernels, Features, Cancellation));
}
