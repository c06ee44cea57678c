using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Ridge with given alphas; see native/include/vemkernels.h.</summary>
internal static unsafe class RidgeExports
{
    [UnmanagedCallersOnly(EntryPoint = "vem_ridge", CallConvs = [typeof(CallConvCdecl)])]
    public static int Ridge(
        ulong backend, VemMatrix* features, VemMatrix* targets, VemRidgeOptions* options, VemMatrix* weights,
        VemMatrix* intercept, int* solverUsed, VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            targets, nameof(targets),
            () => Solve<float>(on, features, targets, options, weights, intercept, solverUsed),
            () => Solve<double>(on, features, targets, options, weights, intercept, solverUsed)));

    private static void Solve<T>(
        Invocation on, VemMatrix* features, VemMatrix* targets, VemRidgeOptions* options, VemMatrix* weights,
        VemMatrix* intercept, int* solverUsed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        VemRidgeOptions given = Structures.Read(options, sizeof(VemRidgeOptions), nameof(options), Defaults.Ridge);
        Fields.Reserved(given.Reserved, nameof(options));
        RidgeOptions settings = new()
        {
            Alphas = Fields.List(given.Alphas, given.AlphasCount, "alphas", 1.0),
            SampleWeights = Fields.OptionalList(given.SampleWeights, given.SampleWeightsCount, "sample_weights"),
            Memory = Fields.Memory(given.MemoryBytes),
            Solver = Fields.Choice<RidgeSolver>(given.Solver, "solver"),
            FitIntercept = Fields.Flag(given.FitIntercept, "fit_intercept"),
            CheckFinite = Fields.Flag(given.CheckFinite, "check_finite"),
        };
        InputMatrix<T> X = on.Scope.Source<T>(features, nameof(features));
        TargetSource<T> Y = on.Scope.Targets<T>(targets, nameof(targets));
        MatrixView<T> b = on.Scope.Output<T>(weights, X.Columns, Y.Targets, nameof(weights));
        MatrixView<T>? offsets = on.Scope.OptionalOutput<T>(intercept, 1, Y.Targets, nameof(intercept));
        on.Scope.Array(solverUsed, 1, "solver_used");
        WeightOutputs.RequireIntercept(offsets is not null, settings.FitIntercept, WeightKind.Primal);
        using RidgeResult<T> result = Solvers.Ridge.Solve(
            on.Backend, X, Y, settings, b, on.Progress, on.Token);
        WeightOutputs.Copy(result.Intercept, offsets);
        if (solverUsed is not null)
        {
            *solverUsed = (int)result.Solver;
        }
    }
}
