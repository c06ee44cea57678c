using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Random search and its one-kernel cases; see native/include/vemkernels.h.</summary>
internal static unsafe class RandomSearchExports
{
    [UnmanagedCallersOnly(EntryPoint = "vem_ridge_cv", CallConvs = [typeof(CallConvCdecl)])]
    public static int RidgeCV(
        ulong backend, VemMatrix* features, VemMatrix* targets, VemSplits* splits, VemRandomSearchOptions* options,
        VemRandomSearchResults* results, VemCall* call) => Invocation.Run(backend, call, on =>
    {
        if (CallScope.TypeOf(targets, nameof(targets)) == VemType.Float32)
        {
            Banded<float>(on, features, 1, targets, null, splits, options, results);
        }
        else
        {
            Banded<double>(on, features, 1, targets, null, splits, options, results);
        }
    });

    [UnmanagedCallersOnly(EntryPoint = "vem_banded_ridge", CallConvs = [typeof(CallConvCdecl)])]
    public static int BandedRidge(
        ulong backend, VemMatrix* features, long spacesCount, VemMatrix* targets, VemMatrix* gammas, VemSplits* splits,
        VemRandomSearchOptions* options, VemRandomSearchResults* results, VemCall* call) =>
        Invocation.Run(backend, call, on =>
    {
        CallScope.TypeOf(gammas, nameof(gammas));
        if (CallScope.TypeOf(targets, nameof(targets)) == VemType.Float32)
        {
            Banded<float>(on, features, spacesCount, targets, gammas, splits, options, results);
        }
        else
        {
            Banded<double>(on, features, spacesCount, targets, gammas, splits, options, results);
        }
    });

    [UnmanagedCallersOnly(EntryPoint = "vem_kernel_ridge_cv", CallConvs = [typeof(CallConvCdecl)])]
    public static int KernelRidgeCV(
        ulong backend, VemMatrix* kernel, VemMatrix* targets, VemSplits* splits, VemRandomSearchOptions* options,
        VemRandomSearchResults* results, VemCall* call) => Invocation.Run(backend, call, on =>
    {
        if (CallScope.TypeOf(targets, nameof(targets)) == VemType.Float32)
        {
            MultipleKernel<float>(on, kernel, 1, targets, null, splits, options, null, results);
        }
        else
        {
            MultipleKernel<double>(on, kernel, 1, targets, null, splits, options, null, results);
        }
    });

    [UnmanagedCallersOnly(EntryPoint = "vem_multiple_kernel_ridge", CallConvs = [typeof(CallConvCdecl)])]
    public static int MultipleKernelRidge(
        ulong backend, VemMatrix* kernels, long kernelsCount, VemMatrix* targets, VemMatrix* gammas, VemSplits* splits,
        VemRandomSearchOptions* options, VemMatrix* features, VemRandomSearchResults* results, VemCall* call) =>
        Invocation.Run(backend, call, on =>
    {
        CallScope.TypeOf(gammas, nameof(gammas));
        if (CallScope.TypeOf(targets, nameof(targets)) == VemType.Float32)
        {
            MultipleKernel<float>(on, kernels, kernelsCount, targets, gammas, splits, options, features, results);
        }
        else
        {
            MultipleKernel<double>(on, kernels, kernelsCount, targets, gammas, splits, options, features, results);
        }
    });

    private static void Banded<T>(
        Invocation on, VemMatrix* features, long spacesCount, VemMatrix* targets, VemMatrix* gammas, VemSplits* splits,
        VemRandomSearchOptions* options, VemRandomSearchResults* results)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputMatrices<T> spaces = on.Scope.Sources<T>(features, spacesCount, nameof(features));
        TargetSource<T> responses = on.Scope.Targets<T>(targets, nameof(targets));
        using Matrix<double> one = Matrix<double>.From(1, 1, [1.0]);
        MatrixView<double> candidates = gammas is null ? one.View : on.Scope.Input<double>(gammas, nameof(gammas));
        Fold[] folds = Splits.Read(splits, responses.Samples);
        RandomSearchOutputs<T> outputs = new(
            on.Scope, results, spaces.Count, candidates.Rows, responses, spaces.TotalColumns);
        RandomSearchOptions settings = SearchOptions.Read(options, outputs.Kind);
        outputs.RequireIntercept(settings);
        using RandomSearchResult<T> result = Solvers.BandedRidge.Solve(
            on.Backend, spaces, responses, candidates, folds, settings, outputs.Weights,
            on.Progress, on.Token);
        outputs.Write(result);
    }

    private static void MultipleKernel<T>(
        Invocation on, VemMatrix* kernels, long kernelsCount, VemMatrix* targets, VemMatrix* gammas, VemSplits* splits,
        VemRandomSearchOptions* options, VemMatrix* features, VemRandomSearchResults* results)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputMatrices<T> spaces = on.Scope.Sources<T>(kernels, kernelsCount, nameof(kernels));
        InputMatrices<T>? behind = features is null
            ? null : on.Scope.Sources<T>(features, kernelsCount, nameof(features));
        TargetSource<T> responses = on.Scope.Targets<T>(targets, nameof(targets));
        using Matrix<double> one = Matrix<double>.From(1, 1, [1.0]);
        MatrixView<double> candidates = gammas is null ? one.View : on.Scope.Input<double>(gammas, nameof(gammas));
        Fold[] folds = Splits.Read(splits, responses.Samples);
        RandomSearchOutputs<T> outputs = new(
            on.Scope, results, spaces.Count, candidates.Rows, responses, behind?.TotalColumns ?? 0);
        RandomSearchOptions settings = SearchOptions.Read(options, outputs.Kind);
        outputs.RequireIntercept(settings);
        using RandomSearchResult<T> result = Solvers.MultipleKernelRidge.Solve(
            on.Backend, spaces, responses, candidates, folds, settings, behind,
            outputs.Weights, on.Progress, on.Token);
        outputs.Write(result);
    }
}
