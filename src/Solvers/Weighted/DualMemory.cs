using System.Numerics;

namespace VemKernels.Solvers.Weighted;

/// <summary>How many targets at a time the memory budget allows when dual weights are solved for.</summary>
internal static class DualMemory
{
    /// <summary>
    /// Matrices of samples x targets at once: responses, solution, four of the solver, one being compacted, one of
    /// staging.
    /// </summary>
    private const int TileMatrices = 8;

    /// <summary>Rows of one number a target.</summary>
    private const int TileRows = 12;

    /// <summary>n x n doubles while kernels are prepared, with what the centring with sample weights needs.</summary>
    private const int PreparationMatrices = 3;

    /// <summary>What packing and other small needs take, in bytes.</summary>
    private const long Overhead = 16L << 20;

    private const int SmallestTile = 16;

    /// <summary>Targets in a tile.</summary>
    /// <param name="backend">Names the tile it likes.</param>
    /// <param name="problem">Sizes and budget.</param>
    /// <param name="kernels">n x n matrices of T that stay on the device.</param>
    /// <param name="doubles">n x n matrices of doubles at once.</param>
    /// <exception cref="MemoryBudgetException">The budget does not hold a small tile.</exception>
    public static int Tile<T>(IBackend backend, DualProblem<T> problem, int kernels, int doubles = PreparationMatrices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long n = problem.Samples;
        long size = typeof(T) == typeof(float) ? sizeof(float) : sizeof(double);
        long perTarget = ((TileMatrices * n) + kernels + TileRows) * size;
        if (backend.Info.StacksInScratch)
        {
            // The weighted right-hand side of one kernel.
            perTarget += backend.Info.ScratchBytes(n * size);
        }

        long shared = Overhead + (n * n * ((kernels * size) + (doubles * (long)sizeof(double))));
        long wanted = Math.Min(backend.Info.TileOf<T>(n), problem.TargetCount);
        long affordable = (problem.Options.Memory.Bytes - shared) / perTarget;
        long smallest = Math.Min(SmallestTile, wanted);
        if (affordable < smallest)
        {
            throw new MemoryBudgetException(problem.Options.Memory, shared + (smallest * perTarget));
        }

        return (int)Math.Min(wanted, affordable);
    }
}
