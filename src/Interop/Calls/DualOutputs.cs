using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Where kernel ridge with given alphas begins and writes.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class DualOutputs<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MatrixView<T>? _intercept;
    private readonly int* _iterations;
    private readonly nint _targets;

    /// <summary>Checks the arguments.</summary>
    /// <exception cref="ArgumentException">A shape that does not fit, or an intercept where none is fitted.</exception>
    public DualOutputs(
        CallScope scope, TargetSource<T> targets, VemMatrix* initialDualWeights, VemMatrix* dualWeights,
        VemMatrix* intercept, int* iterations, bool fitsIntercept)
    {
        _targets = targets.Targets;
        Start = scope.OptionalInput<T>(initialDualWeights, "initial_dual_weights");
        Weights = scope.Output<T>(dualWeights, targets.Samples, targets.Targets, "dual_weights");
        _intercept = scope.OptionalOutput<T>(intercept, 1, targets.Targets, nameof(intercept));
        _iterations = scope.Array(iterations, targets.Targets, nameof(iterations));
        WeightOutputs.RequireIntercept(_intercept is not null, fitsIntercept, WeightKind.Dual);
    }

    /// <summary>Where an iterative solver starts.</summary>
    public MatrixView<T>? Start { get; }

    /// <summary>Where the dual weights go.</summary>
    public MatrixView<T> Weights { get; }

    /// <summary>Writes what was found; the weights are there already.</summary>
    public void Write(DualWeightsResult<T> result)
    {
        WeightOutputs.Copy(result.Intercept, _intercept);
        if (_iterations is not null)
        {
            for (int j = 0; j < _targets; j++)
            {
                _iterations[j] = result.Iterations.Count == 0 ? 0 : result.Iterations[j];
            }
        }
    }
}
