namespace VemKernels;

/// <summary>
/// A pairwise kernel with its parameters, as a backend computes it; see <see cref="KernelKind"/> for the formulas.
/// </summary>
/// <remarks>Parameters that a kernel does not have are zero, so that equal functions are equal records.</remarks>
public readonly record struct KernelFunction
{
    private KernelFunction(KernelKind kind, double gamma = 0, double coef0 = 0, double degree = 0)
    {
        RequireFinite(gamma, nameof(gamma));
        RequireFinite(coef0, nameof(coef0));
        RequireFinite(degree, nameof(degree));
        Kind = kind;
        Gamma = gamma;
        Coef0 = coef0;
        Degree = degree;
    }

    /// <summary>x'z.</summary>
    public static KernelFunction Linear => new(KernelKind.Linear);

    /// <summary>x'z / (|x| |z|).</summary>
    public static KernelFunction Cosine => new(KernelKind.Cosine);

    /// <summary>Which kernel.</summary>
    public KernelKind Kind { get; }

    /// <summary>Factor of the product or of the squared distance.</summary>
    public double Gamma { get; }

    /// <summary>What is added to the scaled product.</summary>
    public double Coef0 { get; }

    /// <summary>Exponent of the polynomial kernel.</summary>
    public double Degree { get; }

    /// <summary>(gamma x'z + coef0)^degree. With a degree that is no whole number, a negative base gives NaN.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A parameter is NaN or infinite, or the degree is negative.
    /// </exception>
    public static KernelFunction Polynomial(double degree, double gamma, double coef0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(degree);
        return new(KernelKind.Polynomial, gamma, coef0, degree);
    }

    /// <summary>exp(-gamma |x - z|^2).</summary>
    /// <exception cref="ArgumentOutOfRangeException">gamma is NaN, infinite or negative.</exception>
    public static KernelFunction Rbf(double gamma)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(gamma);
        return new(KernelKind.Rbf, gamma);
    }

    /// <summary>tanh(gamma x'z + coef0).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is NaN or infinite.</exception>
    public static KernelFunction Sigmoid(double gamma, double coef0) => new(KernelKind.Sigmoid, gamma, coef0);

    private static void RequireFinite(double value, string name)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; expected a finite number.");
        }
    }
}
