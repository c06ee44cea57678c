using System.Numerics;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// How many targets are worked on at a time, and in how many clusters at most, so that the workspace stays in its
/// budget.
/// </summary>
/// <param name="Tile">Targets at a time.</param>
/// <param name="MostClusters">Clusters of targets that are preconditioned apart.</param>
internal readonly record struct DescentPlan(int Tile, int MostClusters)
{
    /// <summary>Targets at a time at least: a micro-panel or two.</summary>
    private const int SmallestTile = 64;

    private const int ManyClusters = 16;

    /// <summary>
    /// n x t matrices of the working set: iterates, directions and residuals, right-hand sides, responses, and their
    /// gathered copies.
    /// </summary>
    private const int WorkingMatrices = 14;

    /// <summary>n x n doubles while a preconditioner is made, beside the centres' kernels.</summary>
    private const int FactorMatrices = 3;

    /// <summary>Rows of packed kernels that a backend holds.</summary>
    private const int PackedRows = 256;

    public static DescentPlan Make<T>(DescentProblem<T> problem, IBackend backend)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double size = System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        double n = problem.Samples;
        double m = problem.Kernels;
        int ahead = backend.Info.TransfersWhileComputing ? 1 : 0;
        int staged = problem.Targets.View is null ? 1 : 0;
        double perTarget =
            (n * size * (WorkingMatrices + ahead + staged + (2 * problem.Folds.Count)))
            + (sizeof(double) * (m + 2) * (m + 4));
        if (problem.Options.CustomScore is not null)
        {
            perTarget += sizeof(double) * CustomScorer<T>.DoublesPerElement * problem.Folds.Max(
                fold => (double)fold.Validation.Length);
        }

        double kernels = size * m * n * (n + PackedRows);
        if (backend.Info.StacksInScratch)
        {
            // One kernel's entries of a fold, and the products of all kernels.
            kernels += backend.Info.ScratchBytes((long)(size * n * n));
            perTarget += backend.Info.ScratchBytes((long)(size * m * n));
        }

        double Fixed(int clusters) =>
            kernels + (n * n * ((sizeof(double) * (FactorMatrices + clusters)) + (size * clusters)));
        int smallest = Math.Min(SmallestTile, problem.TargetCount);
        double budget = problem.Options.Memory.Bytes;
        double needed = Fixed(1) + (smallest * perTarget);
        if (budget < needed)
        {
            throw new MemoryBudgetException(problem.Options.Memory, (long)Math.Ceiling(needed));
        }

        int clusters = budget < Fixed(ManyClusters) + (smallest * perTarget) ? 1 : ManyClusters;
        double fitting = (budget - Fixed(clusters)) / perTarget;
        int preferred = Math.Max(smallest, Math.Min(problem.TargetCount, backend.Info.TileOf<T>(problem.Samples)));
        return new DescentPlan((int)Math.Min(preferred, fitting), clusters);
    }
}
