using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>What the outputs of solvers that return weights have in common.</summary>
internal static unsafe class WeightOutputs
{
    /// <summary>Which weights the caller has room for, and where.</summary>
    /// <exception cref="ArgumentException">Both, or a shape that does not fit.</exception>
    public static (WeightKind Kind, MatrixView<T>? Weights) Choose<T>(
        CallScope scope, VemMatrix* dual, VemMatrix* primal, TargetSource<T> targets, nint features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (CallScope.IsGiven(dual) && CallScope.IsGiven(primal))
        {
            throw new ArgumentException(
                "dual_weights and primal_weights are both given; expected one of them at most.");
        }

        if (CallScope.IsGiven(primal))
        {
            return (WeightKind.Primal, scope.Output<T>(primal, features, targets.Targets, "primal_weights"));
        }

        return CallScope.IsGiven(dual)
            ? (WeightKind.Dual, scope.Output<T>(dual, targets.Samples, targets.Targets, "dual_weights"))
            : (WeightKind.None, null);
    }

    /// <summary>Requires that there will be an intercept where there is room for one.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static void RequireIntercept(bool given, bool fitted, WeightKind weights)
    {
        if (given && (!fitted || weights == WeightKind.None))
        {
            throw new ArgumentException("intercept is given; expected fit_intercept 1, and weights, with it.");
        }
    }

    /// <summary>Copies a result to where the caller wants it, if he does.</summary>
    public static void Copy<T>(Matrix<T>? result, MatrixView<T>? output)
        where T : unmanaged
    {
        if (result is not null && output is { } view)
        {
            result.View.CopyTo(view);
        }
    }
}
