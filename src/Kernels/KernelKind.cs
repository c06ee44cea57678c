namespace VemKernels;

/// <summary>The pairwise kernels that a backend computes from features.</summary>
public enum KernelKind
{
    /// <summary>x'z.</summary>
    Linear,

    /// <summary>(gamma x'z + coef0)^degree.</summary>
    Polynomial,

    /// <summary>exp(-gamma |x - z|^2).</summary>
    Rbf,

    /// <summary>tanh(gamma x'z + coef0). Not positive semi-definite for all parameters.</summary>
    Sigmoid,

    /// <summary>x'z / (|x| |z|); 0 where x or z is 0.</summary>
    Cosine,
}
