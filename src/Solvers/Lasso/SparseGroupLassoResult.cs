using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>A fitted sparse group lasso.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class SparseGroupLassoResult<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal SparseGroupLassoResult(nint features, nint targets, bool ownsWeights, bool intercept)
    {
        Weights = ownsWeights ? new Matrix<T>(features, targets) : null;
        Intercept = intercept ? new Matrix<T>(1, targets) : null;
        Iterations = new int[targets];
        Converged = new bool[targets];
    }

    /// <summary>Weights, features x targets; null where the caller gave memory of its own for them.</summary>
    public Matrix<T>? Weights { get; }

    /// <summary>Intercepts, 1 x targets, where one was fitted.</summary>
    public Matrix<T>? Intercept { get; }

    /// <summary>How many iterations each target took.</summary>
    public int[] Iterations { get; }

    /// <summary>
    /// Whether each target met the tolerance; if not, it ran out of iterations and its weights are the last ones.
    /// </summary>
    public bool[] Converged { get; }

    /// <summary>The Lipschitz constant of the gradient whose inverse was the step.</summary>
    public double Lipschitz { get; internal set; }

    /// <summary>Seconds spent by stage, in the order in which the stages began.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Timings { get; internal set; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        Weights?.Dispose();
        Intercept?.Dispose();
    }
}
