using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Candidates, delays, standardisation, explainable variance; see native/include/vemkernels.h.</summary>
internal static unsafe class PreparationExports
{
    [UnmanagedCallersOnly(EntryPoint = "vem_dirichlet_samples", CallConvs = [typeof(CallConvCdecl)])]
    public static int DirichletSamples(
        double* concentrations, long concentrationsCount, long seed, VemMatrix* gammas) =>
        Invocation.Run(null, on => Dirichlet(on, concentrations, concentrationsCount, seed, gammas));

    [UnmanagedCallersOnly(EntryPoint = "vem_lipschitz_constants", CallConvs = [typeof(CallConvCdecl)])]
    public static int LipschitzConstants(
        ulong backend, VemMatrix* matrices, long count, int product, long seed, double* constants) =>
        Invocation.Run(backend, null, on => CallScope.ByType(
            matrices, nameof(matrices),
            () => Lipschitz<float>(on, matrices, count, product, seed, constants),
            () => Lipschitz<double>(on, matrices, count, product, seed, constants)));

    [UnmanagedCallersOnly(EntryPoint = "vem_delays", CallConvs = [typeof(CallConvCdecl)])]
    public static int Delays(VemMatrix* X, int* delays, long delaysCount, int* runs, VemMatrix* delayed) =>
        Invocation.Run(null, on => CallScope.ByType(
            X, nameof(X),
            () => Delay<float>(on, X, delays, delaysCount, runs, delayed),
            () => Delay<double>(on, X, delays, delaysCount, runs, delayed)));

    [UnmanagedCallersOnly(EntryPoint = "vem_delayed_weights_mean", CallConvs = [typeof(CallConvCdecl)])]
    public static int DelayedWeightsMean(VemMatrix* weights, long delaysCount, VemMatrix* mean) =>
        Invocation.Run(null, on => CallScope.ByType(
            weights, nameof(weights),
            () => MeanOverDelays<float>(on, weights, delaysCount, mean),
            () => MeanOverDelays<double>(on, weights, delaysCount, mean)));

    [UnmanagedCallersOnly(EntryPoint = "vem_zscore_runs", CallConvs = [typeof(CallConvCdecl)])]
    public static int ZScoreRuns(VemMatrix* X, int* runs) =>
        Invocation.Run(null, on => CallScope.ByType(
            X, nameof(X),
            () => Standardize<float>(on, X, runs),
            () => Standardize<double>(on, X, runs)));

    [UnmanagedCallersOnly(EntryPoint = "vem_explainable_variance", CallConvs = [typeof(CallConvCdecl)])]
    public static int ExplainableVariance(
        VemMatrix* repeats, long repeatsCount, int biasCorrection, int zscore, long memoryBytes, VemMatrix* variance,
        VemCall* call) =>
        Invocation.Run(call, on => CallScope.ByType(
            variance, nameof(variance),
            () => Explainable<float>(on, repeats, repeatsCount, biasCorrection, zscore, memoryBytes, variance),
            () => Explainable<double>(on, repeats, repeatsCount, biasCorrection, zscore, memoryBytes, variance)));

    [UnmanagedCallersOnly(EntryPoint = "vem_noise_ceiling", CallConvs = [typeof(CallConvCdecl)])]
    public static int NoiseCeiling(VemMatrix* variance, long repeats, int kind, VemMatrix* ceiling) =>
        Invocation.Run(null, on => CallScope.ByType(
            variance, nameof(variance),
            () => Ceiling<float>(on, variance, repeats, kind, ceiling),
            () => Ceiling<double>(on, variance, repeats, kind, ceiling)));

    private static void Dirichlet(
        Invocation on, double* concentrations, long concentrationsCount, long seed, VemMatrix* gammas)
    {
        CallScope.TypeOf(gammas, nameof(gammas));
        double[] given = Fields.List(
            concentrations, concentrationsCount, nameof(concentrations),
            Solvers.DirichletSamples.DefaultConcentrations);
        if (seed is < -1 or > uint.MaxValue)
        {
            throw new ArgumentException($"seed is {seed}; expected -1, or 0 to {uint.MaxValue}.", nameof(seed));
        }

        MatrixView<double> output = on.Scope.InOut<double>(gammas, nameof(gammas));
        using Matrix<double> drawn = Solvers.DirichletSamples.Generate(
            Fields.Count(output.Rows, "the number of candidates"),
            Fields.Count(output.Columns, "the number of kernels"),
            given, seed < 0 ? null : seed);
        drawn.View.CopyTo(output);
    }

