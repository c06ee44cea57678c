using System.Numerics;

namespace VemKernels.Solvers.Lasso;

/// <summary>
/// Decides, before any work, how the gradient is evaluated and how many targets are worked on at a time.
/// </summary>
internal sealed class LassoPlan
{
    /// <summary>Double-precision flops in units of those of T = float.</summary>
    private const double DoubleCost = 2;

    /// <summary>
    /// Iterations that targets take, where that many are allowed: tens to hundreds at the usual tolerance.
    /// </summary>
    private const int UsualIterations = 50;

    /// <summary>
    /// Matrices of doubles that the eigendecomposition works with beyond its argument, and the argument.
    /// </summary>
    private const int EigenMatrices = 4;

    /// <summary>What packing and other small needs take, in bytes.</summary>
    private const long Overhead = 48L << 20;

    private LassoPlan(IBackend backend, bool useGram, int tile) =>
        (UseGram, Tile, Tiles) = (useGram, tile, new TileLoop(tile, backend));

    /// <summary>X'X and X'Y are formed once; else the residual is formed in each iteration.</summary>
    public bool UseGram { get; }

    /// <summary>Targets in a tile.</summary>
    public int Tile { get; }

    /// <summary>All loops over tiles of targets.</summary>
    public TileLoop Tiles { get; }

    /// <param name="problem">What is to be fitted.</param>
    /// <param name="backend">Where.</param>
    /// <param name="solves">How many sets of penalties are solved for on the same training set.</param>
    /// <exception cref="MemoryBudgetException">The budget does not hold one target.</exception>
    public static LassoPlan Make<T>(LassoProblem<T> problem, IBackend backend, int solves)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool useGram = ChooseGram(problem, solves);
        long size = typeof(T) == typeof(float) ? sizeof(float) : sizeof(double);
        long n = problem.Samples;
        long p = problem.KeptFeatures;
        long order = Math.Min(n, p);

        // All features, those of a training set in T and in double, Gram matrix and eigendecomposition.
        long shared = Overhead + (n * p * ((2 * size) + 8))
            + (order * order * 8 * EigenMatrices) + (useGram ? p * p * (8 + size) : 0);

        // Responses: staged, loaded, the next ones where they come meanwhile, of the training set; validation and
        // predictions together are no more than two of those. Weights, point, gradient (and X'Y): twice, for what is
        // left after converged targets went; weights on the host.
        long ahead = backend.Info.TransfersWhileComputing ? 1 : 0;
        long perTarget = size * (((5 + ahead) * n) + (useGram ? 0 : n) + (p * ((useGram ? 4 : 3) * 2)) + p);
        long left = problem.Options.Memory.Bytes - shared;
        if (left < perTarget)
        {
            throw new MemoryBudgetException(problem.Options.Memory, shared + perTarget);
        }

        long tile = Math.Min(Math.Min(backend.Info.TileOf<T>(Math.Max(n, p)), problem.TargetCount), left / perTarget);
        return new LassoPlan(backend, useGram, (int)tile);
    }

    /// <summary>
    /// p p a target and iteration, after n p p in double and n p a target, against 2 n p a target and iteration.
    /// </summary>
    private static bool ChooseGram<T>(LassoProblem<T> problem, int solves)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (problem.Options.Gradient != GradientForm.Automatic)
        {
            return problem.Options.Gradient == GradientForm.Gram;
        }

        double n = problem.Samples;
        double p = problem.KeptFeatures;
        double t = problem.TargetCount;
        double iterations = (double)solves * Math.Min(problem.Options.MaxIterations, UsualIterations);
        double setup = (DoubleCost * n * p * p / 2) + (n * p * t);
        return setup + (iterations * p * p * t) < iterations * 2 * n * p * t;
    }
}
