using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>What a hyper-gradient descent found.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class HyperGradientResult<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal HyperGradientResult(nint kernels, nint targets, nint rows)
    {
        Deltas = new Matrix<T>(kernels, targets);
        // Each step writes its row, and a target that stops those after it: no need to clear many first.
        CvScores = Matrix<T>.Uninitialized(rows, targets);
        Iterations = new int[targets];
    }

    /// <summary>Log kernel weights, kernels x targets; minus infinity where they began there.</summary>
    public Matrix<T> Deltas { get; }

    /// <summary>
    /// Cross-validation scores before each step of the log weights, averaged over folds: (iterations x inner steps) x
    /// targets. Rows after a target has stopped repeat its last score.
    /// </summary>
    public Matrix<T> CvScores { get; }

    /// <summary>Iterations of the outer loop that each target took.</summary>
    public int[] Iterations { get; }

    /// <summary>
    /// Dual weights (samples x targets) or primal weights (features x targets), where they were asked for and the
    /// caller gave no memory of its own for them.
    /// </summary>
    public Matrix<T>? Weights { get; internal set; }

    /// <summary>Intercepts, 1 x targets, where one was fitted and weights were asked for.</summary>
    public Matrix<T>? Intercept { get; internal set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Deltas.Dispose();
        CvScores.Dispose();
        Weights?.Dispose();
        Intercept?.Dispose();
    }
}
