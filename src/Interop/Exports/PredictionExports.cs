using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Predictions, and weights of features; see native/include/vemkernels.h.</summary>
internal static unsafe class PredictionExports
{
    [UnmanagedCallersOnly(EntryPoint = "vem_predict", CallConvs = [typeof(CallConvCdecl)])]
    public static int Predict(
        ulong backend, VemMatrix* kernels, long kernelsCount, VemMatrix* dualWeights, VemMatrix* deltas,
        VemMatrix* offset, VemMatrix* predictions, VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            dualWeights, nameof(dualWeights),
            () => Joint<float>(on, kernels, kernelsCount, dualWeights, deltas, offset, predictions),
            () => Joint<double>(on, kernels, kernelsCount, dualWeights, deltas, offset, predictions)));

    [UnmanagedCallersOnly(EntryPoint = "vem_predict_split", CallConvs = [typeof(CallConvCdecl)])]
    public static int PredictSplit(
        ulong backend, VemMatrix* kernels, long kernelsCount, VemMatrix* dualWeights, VemMatrix* deltas,
        VemMatrix* predictions, VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            dualWeights, nameof(dualWeights),
            () => Split<float>(on, kernels, kernelsCount, dualWeights, deltas, predictions),
            () => Split<double>(on, kernels, kernelsCount, dualWeights, deltas, predictions)));

    [UnmanagedCallersOnly(EntryPoint = "vem_predict_primal", CallConvs = [typeof(CallConvCdecl)])]
    public static int PredictPrimal(
        ulong backend, VemMatrix* features, VemMatrix* weights, VemMatrix* intercept, VemMatrix* predictions,
        VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            weights, nameof(weights),
            () => Primal<float>(on, features, weights, intercept, predictions),
            () => Primal<double>(on, features, weights, intercept, predictions)));

    [UnmanagedCallersOnly(EntryPoint = "vem_predict_and_score", CallConvs = [typeof(CallConvCdecl)])]
    public static int PredictAndScore(
        ulong backend, VemMatrix* kernels, long kernelsCount, VemMatrix* dualWeights, VemMatrix* deltas,
        VemMatrix* truth, VemMatrix* r2, VemMatrix* correlation, VemMatrix* r2Split, VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            dualWeights, nameof(dualWeights),
            () => Score<float>(on, kernels, kernelsCount, dualWeights, deltas, truth, r2, correlation, r2Split),
            () => Score<double>(on, kernels, kernelsCount, dualWeights, deltas, truth, r2, correlation, r2Split)));

    [UnmanagedCallersOnly(EntryPoint = "vem_predict_and_score_custom", CallConvs = [typeof(CallConvCdecl)])]
    public static int PredictAndScoreCustom(
        ulong backend, VemMatrix* kernels, long kernelsCount, VemMatrix* dualWeights, VemMatrix* deltas,
        VemMatrix* intercept, VemMatrix* truth,
        delegate* unmanaged[Cdecl]<void*, VemMatrix*, VemMatrix*, double*, int> function, void* user,
        VemMatrix* scores, VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            dualWeights, nameof(dualWeights),
            () => ScoreCustom<float>(
                on, kernels, kernelsCount, dualWeights, deltas, intercept, truth, function, user, scores),
            () => ScoreCustom<double>(
                on, kernels, kernelsCount, dualWeights, deltas, intercept, truth, function, user, scores)));

    [UnmanagedCallersOnly(EntryPoint = "vem_primal_weights", CallConvs = [typeof(CallConvCdecl)])]
    public static int PrimalWeights(
        ulong backend, VemMatrix* dualWeights, VemMatrix* deltas, VemMatrix* features, long spacesCount,
        VemMatrix* primalWeights, VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            dualWeights, nameof(dualWeights),
            () => FromDual<float>(on, dualWeights, deltas, features, spacesCount, primalWeights),
            () => FromDual<double>(on, dualWeights, deltas, features, spacesCount, primalWeights)));

    private static void Joint<T>(
        Invocation on, VemMatrix* kernels, long kernelsCount, VemMatrix* dualWeights, VemMatrix* deltas,
        VemMatrix* offset, VemMatrix* predictions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Model<T> model = new(on.Scope, kernels, kernelsCount, dualWeights, deltas);
        Predictions.Predict(
            on.Backend, model.Kernels, model.Dual, model.Deltas, on.Scope.OptionalInput<T>(offset, nameof(offset)),
            on.Scope.Output<T>(predictions, model.Samples, model.Dual.Columns, nameof(predictions)), on.Progress,
            on.Token);
    }

    private static void Split<T>(
        Invocation on, VemMatrix* kernels, long kernelsCount, VemMatrix* dualWeights, VemMatrix* deltas,
        VemMatrix* predictions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Model<T> model = new(on.Scope, kernels, kernelsCount, dualWeights, deltas);
        nint rows = checked(model.Kernels.Count * model.Samples);
        Predictions.PredictSplit(
            on.Backend, model.Kernels, model.Dual, model.Deltas,
            on.Scope.Output<T>(predictions, rows, model.Dual.Columns, nameof(predictions)), on.Progress, on.Token);
    }

    private static void Primal<T>(
        Invocation on, VemMatrix* features, VemMatrix* weights, VemMatrix* intercept, VemMatrix* predictions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputMatrix<T> X = on.Scope.Source<T>(features, nameof(features));
        InputMatrix<T> b = on.Scope.Source<T>(weights, nameof(weights));
        Predictions.PredictPrimal(
            on.Backend, X, b, on.Scope.OptionalInput<T>(intercept, nameof(intercept)),
            on.Scope.Output<T>(predictions, X.Rows, b.Columns, nameof(predictions)), on.Progress, on.Token);
    }

    private static void Score<T>(
        Invocation on, VemMatrix* kernels, long kernelsCount, VemMatrix* dualWeights, VemMatrix* deltas,
        VemMatrix* truth, VemMatrix* r2, VemMatrix* correlation, VemMatrix* r2Split)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Model<T> model = new(on.Scope, kernels, kernelsCount, dualWeights, deltas);
        TargetSource<T> measured = on.Scope.Targets<T>(truth, nameof(truth));
        nint t = model.Dual.Columns;
        MatrixView<T>? r2s = on.Scope.OptionalOutput<T>(r2, 1, t, nameof(r2));
        MatrixView<T>? correlations = on.Scope.OptionalOutput<T>(correlation, 1, t, nameof(correlation));
        MatrixView<T>? parts = on.Scope.OptionalOutput<T>(r2Split, model.Kernels.Count, t, "r2_split");
        using TestScores<T> scores = Predictions.Score(
            on.Backend, model.Kernels, model.Dual, model.Deltas, measured, on.Progress,
            on.Token);
        WeightOutputs.Copy(scores.R2, r2s);
        WeightOutputs.Copy(scores.Correlation, correlations);
        WeightOutputs.Copy(scores.R2Split, parts);
    }

    private static void ScoreCustom<T>(
        Invocation on, VemMatrix* kernels, long kernelsCount, VemMatrix* dualWeights, VemMatrix* deltas,
        VemMatrix* intercept, VemMatrix* truth,
        delegate* unmanaged[Cdecl]<void*, VemMatrix*, VemMatrix*, double*, int> function, void* user, VemMatrix* scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LibraryExports.Require(function, nameof(function));
        Model<T> model = new(on.Scope, kernels, kernelsCount, dualWeights, deltas);
        TargetSource<T> measured = on.Scope.Targets<T>(truth, nameof(truth));
        MatrixView<T>? offsets = on.Scope.OptionalInput<T>(intercept, nameof(intercept));
        CallScope.TypeOf(scores, nameof(scores));
        MatrixView<double> output = on.Scope.Output<double>(scores, 1, model.Dual.Columns, nameof(scores));
        using Matrix<double> result = Predictions.Score(
            on.Backend, model.Kernels, model.Dual, model.Deltas, offsets, measured,
            Fields.Score(function, user)!, on.Progress, on.Token);
        result.View.CopyTo(output);
    }

    private static void FromDual<T>(
        Invocation on, VemMatrix* dualWeights, VemMatrix* deltas, VemMatrix* features, long spacesCount,
        VemMatrix* primalWeights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputMatrix<T> dual = on.Scope.Source<T>(dualWeights, "dual_weights");
        MatrixView<T>? logWeights = on.Scope.OptionalInput<T>(deltas, nameof(deltas));
        InputMatrices<T> spaces = on.Scope.Sources<T>(features, spacesCount, nameof(features));
        CallScope.RequireCount(primalWeights, spacesCount, "primal_weights");
        MatrixView<T>[] outputs = new MatrixView<T>[spaces.Count];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = on.Scope.Output<T>(
                primalWeights + i, spaces[i].Columns, dual.Columns, $"primal_weights[{i}]");
        }

        if (logWeights is { } given)
        {
            Solvers.PrimalWeights.FromDual(on.Backend, dual, given, spaces, outputs, on.Token);
            return;
        }

        if (spaces.Count != 1)
        {
            throw new ArgumentException(
                $"deltas is null with {spaces.Count} spaces; expected log weights, or one space.", nameof(deltas));
        }

        Solvers.PrimalWeights.FromDual(on.Backend, dual, spaces[0], outputs[0], on.Token);
    }
}
