using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>What a random search found.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class RandomSearchResult<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal RandomSearchResult(nint spaces, nint targets, nint candidates)
    {
        Deltas = new Matrix<T>(spaces, targets);
        BestAlphas = new Matrix<T>(1, targets);
        // Each candidate writes its row: clearing the rows of a million would stall the first one.
        CvScores = Matrix<T>.Uninitialized(candidates, targets);
        BestCandidates = new int[targets];
    }

    /// <summary>Log kernel weights log(gamma / alpha), kernels x targets; minus infinity where gamma is 0.</summary>
    public Matrix<T> Deltas { get; }

    /// <summary>The alpha chosen for each target, 1 x targets.</summary>
    public Matrix<T> BestAlphas { get; }

    /// <summary>The candidate (row of the gammas) chosen for each target.</summary>
    public int[] BestCandidates { get; }

    /// <summary>
    /// Cross-validation scores of the best alpha of each candidate, averaged over folds, plus 1e-10 log(alpha):
    /// candidates x targets.
    /// </summary>
    public Matrix<T> CvScores { get; }

    /// <summary>
    /// Dual weights (samples x targets) or primal weights (features x targets), where they were asked for and the
    /// caller gave no memory of its own for them.
    /// </summary>
    public Matrix<T>? Weights { get; internal set; }

    /// <summary>Whether <see cref="Weights"/> are dual ones.</summary>
    internal bool HasDualWeights { get; init; }

    /// <summary>Intercepts, 1 x targets, where one was fitted and weights were asked for.</summary>
    public Matrix<T>? Intercept { get; internal set; }

    /// <summary>Seconds spent by stage, in the order in which the stages began.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Timings { get; internal set; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        Deltas.Dispose();
        BestAlphas.Dispose();
        CvScores.Dispose();
        Weights?.Dispose();
        Intercept?.Dispose();
    }
}
