using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit.Models;

/// <summary>A kind of model that <c>vem fit</c> knows: how it calls its solver, and what it gives.</summary>
internal interface IFitModel
{
    /// <summary>Whether all spaces are one.</summary>
    bool IsJoint { get; }

    /// <summary>Whether it is cross-validated.</summary>
    bool UsesFolds { get; }

    /// <summary>The weights that it can give, its default first.</summary>
    IReadOnlyList<WeightKind> Weights { get; }

    /// <summary>Fits; weights go to the context's memory.</summary>
    /// <exception cref="OptionException">Hyper-parameters that the solver does not take.</exception>
    /// <exception cref="IOException">A file of hyper-parameters that does not fit the data.</exception>
    /// <exception cref="MemoryBudgetException">The budget does not hold one tile.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    FittedModel<T> Fit<T>(FitContext<T> context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
