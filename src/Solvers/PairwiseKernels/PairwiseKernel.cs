namespace VemKernels.Solvers;

/// <summary>
/// A kernel of samples, as a user names it: one of himalaya's (linear, polynomial, rbf, sigmoid, cosine, precomputed)
/// with its parameters and defaults, or the caller's own.
/// </summary>
/// <remarks>gamma null stands for 1 / features, known when the features are.</remarks>
public sealed record PairwiseKernel
{
    private const double DefaultDegree = 3;
    private const double DefaultCoef0 = 1;

    private PairwiseKernel(string name) => Name = name;

    /// <summary>x'z.</summary>
    public static PairwiseKernel Linear { get; } = new("linear");

    /// <summary>x'z / (|x| |z|); 0 where x or z is 0.</summary>
    public static PairwiseKernel Cosine { get; } = new("cosine");

    /// <summary>What is given is the kernel already.</summary>
    public static PairwiseKernel Precomputed { get; } = new("precomputed");

    /// <summary>The name, in lower case; "custom" of a caller's own.</summary>
    public string Name { get; }

    /// <summary>gamma of polynomial, rbf and sigmoid; null for 1 / features.</summary>
    public double? Gamma { get; private init; }

    /// <summary>coef0 of polynomial and sigmoid.</summary>
    public double Coef0 { get; private init; }

    /// <summary>degree of polynomial.</summary>
    public double Degree { get; private init; }

    /// <summary>The caller's own kernel; null of all others.</summary>
    public CustomKernel? Function { get; private init; }

    /// <summary>Whether what is given is the kernel already.</summary>
    public bool IsPrecomputed => this == Precomputed;

    /// <summary>Whether this is <see cref="Linear"/>.</summary>
    public bool IsLinear => this == Linear;

    /// <summary>(gamma x'z + coef0)^degree.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A parameter is NaN or infinite, or the degree is negative.
    /// </exception>
    public static PairwiseKernel Polynomial(
        double degree = DefaultDegree, double? gamma = null, double coef0 = DefaultCoef0) =>
        Checked(new("polynomial") { Degree = degree, Gamma = gamma, Coef0 = coef0 });

    /// <summary>exp(-gamma |x - z|^2).</summary>
    /// <exception cref="ArgumentOutOfRangeException">gamma is NaN, infinite or negative.</exception>
    public static PairwiseKernel Rbf(double? gamma = null) => Checked(new("rbf") { Gamma = gamma });

    /// <summary>tanh(gamma x'z + coef0). Not positive semi-definite for all parameters.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is NaN or infinite.</exception>
    public static PairwiseKernel Sigmoid(double? gamma = null, double coef0 = DefaultCoef0) =>
        Checked(new("sigmoid") { Gamma = gamma, Coef0 = coef0 });

    /// <summary>The caller's own kernel.</summary>
    public static PairwiseKernel Custom(CustomKernel function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new("custom") { Function = function };
    }

    /// <summary>
    /// A kernel by himalaya's name for it ("linear", "polynomial" or "poly", "rbf", "sigmoid", "cosine", "precomputed")
    /// and parameters by theirs ("gamma", "coef0", "degree"); those not given have their defaults.
    /// </summary>
    /// <exception cref="ArgumentException">No such kernel, or a parameter that it does not have.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value that the parameter cannot have.</exception>
    public static PairwiseKernel FromName(string name, IReadOnlyDictionary<string, double>? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        string[] known = name switch
        {
            "polynomial" or "poly" => ["degree", "gamma", "coef0"],
            "rbf" => ["gamma"],
            "sigmoid" => ["gamma", "coef0"],
            "linear" or "cosine" or "precomputed" => [],
            _ => throw new ArgumentException(
                $"There is no kernel '{name}'; expected linear, polynomial (poly), rbf, sigmoid, cosine or precomputed.", nameof(name)),
        };
        foreach (string parameter in parameters?.Keys ?? [])
        {
            if (!known.Contains(parameter))
            {
                string expected = known.Length == 0 ? "it has none" : $"expected {string.Join(", ", known)}";
                throw new ArgumentException(
                    $"The {name} kernel has no parameter '{parameter}'; {expected}.", nameof(parameters));
            }
        }

        double? gamma = Value("gamma");
        double coef0 = Value("coef0") ?? DefaultCoef0;
        return name switch
        {
            "polynomial" or "poly" => Polynomial(Value("degree") ?? DefaultDegree, gamma, coef0),
            "rbf" => Rbf(gamma),
            "sigmoid" => Sigmoid(gamma, coef0),
            "cosine" => Cosine,
            "precomputed" => Precomputed,
            _ => Linear,
        };

        double? Value(string parameter) =>
            parameters is not null && parameters.TryGetValue(parameter, out double value) ? value : null;
    }

    /// <summary>
    /// What a backend computes, for so many features; null where no backend can: precomputed, or the caller's own.
    /// </summary>
    /// <exception cref="ArgumentException">gamma is to be 1 / features, and there is no feature.</exception>
    internal KernelFunction? Resolve(nint features)
    {
        return Name switch
        {
            "linear" => KernelFunction.Linear,
            "cosine" => KernelFunction.Cosine,
            "polynomial" => KernelFunction.Polynomial(Degree, GammaOf(features), Coef0),
            "rbf" => KernelFunction.Rbf(GammaOf(features)),
            "sigmoid" => KernelFunction.Sigmoid(GammaOf(features), Coef0),
            _ => null,
        };
    }

    private double GammaOf(nint features) => Gamma
        ?? (features > 0
            ? 1.0 / features
            : throw new ArgumentException("gamma is 1 / features by default, and there is no feature.", "X"));

    /// <summary>Lets the backend's own record check the values: 1 stands for any number of features.</summary>
    private static PairwiseKernel Checked(PairwiseKernel kernel)
    {
        kernel.Resolve(features: 1);
        return kernel;
    }
}
