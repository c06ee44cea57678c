using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Hyper-gradient descent; see native/include/vemkernels.h.</summary>
internal static unsafe class HyperGradientExports
{
    [UnmanagedCallersOnly(EntryPoint = "vem_hyper_gradient", CallConvs = [typeof(CallConvCdecl)])]
    public static int HyperGradient(
        ulong backend, VemMatrix* kernels, long kernelsCount, VemMatrix* targets, VemSplits* splits,
        VemHyperGradientOptions* options, VemMatrix* initialDeltas, VemMatrix* initialDualWeights,
        VemMatrix* features, VemHyperGradientResults* results, VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            targets, nameof(targets),
            () => Solve<float>(
                on, kernels, kernelsCount, targets, splits, options, initialDeltas, initialDualWeights, features,
                results),
            () => Solve<double>(
                on, kernels, kernelsCount, targets, splits, options, initialDeltas, initialDualWeights, features,
                results)));

    private static void Solve<T>(
        Invocation on, VemMatrix* kernels, long kernelsCount, VemMatrix* targets, VemSplits* splits,
        VemHyperGradientOptions* options, VemMatrix* initialDeltas, VemMatrix* initialDualWeights, VemMatrix* features,
        VemHyperGradientResults* results)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        VemHyperGradientOptions given = Structures.Read(
            options, sizeof(VemHyperGradientOptions), nameof(options), Defaults.HyperGradient);
        Fields.Reserved(given.Reserved, nameof(options));
        LibraryExports.Require(results, nameof(results));
        VemHyperGradientResults into = Structures.Read(results, sizeof(VemHyperGradientResults), nameof(results));
        InputMatrices<T> Ks = on.Scope.Sources<T>(kernels, kernelsCount, nameof(kernels));
        InputMatrices<T>? behind = features is null
            ? null : on.Scope.Sources<T>(features, kernelsCount, nameof(features));
        TargetSource<T> Y = on.Scope.Targets<T>(targets, nameof(targets));
        Fold[] folds = Splits.Read(splits, Y.Samples);
        InitialDeltas<T> start = Start<T>(on.Scope, given, initialDeltas, initialDualWeights);
        long steps = (long)given.MaxIterations * given.MaxInnerHyperIterations;
        nint t = Y.Targets;
        MatrixView<T>? deltas = on.Scope.OptionalOutput<T>(&into.Deltas, Ks.Count, t, "deltas");
        MatrixView<T>? scores = on.Scope.OptionalOutput<T>(&into.CvScores, (nint)steps, t, "cv_scores");
        MatrixView<T>? intercept = on.Scope.OptionalOutput<T>(&into.Intercept, 1, t, "intercept");
        int* iterations = on.Scope.Array(into.Iterations, t, "iterations");
        (WeightKind kind, MatrixView<T>? weights) = WeightOutputs.Choose<T>(
            on.Scope, &into.DualWeights, &into.PrimalWeights, Y, behind?.TotalColumns ?? 0);
        HyperGradientOptions settings = Read(given, kind);
        WeightOutputs.RequireIntercept(intercept is not null, settings.FitIntercept, kind);
        using HyperGradientResult<T> result = HyperGradientDescent.Solve(
            on.Backend, Ks, Y, folds, settings, start, behind, weights, on.Progress,
            on.Token);
        WeightOutputs.Copy(result.Deltas, deltas);
        WeightOutputs.Copy(result.CvScores, scores);
        WeightOutputs.Copy(result.Intercept, intercept);
        if (iterations is not null)
        {
            result.Iterations.CopyTo(new Span<int>(iterations, result.Iterations.Length));
        }
    }

    private static HyperGradientOptions Read(in VemHyperGradientOptions given, WeightKind weights) => new()
    {
        CgTolerances = Fields.List(given.CgTolerances, given.CgTolerancesCount, "cg_tolerances", 1e-3),
        Score = Fields.Choice<ScoreKind>(given.Score, "score"),
        CustomScore = Fields.Score(given.ScoreFunction, given.ScoreUser),
        Tolerance = Fields.Number(given.Tolerance),
        Memory = Fields.Memory(given.MemoryBytes),
        Seed = Fields.Seed(given.Seed),
        MaxIterations = Fields.Count(given.MaxIterations, "max_iterations"),
        MaxInnerDualIterations = Fields.Count(given.MaxInnerDualIterations, "max_inner_dual_iterations"),
        MaxInnerHyperIterations = Fields.Count(given.MaxInnerHyperIterations, "max_inner_hyper_iterations"),
        Method = Fields.Choice<HyperGradientMethod>(given.Method, "method"),
        InnerMethod = Fields.Choice<InnerMethod>(given.InnerMethod, "inner_method"),
        FitIntercept = Fields.Flag(given.FitIntercept, "fit_intercept"),
        CheckFinite = Fields.Flag(given.CheckFinite, "check_finite"),
        Weights = weights,
    };

    private static InitialDeltas<T> Start<T>(
        CallScope scope, in VemHyperGradientOptions options, VemMatrix* deltas, VemMatrix* dualWeights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InitialKind kind = Fields.Choice<InitialKind>(options.Initial, "initial");
        if (kind != InitialKind.Given && (CallScope.IsGiven(deltas) || CallScope.IsGiven(dualWeights)))
        {
            throw new ArgumentException(
                $"initial_deltas or initial_dual_weights is given and initial is {options.Initial}; expected "
                + $"{(int)InitialKind.Given} with them.");
        }

        return kind switch
        {
            InitialKind.Constant => InitialDeltas<T>.Constant(options.InitialDelta),
            InitialKind.RidgeCV => InitialDeltas<T>.RidgeCV,
            _ => InitialDeltas<T>.Given(
                scope.Input<T>(deltas, "initial_deltas"), scope.OptionalInput<T>(dualWeights, "initial_dual_weights")),
        };
    }
}
