using System.Numerics;

namespace VemKernels.Solvers.Weighted;

/// <summary>
/// Checks that solvers with given hyper-parameters share; numbers that are one for all targets or one a target.
/// </summary>
internal static class SolverArguments
{
    public static double PerTarget(IReadOnlyList<double> values, int target) => values[values.Count == 1 ? 0 : target];

    /// <summary>Requires one positive number, or one a target.</summary>
    /// <exception cref="ArgumentException">Another count, or a number that is not positive and finite.</exception>
    public static void RequirePerTarget(IReadOnlyList<double> values, int targets, string name)
    {
        if (values.Count != 1)
        {
            RequireCount(values.Count, targets, name, "targets");
        }

        RequirePositive(values, name);
    }

    public static void RequirePositive(IReadOnlyList<double> values, string name)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (!(values[i] > 0) || !double.IsFinite(values[i]))
            {
                throw new ArgumentException($"{name}[{i}] is {values[i]:G6}; expected a positive finite number.", name);
            }
        }
    }

    public static void RequireCount(int count, int expected, string name, string ofWhat)
    {
        if (count != expected)
        {
            throw new ArgumentException($"{name} has {count} numbers for {expected} {ofWhat}.", name);
        }
    }

    /// <summary>Requires 1 to 2^31 - 1 samples and targets.</summary>
    public static void RequireTargets<T>(TargetSource<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (targets.Samples == 0 || targets.Targets == 0 || targets.Samples > int.MaxValue || targets.Targets > int.MaxValue)
        {
            throw new ArgumentException(
                $"targets are {targets.Samples} x {targets.Targets}; expected 1 to 2^31 - 1 of both.", nameof(targets));
        }
    }

    /// <summary>
    /// Requires log kernel weights, kernels x targets or kernels x 1, whose exponentials are finite: minus infinity
    /// leaves a kernel out.
    /// </summary>
    /// <exception cref="ArgumentException">Another shape, NaN, or a number whose exponential overflows.</exception>
    public static void RequireDeltas<T>(MatrixView<T> deltas, nint kernels, nint targets, string name = "deltas")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(deltas, kernels, deltas.Columns == 1 ? 1 : targets, name);
        for (nint i = 0; i < deltas.Rows; i++)
        {
            for (nint j = 0; j < deltas.Columns; j++)
            {
                if (!T.IsFinite(T.Exp(deltas[i, j])))
                {
                    throw new ArgumentException(
                        $"deltas({i}, {j}) is {deltas[i, j]}: the kernel's weight exp(delta) is not finite.", name);
                }
            }
        }
    }
}
