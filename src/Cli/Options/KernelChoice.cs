using VemKernels.Solvers;

namespace VemKernels.Cli.Options;

/// <summary>A kernel and its parameters: rbf:gamma=0.01. Parameters not given have the library's defaults.</summary>
/// <param name="Name">linear, polynomial, rbf, sigmoid or cosine.</param>
/// <param name="Parameters">Those given, by name.</param>
internal sealed record KernelChoice(string Name, IReadOnlyDictionary<string, double> Parameters)
{
    /// <summary>The form of a kernel in help and messages.</summary>
    public const string Form = "KERNEL[:PARAMETER=X,...]";

    private const string LinearName = "linear";

    private static readonly string[] Names = [LinearName, "polynomial", "rbf", "sigmoid", "cosine"];

    /// <summary>Inner products of features.</summary>
    public static readonly KernelChoice Linear = new(LinearName, new Dictionary<string, double>());

    /// <summary>Whether kernels are inner products of features, so that features have weights.</summary>
    public bool IsLinear() => Name == LinearName;

    /// <summary>Parses rbf:gamma=0.01.</summary>
    /// <exception cref="FormatException">Anything else, another kernel, or a parameter that it has not.</exception>
    public static KernelChoice Parse(string text)
    {
        string[] halves = text.Split(':', 2);
        if (!Names.Contains(halves[0]))
        {
            throw new FormatException($"there is no kernel '{halves[0]}'; expected {string.Join(", ", Names)}");
        }

        Dictionary<string, double> parameters = [];
        foreach (string part in halves.Length == 1 ? [] : halves[1].Split(','))
        {
            string[] pair = part.Split('=', 2);
            if (pair.Length != 2 || !parameters.TryAdd(pair[0], NumberText.Finite(pair[1])))
            {
                throw new FormatException($"'{part}': expected {Form}, each parameter once");
            }
        }

        KernelChoice choice = new(halves[0], parameters);
        choice.RequireValid();
        return choice;
    }

    /// <summary>The kernel with a parameter, if it has such a one and its value was not given.</summary>
    public KernelChoice With(string parameter, double value)
    {
        KernelChoice more = this with
        {
            Parameters = new Dictionary<string, double>(Parameters) { [parameter] = value },
        };
        return Parameters.ContainsKey(parameter) || !more.IsValid() ? this : more;
    }

    /// <summary>The kernel.</summary>
    public PairwiseKernel ToKernel() => PairwiseKernel.FromName(Name, Parameters);

    /// <summary>As it is written.</summary>
    public override string ToString() => Parameters.Count == 0 ? Name
        : $"{Name}:{string.Join(',', Parameters.Select(pair => $"{pair.Key}={NumberText.Of(pair.Value)}"))}";

    private void RequireValid()
    {
        try
        {
            ToKernel();
        }
        catch (ArgumentException exception)
        {
            throw new FormatException(ExceptionText.OneLine(exception), exception);
        }
    }

    private bool IsValid()
    {
        try
        {
            RequireValid();
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