    private static void Lipschitz<T>(
        Invocation on, VemMatrix* matrices, long count, int product, long seed, double* constants)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LipschitzProduct which = Fields.Choice<LipschitzProduct>(product, nameof(product));
        InputMatrices<T> given = on.Scope.Sources<T>(matrices, count, nameof(matrices));
        LibraryExports.Require(constants, nameof(constants));
        on.Scope.Array(constants, given.Count, nameof(constants));
        double[] found = Solvers.LipschitzConstants.Compute(on.Backend, given, which, Fields.Seed(seed));
        found.CopyTo(new Span<double>(constants, found.Length));
    }

    private static void Delay<T>(
        Invocation on, VemMatrix* X, int* delays, long delaysCount, int* runs, VemMatrix* delayed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> features = on.Scope.Input<T>(X, nameof(X));
        int[] given = Fields.List(delays, delaysCount, nameof(delays));
        MatrixView<T> output = on.Scope.Output<T>(
            delayed, features.Rows, checked(features.Columns * given.Length), nameof(delayed));
        using Matrix<T> result = Solvers.Delays.Apply(features, given, Runs(runs, features.Rows));
        result.View.CopyTo(output);
    }

    private static void MeanOverDelays<T>(Invocation on, VemMatrix* weights, long delaysCount, VemMatrix* mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> given = on.Scope.Input<T>(weights, nameof(weights));
        int delays = Fields.Count(delaysCount, "delays_count");
        using Matrix<T> result = DelayedWeights.Mean(given, delays);
        result.View.CopyTo(on.Scope.Output<T>(mean, result.Rows, result.Columns, nameof(mean)));
    }

    private static void Standardize<T>(Invocation on, VemMatrix* X, int* runs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> columns = on.Scope.InOut<T>(X, nameof(X));
        ZScore.ByRun(columns, Runs(runs, columns.Rows));
    }

    private static void Explainable<T>(
        Invocation on, VemMatrix* repeats, long repeatsCount, int biasCorrection, int zscore, long memoryBytes,
        VemMatrix* variance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T>[] given = on.Scope.Inputs<T>(repeats, repeatsCount, nameof(repeats));
        if (given.Length == 0)
        {
            throw new ArgumentException("repeats: 0 of them; expected at least 2.", nameof(repeats));
        }

        MatrixView<T> output = on.Scope.Output<T>(variance, 1, given[0].Columns, nameof(variance));
        ExplainableVarianceOptions options = new()
        {
            BiasCorrection = Fields.Flag(biasCorrection, "bias_correction"),
            ZScore = Fields.Flag(zscore, nameof(zscore)),
            Memory = Fields.Memory(memoryBytes),
        };
        TargetSource<T>[] sources = [.. given.Select(view => new MatrixTargetSource<T>(view))];
        using Matrix<T> result = Solvers.ExplainableVariance.Compute(sources, options, on.Progress, on.Token);
        result.View.CopyTo(output);
    }

    private static void Ceiling<T>(Invocation on, VemMatrix* variance, long repeats, int kind, VemMatrix* ceiling)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> explained = on.Scope.Input<T>(variance, nameof(variance));
        MatrixView<T> output = on.Scope.Output<T>(ceiling, 1, explained.Columns, nameof(ceiling));
        using Matrix<T> result = Solvers.ExplainableVariance.NoiseCeiling(
            explained, Fields.Count(repeats, nameof(repeats)), Fields.Choice<ScoreKind>(kind, nameof(kind)));
        result.View.CopyTo(output);
    }

    private static RunLabels Runs(int* runs, nint samples)
    {
        int count = Fields.Count(samples, nameof(samples));
        return runs is null ? RunLabels.Single(count) : new RunLabels(new ReadOnlySpan<int>(runs, count));
    }
}
