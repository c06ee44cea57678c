using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>
/// Dual weights w of kernel ridge: predictions are sum_i exp(delta_i) K_i w + intercept, or K w + intercept.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class DualWeightsResult<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal DualWeightsResult(Matrix<T>? weights, Matrix<T>? intercept, int[] iterations)
    {
        Weights = weights;
        Intercept = intercept;
        Iterations = iterations;
    }

    /// <summary>Dual weights, samples x targets, where the caller gave no memory of its own for them.</summary>
    public Matrix<T>? Weights { get; }

    /// <summary>Intercepts, 1 x targets, where they were fitted.</summary>
    public Matrix<T>? Intercept { get; }

    /// <summary>
    /// How many steps each target took until it met the tolerance; the most allowed where it did not. Empty where the
    /// solver was direct.
    /// </summary>
    public IReadOnlyList<int> Iterations { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Weights?.Dispose();
        Intercept?.Dispose();
    }
}
