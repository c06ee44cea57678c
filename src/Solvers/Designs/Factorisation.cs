using VemKernels.Solvers.CrossValidation;

namespace VemKernels.Solvers.Designs;

/// <summary>The kernel of one candidate on all samples, in double, prepared for the smoothers of any alpha.</summary>
internal abstract class Factorisation : IDisposable
{
    /// <summary>The largest eigenvalue of the kernel, or a close lower bound of it.</summary>
    public double LambdaMax { get; protected init; }

    /// <summary>Whether alphas far under <see cref="LambdaMax"/> lose digits.</summary>
    public bool IsRankDeficient { get; protected init; }

    /// <summary>Whether the smoother keeps the constant vector whole, whatever alpha is.</summary>
    public bool HasIntercept { get; protected init; }

    /// <summary>
    /// Alphas under this are not to be used: the kernel has a negative eigenvalue that is not rounding.
    /// </summary>
    public double UnusableBelow { get; protected init; }

    /// <summary>What cross-validation needs for one alpha; whoever asks disposes it.</summary>
    public abstract HeldOutSmoother Smoother(IBackend backend, double alpha, CancellationToken cancellation);

    /// <inheritdoc/>
    public abstract void Dispose();
}
