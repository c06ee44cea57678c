using System.Numerics;
using VemKernels.Cli.Inputs;
using VemKernels.Cli.Options;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit.Models;

/// <summary>Multiple-kernel ridge: a kernel a space, weighed by hyper-gradient descent.</summary>
internal sealed class HyperGradientModel : IFitModel
{
    /// <inheritdoc/>
    public bool IsJoint => false;

    /// <inheritdoc/>
    public bool UsesFolds => true;

    /// <inheritdoc/>
    public IReadOnlyList<WeightKind> Weights => [WeightKind.Dual, WeightKind.Primal, WeightKind.None];

    /// <inheritdoc/>
    public FittedModel<T> Fit<T>(FitContext<T> context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InitialArgument argument = context.Options.Descent.Initial;
        nint targets = context.Targets.Targets;
        using Matrix<T>? deltas = argument.Kind switch
        {
            InitialKind.File => Numbers.Deltas<T>(argument.Text, context.Kernels.Count, targets),
            InitialKind.Model => Numbers.Deltas<T>(
                Path.Combine(argument.Text, ModelFolder.Deltas), context.Kernels.Count, targets),
            _ => null,
        };
        using MappedNpy<T>? dual = argument.Kind == InitialKind.Model ? DualOf(argument.Text, context) : null;
        using KernelSet<T> kernels = context.TrainingKernels();
        using RandomSearchResult<T>? search = argument.Kind == InitialKind.RandomSearch
            ? Search(context, kernels) : null;
        InitialDeltas<T> initial = argument.Kind switch
        {
            InitialKind.Ridge => InitialDeltas<T>.RidgeCV,
            InitialKind.RandomSearch => InitialDeltas<T>.From(search!),
            InitialKind.Constant => OptionException.Guard(
                $"--initial-deltas {argument}", () => InitialDeltas<T>.Constant(argument.Value)),
            _ => InitialDeltas<T>.Given(deltas!.View, dual?.View),
        };
        HyperGradientResult<T> result = Descend(context, kernels, initial);
        Matrix<T> alphas = AlphaIntoDeltas.AlphasOf(result.Deltas.View);
        return new FittedModel<T>(result, alphas)
        {
            OfTargets = new Dictionary<string, MatrixView<T>> { [ModelFolder.BestAlphas] = alphas.View },
            Deltas = result.Deltas.View,
            Intercept = result.Intercept?.View,
            CvScores = result.CvScores.View,
            Centerers = kernels.Centerers,
            Alphas = search is null ? 0 : context.Options.Search.Alphas.Values.Count,
            Timings = search?.Timings ?? [],
        };
    }

    private static HyperGradientResult<T> Descend<T>(
        FitContext<T> context, KernelSet<T> kernels, InitialDeltas<T> initial)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DescentOptions descent = context.Options.Descent;
        HyperGradientOptions options = new()
        {
            Score = context.Options.Score,
            FitIntercept = context.Options.FitIntercept,
            Weights = context.Weights,
            Method = descent.Method,
            InnerMethod = descent.Inner,
            Seed = context.Options.Search.SolverSeed,
            Memory = context.Memory,
            CheckFinite = false, // Checked before, where the name of the file is known.
        };
        options = options with
        {
            MaxIterations = descent.MaxIterations ?? options.MaxIterations,
            Tolerance = descent.Tolerance == 0 ? null : descent.Tolerance ?? options.Tolerance, // 0: none is done.
        };
        try
        {
            return context.Clock.Measure("hyper-gradient descent", () => HyperGradientDescent.Solve(
                context.Backend, kernels.Views, context.Targets, context.Folds, options, initial,
                context.FeaturesOfPrimal, context.WeightMemory, context.Bar(), context.Cancellation));
        }
        catch (ArithmeticException exception)
        {
            throw new OptionException("--hyper-gradient", ExceptionText.OneLine(exception));
        }
    }

    /// <summary>The descent starts from the search's dual weights too.</summary>
    private static RandomSearchResult<T> Search<T>(FitContext<T> context, KernelSet<T> kernels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Matrix<double> gammas = Candidates.Of(context.Options.Search, kernels.Views.Count);
        return MultipleKernelRidge.Solve(
            context.Backend, kernels.Views, context.Targets, gammas.View, context.Folds,
            context.Search with { Weights = WeightKind.Dual }, progress: context.Progress.Begin("random search"),
            cancellation: context.Cancellation);
    }

    /// <summary>Dual weights of an earlier fit; null where it has none.</summary>
    private static MappedNpy<T>? DualOf<T>(string folder, FitContext<T> context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string path = Path.Combine(folder, ModelFolder.Dual);
        if (!File.Exists(path))
        {
            return null;
        }

        MappedNpy<T> dual = new(path);
        (nint rows, nint columns) = (dual.View.Rows, dual.View.Columns);
        if (rows == context.Targets.Samples && columns == context.Targets.Targets)
        {
            return dual;
        }

        dual.Dispose();
        throw new DataFormatException(
            path, $"{rows} x {columns}; the data have {context.Targets.Samples} training samples x "
                + $"{context.Targets.Targets} targets");
    }
}
