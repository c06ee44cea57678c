using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>Where a hyper-gradient descent begins: log kernel weights, and dual weights if there are any.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class InitialDeltas<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private InitialDeltas(double constant, bool fromRidgeCV, MatrixView<T>? deltas, MatrixView<T>? dual)
    {
        Value = constant;
        FromRidgeCV = fromRidgeCV;
        Deltas = deltas;
        Dual = dual;
    }

    /// <summary>Ridge with cross-validated alpha on the average kernel, one alpha a target.</summary>
    public static InitialDeltas<T> RidgeCV { get; } = new(0, true, null, null);

    internal double Value { get; }

    internal bool FromRidgeCV { get; }

    internal MatrixView<T>? Deltas { get; }

    internal MatrixView<T>? Dual { get; }

    /// <summary>The same log weight for all kernels and targets.</summary>
    /// <exception cref="ArgumentException">The value, or its exponential in T, is not finite.</exception>
    public static InitialDeltas<T> Constant(double delta)
    {
        if (!double.IsFinite(delta) || !T.IsFinite(T.Exp(T.CreateTruncating(delta))))
        {
            throw new ArgumentException($"The log kernel weight {delta:G6} has no finite exponential.", nameof(delta));
        }

        return new InitialDeltas<T>(delta, false, null, null);
    }

    /// <summary>Given log weights.</summary>
    /// <param name="deltas">kernels x targets; minus infinity leaves a kernel out.</param>
    /// <param name="dual">
    /// Dual weights to start from, samples x targets, for the parametrisation (sum_i exp(delta_i) K_i + I) w = y; null
    /// for none.
    /// </param>
    public static InitialDeltas<T> Given(MatrixView<T> deltas, MatrixView<T>? dual = null) =>
        new(0, false, deltas, dual);

    /// <summary>What a random search found: its log weights, and its dual weights where it returned them.</summary>
    /// <param name="search">The search; it must stay undisposed until the descent has ended.</param>
    public static InitialDeltas<T> From(RandomSearchResult<T> search)
    {
        ArgumentNullException.ThrowIfNull(search);
        return Given(search.Deltas.View, search.HasDualWeights ? search.Weights?.View : null);
    }
}
