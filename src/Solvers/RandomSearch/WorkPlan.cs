using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// Decides, before any work: features or kernels, the way of cross-validation, how many targets at a time and how many
/// alphas at once, so that the workspace stays in its budget. Predicts the work, for the choice and for progress.
/// </summary>
internal sealed class WorkPlan
{
    /// <summary>
    /// Flops of set-ups, in double, in units of those of T: twice those of float, and the more the smaller the matrices
    /// are, which are copied, packed and factored in small pieces. 300 samples take twice as long as their flops (Zen
    /// 4), 1,000 a quarter longer.
    /// </summary>
    private const double SetupCost = 2;

    private const double SmallSamples = 300;

    /// <summary>Cost of a flop of the eigendecomposition in units of one of gemm; 9 n^3 flops.</summary>
    private const double EigenCost = 9 * 4;

    /// <summary>Flops over n^3 of the Cholesky factorisation that tells whether each alpha can have its own.</summary>
    private const double CholeskyCost = 1.0 / 3;

    /// <summary>
    /// Share of a grid of alphas that is evaluated when redundant ones are interpolated: 10 to 16 of 20 were seen.
    /// </summary>
    private const double SkeletonShare = 0.65;

    /// <summary>The same where each target is evaluated at a few alphas and its contenders: 5 to 7 of 20 were seen,
    /// set-up included.</summary>
    private const double ContenderShare = 0.3;

    /// <summary>n x n doubles that the eigendecomposition works with beyond its argument.</summary>
    private const int EigenWorkspace = 3;

    /// <summary>
    /// n x n doubles that a decomposition by SVD works with beyond its argument: U and V', the reflectors of both, and
    /// their rotated vectors.
    /// </summary>
    private const int SvdWorkspace = 6;

    /// <summary>What packing and other small needs take, in bytes.</summary>
    private const long Overhead = 48L << 20;

    private const int SmallestTile = 64;

    public required bool UseFeatures { get; init; }

    /// <summary>Whether alphas have Cholesky factors, each its own, in place of eigenvalues for all.</summary>
    public required bool ByCholesky { get; init; }

    public required CrossValidationWay Way { get; init; }

    /// <summary>Targets in a tile.</summary>
    public int Tile { get; private set; }

    /// <summary>All loops over tiles of targets.</summary>
    public TileLoop Tiles { get; private set; } = new(1);

    /// <summary>Alphas that are set up at once.</summary>
    public int AlphaBatch { get; private set; }

    /// <summary>Alphas whose folds are set up side by side.</summary>
    public int SetupsAtOnce { get; private set; } = 1;

    /// <summary>Candidates that are evaluated side by side.</summary>
    public int CandidatesAtOnce { get; private set; } = 1;

    /// <summary>Whether one kernel a space is kept, rather than formed again for each candidate.</summary>
    public bool KeepKernels { get; private set; }

    /// <summary>Factorisations that may be kept for the refit.</summary>
    public int CachedFactors { get; private set; }

    /// <summary>Whether all responses are kept on the device.</summary>
    public bool KeepTargets { get; private set; }

    /// <summary>Predicted work of one candidate's factorisation.</summary>
    public double FactorWork { get; private set; }

    /// <summary>Predicted work of one alpha's set-up.</summary>
    public double SetupWork { get; private set; }

    /// <summary>Predicted work of one alpha and target.</summary>
    public double TargetWork { get; private set; }

    /// <summary>
    /// Whether alphas can be looked at cheaply, in the residual way, before it is decided which are worth more.
    /// </summary>
    public required bool HasRoughWay { get; init; }

    /// <summary>Predicted work of an alpha in that way, or in the plan's own where there is none: its set-up, and each
    /// target.</summary>
    public (double Setup, double Target) RoughCost { get; private set; }

    /// <summary>Predicted work of projecting one target on the eigenvectors.</summary>
    public double ProjectionWork { get; private set; }

    /// <summary>Predicted work of setting up an alpha in the way that is always safe.</summary>
    public double SafeSetupWork { get; private set; }

    /// <summary>
    /// Whether evaluators of all alphas, of both kinds, fit in memory at once, so that a tile can go on to the alphas
    /// that it turns out to need.
    /// </summary>
    public bool HoldsAllAlphas { get; private set; }

    /// <summary>Predicted work of refitting one target.</summary>
    public double RefitWork { get; private set; }

