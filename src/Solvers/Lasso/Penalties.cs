using System.Numerics;

namespace VemKernels.Solvers.Lasso;

/// <summary>Penalties of a mean squared error, one for all targets or one a target.</summary>
internal sealed class Penalties(IReadOnlyList<double> l21, IReadOnlyList<double> l1)
{
    /// <summary>The thresholds of a proximal step for some targets.</summary>
    /// <param name="scale">What a penalty is multiplied by: samples times the step.</param>
    /// <param name="first">First target.</param>
    /// <param name="thresholds">Receives them, 2 x targets: l1 above l21.</param>
    public void WriteThresholds<T>(double scale, nint first, MatrixView<T> thresholds)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint j = 0; j < thresholds.Columns; j++)
        {
            thresholds[0, j] = T.CreateTruncating(scale * Of(l1, first + j));
            thresholds[1, j] = T.CreateTruncating(scale * Of(l21, first + j));
        }
    }

    /// <exception cref="ArgumentException">No penalty, or one that is negative or not finite.</exception>
    public static void Require(IReadOnlyList<double> values, string name)
    {
        ArgumentNullException.ThrowIfNull(values, name);
        if (values.Count == 0)
        {
            throw new ArgumentException($"{name} holds no penalty.", "options");
        }

        foreach (double value in values)
        {
            if (!(value >= 0) || !double.IsFinite(value))
            {
                throw new ArgumentException(
                    $"{name} holds {value:G6}; expected finite numbers, at least 0.", "options");
            }
        }
    }

    /// <exception cref="ArgumentException">Neither one penalty nor one a target.</exception>
    public static void RequireOneOrOneATarget(IReadOnlyList<double> values, nint targets, string name)
    {
        Require(values, name);
        if (values.Count != 1 && values.Count != targets)
        {
            throw new ArgumentException(
                $"{name} holds {values.Count} penalties; expected 1, or one for each of {targets} targets.", "options");
        }
    }

    private static double Of(IReadOnlyList<double> values, nint target) => values[values.Count == 1 ? 0 : (int)target];
}
