using System.Numerics;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers.Weighted;

/// <summary>Kernel ridge with given hyper-parameters as the caller states it, checked.</summary>
internal sealed class DualProblem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <param name="backend">Where to compute.</param>
    /// <param name="kernels">Samples x samples each.</param>
    /// <param name="kernelName">What the caller calls kernel i.</param>
    /// <param name="deltas">Kernels x targets, kernels x 1, or null for zeros.</param>
    /// <param name="targets">Samples x targets.</param>
    /// <param name="options">Alphas and so on.</param>
    /// <param name="initial">Dual weights to start from, samples x targets.</param>
    /// <param name="weights">The caller's memory for dual weights.</param>
    public DualProblem(
        IBackend backend, InputMatrices<T> kernels, Func<int, string> kernelName, MatrixView<T>? deltas,
        TargetSource<T> targets,
        DualSolverOptions options, MatrixView<T>? initial, MatrixView<T>? weights)
    {
        ArgumentNullException.ThrowIfNull(kernels);
        ArgumentNullException.ThrowIfNull(options);
        if (kernels.Count == 0)
        {
            throw new ArgumentException("No kernel was given.", nameof(kernels));
        }

        Kernels = kernels;
        Deltas = deltas;
        Targets = targets;
        Options = options;
        Initial = initial;
        Weights = weights;
        SolverArguments.RequireTargets(targets);
        for (int i = 0; i < kernels.Count; i++)
        {
            InputShapes.Require(kernels[i], Samples, Samples, kernelName(i));
            kernels[i].RequireSymmetric(kernelName(i));
        }

        if (deltas is { } given)
        {
            SolverArguments.RequireDeltas(given, kernels.Count, TargetCount);
        }

        SolverArguments.RequirePerTarget(options.Alphas, TargetCount, "alphas");
        SampleWeights.Require(options.SampleWeights, (int)Samples);
        if (options.StepSizes is { } steps)
        {
            SolverArguments.RequirePerTarget(steps, TargetCount, "stepSizes");
        }

        if (options.LipschitzConstants is { } constants)
        {
            SolverArguments.RequirePositive(constants, "lipschitzConstants");
            SolverArguments.RequireCount(constants.Count, kernels.Count, "lipschitzConstants", "kernels");
        }

        if (options.MaxIterations is < 0 || options.Tolerance is < 0 or double.NaN)
        {
            throw new ArgumentException("MaxIterations and Tolerance are at least 0.", nameof(options));
        }

        if (initial is { } start)
        {
            Shapes.Require(start, Samples, TargetCount, "initialDualWeights");
        }

        if (weights is { } memory)
        {
            Shapes.Require(memory, Samples, TargetCount, nameof(weights));
        }

        if (options.CheckFinite)
        {
            CheckFinite(backend, kernelName);
        }
    }

    public InputMatrices<T> Kernels { get; }

    public MatrixView<T>? Deltas { get; }

    public TargetSource<T> Targets { get; }

    public DualSolverOptions Options { get; }

    public MatrixView<T>? Initial { get; }

    public MatrixView<T>? Weights { get; }

    public nint Samples => Targets.Samples;

    public int TargetCount => (int)Targets.Targets;

    /// <summary>Whether all targets share one weighted sum of kernels.</summary>
    public bool SharesKernel => Deltas is not { } deltas || (deltas.Columns == 1 && TargetCount > 1);

    /// <summary>sum_i exp(delta_i) K_i has this weight of kernel i for a target.</summary>
    public double KernelWeight(int kernel, int target) =>
        Deltas is { } deltas ? Math.Exp(double.CreateTruncating(deltas[kernel, deltas.Columns == 1 ? 0 : target])) : 1;

    public double Alpha(int target) => SolverArguments.PerTarget(Options.Alphas, target);

    private void CheckFinite(IBackend backend, Func<int, string> kernelName)
    {
        for (int i = 0; i < Kernels.Count; i++)
        {
            Kernels[i].RequireFinite(kernelName(i));
        }

        FiniteCheck.Require(backend, Targets, "targets");
        if (Initial is { } start)
        {
            FiniteCheck.Require(start, "initialDualWeights");
        }
    }
}
