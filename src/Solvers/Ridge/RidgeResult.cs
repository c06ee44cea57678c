using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>Weights b of ridge: predictions are X b + intercept.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class RidgeResult<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal RidgeResult(Matrix<T>? weights, Matrix<T>? intercept, RidgeSolver solver)
    {
        Weights = weights;
        Intercept = intercept;
        Solver = solver;
    }

    /// <summary>Weights, features x targets, where the caller gave no memory of its own for them.</summary>
    public Matrix<T>? Weights { get; }

    /// <summary>Intercepts, 1 x targets, where they were fitted.</summary>
    public Matrix<T>? Intercept { get; }

    /// <summary>The solver that was used: what an automatic choice came to.</summary>
    public RidgeSolver Solver { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Weights?.Dispose();
        Intercept?.Dispose();
    }
}
