using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>What predicts: kernels between new and training samples, dual weights, log kernel weights.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal readonly unsafe struct Model<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Checks the arguments; how their shapes fit is the solver's to check.</summary>
    /// <exception cref="ArgumentException">A matrix that is none, or no kernel.</exception>
    public Model(CallScope scope, VemMatrix* kernels, long kernelsCount, VemMatrix* dualWeights, VemMatrix* deltas)
    {
        Kernels = scope.Sources<T>(kernels, kernelsCount, nameof(kernels));
        if (Kernels.Count == 0)
        {
            throw new ArgumentException("kernels: 0 of them; expected at least 1.", nameof(kernels));
        }

        Dual = scope.Source<T>(dualWeights, "dual_weights");
        Deltas = scope.Input<T>(deltas, nameof(deltas));
    }

    /// <summary>New samples x training samples each.</summary>
    public InputMatrices<T> Kernels { get; }

    /// <summary>Training samples x targets.</summary>
    public InputMatrix<T> Dual { get; }

    /// <summary>Kernels x targets, or kernels x 1.</summary>
    public MatrixView<T> Deltas { get; }

    /// <summary>New samples.</summary>
    public nint Samples => Kernels[0].Rows;
}
