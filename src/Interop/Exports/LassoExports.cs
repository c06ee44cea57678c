using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>The sparse group lasso; see native/include/vemkernels.h.</summary>
internal static unsafe class LassoExports
{
    /// <summary>Either penalty, where none is given.</summary>
    private const double Penalty = 0.05;

    [UnmanagedCallersOnly(EntryPoint = "vem_sparse_group_lasso", CallConvs = [typeof(CallConvCdecl)])]
    public static int SparseGroupLasso(
        ulong backend, VemMatrix* features, VemMatrix* targets, VemSparseGroupLassoOptions* options,
        VemMatrix* initialWeights, VemSparseGroupLassoResults* results, VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            targets, nameof(targets),
            () => Solve<float>(on, features, targets, options, initialWeights, results),
            () => Solve<double>(on, features, targets, options, initialWeights, results)));

    [UnmanagedCallersOnly(EntryPoint = "vem_sparse_group_lasso_cv", CallConvs = [typeof(CallConvCdecl)])]
    public static int SparseGroupLassoCV(
        ulong backend, VemMatrix* features, VemMatrix* targets, VemSplits* splits,
        VemSparseGroupLassoOptions* options, VemSparseGroupLassoResults* results, VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            targets, nameof(targets),
            () => Search<float>(on, features, targets, splits, options, results),
            () => Search<double>(on, features, targets, splits, options, results)));

    private static void Solve<T>(
        Invocation on, VemMatrix* features, VemMatrix* targets, VemSparseGroupLassoOptions* options,
        VemMatrix* initialWeights, VemSparseGroupLassoResults* results)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        VemSparseGroupLassoOptions given = Read(options);
        SparseGroupLassoOptions settings = new()
        {
            L21 = Fields.List(given.L21, given.L21Count, "l21", Penalty),
            L1 = Fields.List(given.L1, given.L1Count, "l1", Penalty),
            Lipschitz = Fields.Number(given.Lipschitz),
            Groups = Fields.OptionalList(given.Groups, given.GroupsCount, "groups"),
            NegativeGroups = Fields.Choice<NegativeGroups>(given.NegativeGroups, "negative_groups"),
            MaxIterations = given.MaxIterations,
            Tolerance = given.Tolerance,
            Momentum = Fields.Flag(given.Momentum, "momentum"),
            FitIntercept = Fields.Flag(given.FitIntercept, "fit_intercept"),
            Gradient = Fields.Choice<GradientForm>(given.Gradient, "gradient"),
            Memory = Fields.Memory(given.MemoryBytes),
            CheckFinite = Fields.Flag(given.CheckFinite, "check_finite"),
        };
        InputMatrix<T> X = on.Scope.Source<T>(features, nameof(features));
        TargetSource<T> Y = on.Scope.Targets<T>(targets, nameof(targets));
        MatrixView<T>? start = on.Scope.OptionalInput<T>(initialWeights, "initial_weights");
        LassoOutputs<T> outputs = new(on.Scope, results, X.Columns, Y.Targets, pairs: 0, settings.FitIntercept);
        using SparseGroupLassoResult<T> result = Solvers.SparseGroupLasso.Solve(
            on.Backend, X, Y, settings, start, outputs.Weights, on.Progress, on.Token);
        outputs.Write(result);
    }

    private static void Search<T>(
        Invocation on, VemMatrix* features, VemMatrix* targets, VemSplits* splits, VemSparseGroupLassoOptions* options,
        VemSparseGroupLassoResults* results)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        VemSparseGroupLassoOptions given = Read(options);
        if (!double.IsNaN(given.Lipschitz))
        {
            throw new ArgumentException(
                $"lipschitz is {given.Lipschitz:G6}; expected NaN: each split has a constant of its own.");
        }

        SparseGroupLassoCVOptions settings = new()
        {
            L21 = Fields.List(given.L21, given.L21Count, "l21", Penalty),
            L1 = Fields.List(given.L1, given.L1Count, "l1", Penalty),
            Score = Fields.Choice<ScoreKind>(given.Score, "score"),
            Groups = Fields.OptionalList(given.Groups, given.GroupsCount, "groups"),
            NegativeGroups = Fields.Choice<NegativeGroups>(given.NegativeGroups, "negative_groups"),
            MaxIterations = given.MaxIterations,
            Tolerance = given.Tolerance,
            Momentum = Fields.Flag(given.Momentum, "momentum"),
            FitIntercept = Fields.Flag(given.FitIntercept, "fit_intercept"),
            Gradient = Fields.Choice<GradientForm>(given.Gradient, "gradient"),
            Memory = Fields.Memory(given.MemoryBytes),
            CheckFinite = Fields.Flag(given.CheckFinite, "check_finite"),
        };
        InputMatrix<T> X = on.Scope.Source<T>(features, nameof(features));
        TargetSource<T> Y = on.Scope.Targets<T>(targets, nameof(targets));
        Fold[] folds = Splits.Read(splits, Y.Samples);
        nint pairs = checked((nint)settings.L21.Count * settings.L1.Count);
        LassoOutputs<T> outputs = new(on.Scope, results, X.Columns, Y.Targets, pairs, settings.FitIntercept);
        using SparseGroupLassoCVResult<T> result = Solvers.SparseGroupLassoCV.Solve(
            on.Backend, X, Y, folds, settings, outputs.Weights, on.Progress, on.Token);
        outputs.Write(result);
    }

    private static VemSparseGroupLassoOptions Read(VemSparseGroupLassoOptions* options)
    {
        VemSparseGroupLassoOptions given = Structures.Read(
            options, sizeof(VemSparseGroupLassoOptions), nameof(options), Defaults.SparseGroupLasso);
        Fields.Reserved(given.Reserved, nameof(options));
        return given;
    }
}
