using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Kernel ridge with given alphas and kernel weights; see native/include/vemkernels.h.</summary>
internal static unsafe class KernelRidgeExports
{
    [UnmanagedCallersOnly(EntryPoint = "vem_kernel_ridge", CallConvs = [typeof(CallConvCdecl)])]
    public static int KernelRidge(
        ulong backend, VemMatrix* kernel, VemMatrix* targets, VemKernelRidgeOptions* options,
        VemMatrix* initialDualWeights, VemMatrix* dualWeights, VemMatrix* intercept, int* iterations,
        VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            targets, nameof(targets),
            () => OneKernel<float>(
                on, kernel, targets, options, initialDualWeights, dualWeights, intercept, iterations),
            () => OneKernel<double>(
                on, kernel, targets, options, initialDualWeights, dualWeights, intercept, iterations)));

    [UnmanagedCallersOnly(EntryPoint = "vem_weighted_kernel_ridge", CallConvs = [typeof(CallConvCdecl)])]
    public static int WeightedKernelRidge(
        ulong backend, VemMatrix* kernels, long kernelsCount, VemMatrix* targets, VemMatrix* deltas,
        VemWeightedKernelRidgeOptions* options, VemMatrix* initialDualWeights, VemMatrix* dualWeights,
        VemMatrix* intercept, int* iterations, VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            targets, nameof(targets),
            () => Weighted<float>(
                on, kernels, kernelsCount, targets, deltas, options, initialDualWeights, dualWeights, intercept,
                iterations),
            () => Weighted<double>(
                on, kernels, kernelsCount, targets, deltas, options, initialDualWeights, dualWeights, intercept,
                iterations)));

    private static void OneKernel<T>(
        Invocation on, VemMatrix* kernel, VemMatrix* targets, VemKernelRidgeOptions* options,
        VemMatrix* initialDualWeights, VemMatrix* dualWeights, VemMatrix* intercept, int* iterations)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        VemKernelRidgeOptions given = Structures.Read(
            options, sizeof(VemKernelRidgeOptions), nameof(options), Defaults.KernelRidge);
        Fields.Reserved(given.Reserved, nameof(options));
        KernelRidgeOptions settings = new()
        {
            Alphas = Fields.List(given.Alphas, given.AlphasCount, "alphas", 1.0),
            SampleWeights = Fields.OptionalList(given.SampleWeights, given.SampleWeightsCount, "sample_weights"),
            StepSizes = Fields.OptionalList(given.StepSizes, given.StepSizesCount, "step_sizes"),
            LipschitzConstants = Fields.OptionalList(
                given.LipschitzConstants, given.LipschitzConstantsCount, "lipschitz_constants"),
            Tolerance = Fields.Number(given.Tolerance),
            MaxIterations = Fields.Steps(given.MaxIterations),
            Seed = Fields.Seed(given.Seed),
            Memory = Fields.Memory(given.MemoryBytes),
            Solver = Fields.Choice<KernelRidgeSolver>(given.Solver, "solver"),
            NegativeEigenvalues = Fields.Choice<NegativeEigenvalues>(given.NegativeEigenvalues, "negative_eigenvalues"),
            FitIntercept = Fields.Flag(given.FitIntercept, "fit_intercept"),
            DoubleK = Fields.Flag(given.DoubleK, "double_k"),
            CheckFinite = Fields.Flag(given.CheckFinite, "check_finite"),
        };
        InputMatrix<T> K = on.Scope.Source<T>(kernel, nameof(kernel));
        TargetSource<T> Y = on.Scope.Targets<T>(targets, nameof(targets));
        DualOutputs<T> outputs = new(
            on.Scope, Y, initialDualWeights, dualWeights, intercept, iterations, settings.FitIntercept);
        using DualWeightsResult<T> result = Solvers.KernelRidge.Solve(
            on.Backend, K, Y, settings, outputs.Start, outputs.Weights, on.Progress,
            on.Token);
        outputs.Write(result);
    }

    private static void Weighted<T>(
        Invocation on, VemMatrix* kernels, long kernelsCount, VemMatrix* targets, VemMatrix* deltas,
        VemWeightedKernelRidgeOptions* options, VemMatrix* initialDualWeights, VemMatrix* dualWeights,
        VemMatrix* intercept, int* iterations)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        VemWeightedKernelRidgeOptions given = Structures.Read(
            options, sizeof(VemWeightedKernelRidgeOptions), nameof(options), Defaults.WeightedKernelRidge);
        WeightedKernelRidgeOptions settings = new()
        {
            Alphas = Fields.List(given.Alphas, given.AlphasCount, "alphas", 1.0),
            SampleWeights = Fields.OptionalList(given.SampleWeights, given.SampleWeightsCount, "sample_weights"),
            StepSizes = Fields.OptionalList(given.StepSizes, given.StepSizesCount, "step_sizes"),
            LipschitzConstants = Fields.OptionalList(
                given.LipschitzConstants, given.LipschitzConstantsCount, "lipschitz_constants"),
            NeumannFactors = Fields.List(given.NeumannFactors, given.NeumannFactorsCount, "neumann_factors", 1e-4),
            Tolerance = Fields.Number(given.Tolerance),
            MaxIterations = Fields.Steps(given.MaxIterations),
            Seed = Fields.Seed(given.Seed),
            Memory = Fields.Memory(given.MemoryBytes),
            Solver = Fields.Choice<WeightedKernelRidgeSolver>(given.Solver, "solver"),
            FitIntercept = Fields.Flag(given.FitIntercept, "fit_intercept"),
            DoubleK = Fields.Flag(given.DoubleK, "double_k"),
            CheckFinite = Fields.Flag(given.CheckFinite, "check_finite"),
        };
        InputMatrices<T> Ks = on.Scope.Sources<T>(kernels, kernelsCount, nameof(kernels));
        TargetSource<T> Y = on.Scope.Targets<T>(targets, nameof(targets));
        MatrixView<T> logWeights = on.Scope.Input<T>(deltas, nameof(deltas));
        DualOutputs<T> outputs = new(
            on.Scope, Y, initialDualWeights, dualWeights, intercept, iterations, settings.FitIntercept);
        using DualWeightsResult<T> result = Solvers.WeightedKernelRidge.Solve(
            on.Backend, Ks, Y, logWeights, settings, outputs.Start, outputs.Weights,
            on.Progress, on.Token);
        outputs.Write(result);
    }
}
