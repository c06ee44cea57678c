using System.Numerics;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers.Designs;

/// <summary>
/// What the samples look like to a solver: something that, for each candidate's weights, yields the factorisation of
/// the kernel on all samples. One implementation works on kernels, one on features where they are fewer than the
/// samples.
/// </summary>
internal abstract class Design<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Features at a time while a Gram matrix is accumulated in double: the depth block of gemm.</summary>
    public const int FeatureChunk = 256;

    protected Design(IBackend backend, Inputs<T> inputs, bool intercept)
    {
        Backend = backend;
        Inputs = inputs;
        Intercept = intercept;
    }

    public IBackend Backend { get; }

    public Inputs<T> Inputs { get; }

    public bool Intercept { get; }

    public nint Samples => Inputs.Samples;

    /// <summary>Factors the candidate's kernel. smallestAlpha says how much of small eigenvalues matters.</summary>
    public abstract Factorisation Factor(
        ReadOnlySpan<double> gamma, double smallestAlpha, CancellationToken cancellation);

    /// <summary>Factors one fold by itself.</summary>
    public abstract FoldFactorisation FactorFold(ReadOnlySpan<double> gamma, Fold fold, CancellationToken cancellation);

    public abstract void Dispose();

    /// <summary>A host vector as a column on the device.</summary>
    protected DeviceMatrix<double> Column(ReadOnlySpan<double> values) => Upload.Column(Backend, values);
}
