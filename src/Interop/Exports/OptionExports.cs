using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VemKernels.Interop;

/// <summary>Structures filled with defaults; see native/include/vemkernels.h.</summary>
internal static unsafe class OptionExports
{
    [UnmanagedCallersOnly(EntryPoint = "vem_ridge_options_init", CallConvs = [typeof(CallConvCdecl)])]
    public static int RidgeOptions(VemRidgeOptions* options, long size) => Guard.Run(
        () => Structures.Write(options, size, sizeof(VemRidgeOptions), nameof(options), Defaults.Ridge));

    [UnmanagedCallersOnly(EntryPoint = "vem_random_search_options_init", CallConvs = [typeof(CallConvCdecl)])]
    public static int RandomSearchOptions(VemRandomSearchOptions* options, long size) => Guard.Run(
        () => Structures.Write(options, size, sizeof(VemRandomSearchOptions), nameof(options), Defaults.RandomSearch));

    [UnmanagedCallersOnly(EntryPoint = "vem_random_search_results_init", CallConvs = [typeof(CallConvCdecl)])]
    public static int RandomSearchResults(VemRandomSearchResults* results, long size) => Guard.Run(
        () => Structures.Write(
            results, size, sizeof(VemRandomSearchResults), nameof(results), new VemRandomSearchResults()));

    [UnmanagedCallersOnly(EntryPoint = "vem_kernel_ridge_options_init", CallConvs = [typeof(CallConvCdecl)])]
    public static int KernelRidgeOptions(VemKernelRidgeOptions* options, long size) => Guard.Run(
        () => Structures.Write(options, size, sizeof(VemKernelRidgeOptions), nameof(options), Defaults.KernelRidge));

    [UnmanagedCallersOnly(EntryPoint = "vem_weighted_kernel_ridge_options_init", CallConvs = [typeof(CallConvCdecl)])]
    public static int WeightedKernelRidgeOptions(VemWeightedKernelRidgeOptions* options, long size) => Guard.Run(
        () => Structures.Write(
            options, size, sizeof(VemWeightedKernelRidgeOptions), nameof(options), Defaults.WeightedKernelRidge));

    [UnmanagedCallersOnly(EntryPoint = "vem_hyper_gradient_options_init", CallConvs = [typeof(CallConvCdecl)])]
    public static int HyperGradientOptions(VemHyperGradientOptions* options, long size) => Guard.Run(
        () => Structures.Write(
            options, size, sizeof(VemHyperGradientOptions), nameof(options), Defaults.HyperGradient));

    [UnmanagedCallersOnly(EntryPoint = "vem_hyper_gradient_results_init", CallConvs = [typeof(CallConvCdecl)])]
    public static int HyperGradientResults(VemHyperGradientResults* results, long size) => Guard.Run(
        () => Structures.Write(
            results, size, sizeof(VemHyperGradientResults), nameof(results), new VemHyperGradientResults()));

    [UnmanagedCallersOnly(EntryPoint = "vem_sparse_group_lasso_options_init", CallConvs = [typeof(CallConvCdecl)])]
    public static int SparseGroupLassoOptions(VemSparseGroupLassoOptions* options, long size) => Guard.Run(
        () => Structures.Write(
            options, size, sizeof(VemSparseGroupLassoOptions), nameof(options), Defaults.SparseGroupLasso));

    [UnmanagedCallersOnly(EntryPoint = "vem_sparse_group_lasso_results_init", CallConvs = [typeof(CallConvCdecl)])]
    public static int SparseGroupLassoResults(VemSparseGroupLassoResults* results, long size) => Guard.Run(
        () => Structures.Write(
            results, size, sizeof(VemSparseGroupLassoResults), nameof(results), new VemSparseGroupLassoResults()));

    [UnmanagedCallersOnly(EntryPoint = "vem_kernel_parameters_init", CallConvs = [typeof(CallConvCdecl)])]
    public static int KernelParameters(VemKernelParameters* parameters, long size) => Guard.Run(
        () => Structures.Write(
            parameters, size, sizeof(VemKernelParameters), nameof(parameters), Defaults.KernelParameters));
}
