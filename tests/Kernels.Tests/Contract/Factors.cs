namespace VemKernels.Kernels.Tests.Contract;

/// <summary>How a test gives the factors of <see cref="IBackend.Scale"/>.</summary>
public enum Factors
{
    /// <summary>None: ones.</summary>
    None,

    /// <summary>1 x n.</summary>
    Row,

    /// <summary>n x 1.</summary>
    Column,
}
