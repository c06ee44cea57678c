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
        MatrixView<T>[] spaces = on.Scope.Inputs<T>(features, spacesCount, nameof(features));
        MatrixView<T> responses = on.Scope.Input<T>(targets, nameof(targets));
        using Matrix<double> one = Matrix<double>.From(1, 1, [1.0]);
        MatrixView<double> candidates = gammas is null ? one.View : on.Scope.Input<double>(gammas, nameof(gammas));
        Fold[] folds = Splits.Read(splits, responses.Rows);
        RandomSearchOutputs<T> outputs = new(
            on.Scope, results, spaces.Length, candidates.Rows, responses, TotalColumns(spaces));
        RandomSearchOptions settings = SearchOptions.Read(options, outputs.Kind);
        outputs.RequireIntercept(settings);
        using RandomSearchResult<T> result = Solvers.BandedRidge.Solve(
            on.Backend, spaces, new MatrixTargetSource<T>(responses), candidates, folds, settings, outputs.Weights,
            on.Progress, on.Token);
        outputs.Write(result);
    }

    private static void MultipleKernel<T>(
        Invocation on, VemMatrix* kernels, long kernelsCount, VemMatrix* targets, VemMatrix* gammas, VemSplits* splits,
        VemRandomSearchOptions* options, VemMatrix* features, VemRandomSearchResults* results)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T>[] spaces = on.Scope.Inputs<T>(kernels, kernelsCount, nameof(kernels));
        MatrixView<T>[]? behind = features is null
            ? null : on.Scope.Inputs<T>(features, kernelsCount, nameof(features));
        MatrixView<T> responses = on.Scope.Input<T>(targets, nameof(targets));
        using Matrix<double> one = Matrix<double>.From(1, 1, [1.0]);
        MatrixView<double> candidates = gammas is null ? one.View : on.Scope.Input<double>(gammas, nameof(gammas));
        Fold[] folds = Splits.Read(splits, responses.Rows);
        RandomSearchOutputs<T> outputs = new(
            on.Scope, results, spaces.Length, candidates.Rows, responses, TotalColumns(behind ?? []));
        RandomSearchOptions settings = SearchOptions.Read(options, outputs.Kind);
        outputs.RequireIntercept(settings);
        using RandomSearchResult<T> result = Solvers.MultipleKernelRidge.Solve(
            on.Backend, spaces, new MatrixTargetSource<T>(responses), candidates, folds, settings, behind,
            outputs.Weights, on.Progress, on.Token);
        outputs.Write(result);
    }

    /// <summary>Features of all spaces side by side.</summary>
    internal static nint TotalColumns<T>(MatrixView<T>[] spaces)
        where T : unmanaged
    {
        nint total = 0;
        foreach (MatrixView<T> space in spaces)
        {
            total = checked(total + space.Columns);
        }

        return total;
    }
}