    public static WorkPlan Make<T>(Problem<T> problem, IBackend backend)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint features = problem.Inputs.TotalFeatures;
        bool useFeatures = problem.Inputs.KernelViews is null && problem.Options.Space switch
        {
            SearchSpace.Features => true,
            SearchSpace.Kernels => false,
            _ => features < problem.Samples,
        };
        double rank = useFeatures ? Math.Min(features, problem.Samples) + 1 : problem.Samples;
        bool byCholesky = !useFeatures && problem.Options.Factoring == Factoring.Cholesky;
        bool residual = problem.SupportsResidual && !byCholesky; // It needs eigenvectors.
        WorkPlan plan = new()
        {
            UseFeatures = useFeatures, ByCholesky = byCholesky, Way = ChooseWay(problem, rank, residual),
            HasRoughWay =
                residual && problem.Options.Way is (CrossValidationWay.Automatic or CrossValidationWay.Residual),
        };
        plan.PredictWork(problem, rank);
        plan.FitMemory(problem, backend, rank);
        return plan;
    }

    private static CrossValidationWay ChooseWay<T>(Problem<T> problem, double rank, bool residual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (problem.Options.Way != CrossValidationWay.Automatic)
        {
            return problem.Options.Way;
        }

        List<CrossValidationWay> ways = [CrossValidationWay.Resolution];
        if (residual)
        {
            ways.Add(CrossValidationWay.Residual);
        }

        if (problem.SupportsTriangular)
        {
            ways.Add(CrossValidationWay.Triangular);
        }

        double alphas = problem.Options.Alphas.Count;
        return ways.MinBy(way =>
        {
            (double setup, double target) = Costs(problem, way, rank);
            return (problem.NeedsAllAlphas
                    ? alphas * (setup + (SkeletonShare * target * problem.TargetCount))
                    : alphas * ContenderShare * (setup + (target * problem.TargetCount)))
                + (way == CrossValidationWay.Residual ? 2 * rank * problem.Samples * problem.TargetCount : 0);
        });
    }

    /// <summary>Flops of one alpha: its set-up (in double), and each target.</summary>
    private static (double Setup, double Target) Costs<T>(Problem<T> problem, CrossValidationWay way, double rank)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double n = problem.Samples;
        double scored = problem.Folds.Sum(fold => (double)fold.Validation.Length);
        double heldOut = problem.Folds.Sum(fold => (double)fold.HeldOut.Length);
        double blocks = problem.Folds.Sum(fold => Math.Pow(fold.HeldOut.Length, 2));
        double inverses = problem.Folds.Sum(fold => 2 * Math.Pow(fold.HeldOut.Length, 3));
        double setupInDouble = (typeof(T) == typeof(float) ? SetupCost : SetupCost / 2) * (1 + (SmallSamples / n));
        double matrix = n * n * rank; // Symmetric, as the blocks are.
        double small = (blocks * rank) + inverses;
        return way switch
        {
            CrossValidationWay.Triangular =>
                (setupInDouble * (matrix + small + (2 * n * blocks) + (n * n * scored) + (n * n * n / 3)), n * n),
            CrossValidationWay.Residual =>
                (setupInDouble * small, (2 * n * rank) + (2 * blocks) + (heldOut * 4)),
            _ => (setupInDouble * (matrix + small + (2 * n * blocks)), 2 * n * scored),
        };
    }

    private void PredictWork<T>(Problem<T> problem, double rank)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double order = UseFeatures ? problem.Inputs.TotalFeatures : problem.Samples;
        FactorWork = (ByCholesky ? CholeskyCost : EigenCost) * order * order * order;
        (SetupWork, TargetWork) = Costs(problem, Way, rank);
        ProjectionWork = 2.0 * problem.Samples * rank;
        SafeSetupWork = Costs(problem, CrossValidationWay.Resolution, rank).Setup;
        RoughCost = Costs(problem, HasRoughWay ? CrossValidationWay.Residual : Way, rank);
        RefitWork = problem.Options.Weights == WeightKind.None ? 0 : 4.0 * problem.Samples * rank;
    }

    /// <summary>Bytes that the decomposition works with beyond its argument.</summary>
    private long Decomposition<T>(Problem<T> problem, long n, long order, long size)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!UseFeatures)
        {
            bool bySvd = problem.Options.Diagonalization == Diagonalization.Svd;
            return order * order * 8 * (bySvd ? SvdWorkspace : EigenWorkspace);
        }

        // Features in double may be decomposed themselves, where an alpha turns out to be tiny: scaled features, U, and
        // their QR.
        return (order * order * 8 * SvdWorkspace) + (size == sizeof(double) ? 3 * n * order * 8 : 0);
    }

    private void FitMemory<T>(Problem<T> problem, IBackend backend, double rank)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long n = problem.Samples;
        long p = problem.Inputs.TotalFeatures;
        long r = (long)rank;
        long size = typeof(T) == typeof(float) ? sizeof(float) : sizeof(double);
        long rows = problem.Folds.Sum(fold => (long)fold.Validation.Length);
        long heldOut = problem.Folds.Sum(fold => (long)fold.HeldOut.Length);
        long largest = problem.Folds.Max(fold => fold.HeldOut.Length);
        long order = UseFeatures ? p : n;
        long alphas = problem.Options.Alphas.Count;
        long targets = problem.TargetCount;
        bool canReform = !UseFeatures;

        long kernels = UseFeatures ? (n * p * 8) + (p * p * 8) : problem.Inputs.Spaces * n * n * 8;
        long reformed = n * Design<T>.FeatureChunk * (8 + size);
        long factor =
            (n * r * 8) + (n * r * size) + (UseFeatures ? p * r * 8 * 2 : 0) + Decomposition(problem, n, order, size);
        long blocksAtOnce = (largest * largest * 8 * 4) + (largest * r * 8 * 2);
        long setup = (n * r * 8) + blocksAtOnce + Way switch
        {
            CrossValidationWay.Triangular => (n * n * 8) + (rows * n * 8),
            CrossValidationWay.Residual => heldOut * largest * 8 * 2,
            _ => (n * n * 8) + (largest * n * 8 * 3),
        };
        long residual = (heldOut * largest * size * 2) + (r * size);
        long evaluator = Way switch
        {
            CrossValidationWay.Triangular => n * n * size,
            CrossValidationWay.Residual => residual,
            _ => rows * n * size,
        };

        // Beside those in the plan's way: one an alpha in the residual way, and exact ones where that is not.
        long beside = alphas * ((HasRoughWay ? residual : 0) + Math.Max(evaluator, rows * n * size));
        long table = alphas * targets * 8 * (problem.Options.Conservative ? 2 : 1);
        long ahead = backend.Info.TransfersWhileComputing ? 1 : 0;
        long perTarget = ((3 + ahead) * n * size) + (2 * r * size) + (problem.Folds.Count * 16);
        if (problem.Options.CustomScore is not null)
        {
            // A fold's truth, predictions and residuals, and what the residual way holds of all samples; then the same
            // in double for the caller.
            long validation = problem.Folds.Max(fold => (long)fold.Validation.Length);
            perTarget += (((3 * validation) + (2 * largest) + n + r) * size)
                + (validation * CustomScorer<T>.DoublesPerElement * 8);
        }

        BackendInfo info = backend.Info;
        long scratchPerTarget = info.ScratchBytes(
            (Math.Max(n, rows) + n + r + (2 * (info.StacksInScratch ? heldOut : largest))) * size);

        long Fixed(bool keep, int tile) => Overhead + (keep ? kernels : reformed) + factor + setup + table
            + (tile * perTarget) + (Math.Min(tile, info.ScratchTile) * scratchPerTarget);

        foreach (int wanted in new[] { (int)Math.Min(alphas, 4), 1 })
        {
            foreach (bool keep in canReform ? [true, false] : new[] { true })
            {
                int most = (int)Math.Min(backend.Info.TileOf<T>(Math.Max(n, r)), targets);
                for (int tile = most; ; tile = Math.Max(tile / 2, 1))
                {
                    long left = Math.Min(problem.Options.Memory.Bytes, backend.Info.MemoryBytes) - Fixed(keep, tile);
                    if (left >= wanted * evaluator)
                    {
                        KeepKernels = keep;
                        Tile = tile;
                        Tiles = new TileLoop(tile, backend);
                        AlphaBatch = (int)Math.Min(alphas, left / Math.Max(1, evaluator));
                        left -= AlphaBatch * evaluator;
                        HoldsAllAlphas = AlphaBatch == alphas && left >= beside;
                        left -= HoldsAllAlphas ? beside : 0;
                        KeepTargets = left >= n * targets * size
                            && n * targets * size <= backend.Info.LargestAllocationBytes;
                        left -= KeepTargets ? n * targets * size : 0;
                        long candidate = factor + setup + table + (AlphaBatch * evaluator)
                            + (HoldsAllAlphas ? beside : 0) + (tile * perTarget)
                            + (Math.Min(tile, info.ScratchTile) * scratchPerTarget);
                        left -= UseThreads(problem, backend, left, setup, candidate);
                        CachedFactors = (int)Math.Min(
                            problem.Gammas.Rows, left / Math.Max(1, (n * r * size) + (UseFeatures ? p * r * 8 : 0)));
                        return;
                    }

                    if (tile <= Math.Min(SmallestTile, targets) || tile == 1)
                    {
                        break;
                    }
                }
            }
        }

        int smallest = (int)Math.Min(SmallestTile, targets);
        long needed = canReform ? Math.Min(Fixed(true, smallest), Fixed(false, smallest)) : Fixed(true, smallest);
        throw new MemoryBudgetException(problem.Options.Memory, needed + evaluator, backend.Info);
    }

    /// <summary>
    /// How much runs side by side, each piece on one thread, where the memory is there; returns what that takes. Small
    /// operations lose less
    /// to each other so than when each is shared out over all threads.
    /// </summary>
    private long UseThreads<T>(Problem<T> problem, IBackend backend, long left, long setup, long candidate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int threads = backend.Concurrency;
        bool targetsAreThere = KeepTargets || (problem.Targets.View is not null && backend.Info.SharesHostMemory)
            || problem.Targets.ViewOn(backend) is not null;
        bool anyThread = problem.Options.CustomScore is null; // The caller's score is for the caller's thread.
        if (targetsAreThere && anyThread && problem.Gammas.Rows >= threads && (threads - 1) * candidate <= left)
        {
            CandidatesAtOnce = threads;
            left -= (threads - 1) * candidate;
        }

        long taken = (CandidatesAtOnce - 1) * candidate;
        SetupsAtOnce = (int)Math.Clamp(1 + (left / setup), 1, threads);
        return taken + ((SetupsAtOnce - 1) * setup);
    }
}
