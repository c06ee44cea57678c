using System.CommandLine;

namespace VemKernels.Cli.Options;

/// <summary>The kernels of the spaces.</summary>
/// <param name="Given">As given, with the parameters that stand beside.</param>
internal sealed record KernelOptions(IReadOnlyList<KernelArgument> Given)
{
    /// <summary>Linear kernels.</summary>
    public static readonly KernelOptions Linear = new([]);

    /// <summary>Whether all kernels are linear.</summary>
    public bool AreLinear => Given.All(argument => argument.Kernel.IsLinear());

    /// <summary>The kernel of each space, or the one of all.</summary>
    /// <param name="spaces">Names of the spaces.</param>
    /// <param name="isJoint">Whether all spaces are one.</param>
    /// <exception cref="OptionException">A kernel for an unknown space, or two for one.</exception>
    public IReadOnlyList<KernelChoice> Of(IReadOnlyList<string> spaces, bool isJoint)
    {
        foreach (KernelArgument argument in Given)
        {
            if (Given.Count(other => other.Space == argument.Space) > 1)
            {
                throw new OptionException($"--kernel {argument}", "another one is for the same spaces");
            }

            if (argument.Space is { } space && isJoint)
            {
                throw new OptionException($"--kernel {argument}", "the spaces are one kernel here; name none");
            }

            if (argument.Space is { } name && !spaces.Contains(name))
            {
                throw new OptionException(
                    $"--kernel {argument}", $"there is no space '{name}'; there are {string.Join(", ", spaces)}");
            }
        }

        KernelChoice others = Given.FirstOrDefault(argument => argument.Space is null)?.Kernel ?? KernelChoice.Linear;
        return isJoint
            ? [others]
            : [.. spaces.Select(space => Given.FirstOrDefault(given => given.Space == space)?.Kernel ?? others)];
    }
}

/// <summary>The options of kernels.</summary>
internal sealed class KernelOptionSet
{
    private static readonly ModelKind[] Models =
        [ModelKind.Kernel, ModelKind.MultipleKernel, ModelKind.HyperGradient, ModelKind.WeightedKernel];

    private readonly Option<KernelArgument[]> _kernel;
    private readonly Option<string?>[] _parameters;

    /// <summary>Makes the options.</summary>
    public KernelOptionSet(OptionScope scope)
    {
        _kernel = scope.For(
            OptionFactory.Repeatable(
                "--kernel", "[NAME=]KERNEL",
                "Kernel of all spaces, or with NAME of one; again for others: linear, polynomial, rbf, sigmoid or "
                + "cosine, with parameters as in rbf:gamma=0.01. Kernels are centred over the training samples, as "
                + "features are. Default: linear.",
                required: false, KernelArgument.Parse),
            Models);
        _parameters =
        [
            Parameter(scope, "gamma", "1 / features", "polynomial, rbf and sigmoid"),
            Parameter(scope, "degree", "3", "polynomial"),
            Parameter(scope, "coef0", "1", "polynomial and sigmoid"),
        ];
    }

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_kernel);
        foreach (Option option in _parameters)
        {
            command.Add(option);
        }
    }

    /// <summary>What was given.</summary>
    /// <exception cref="OptionException">A parameter that no kernel has.</exception>
    public KernelOptions Read(ParseResult parsed)
    {
        IReadOnlyList<KernelArgument> kernels = parsed.GetValue(_kernel) ?? [];
        foreach (Option<string?> option in _parameters)
        {
            if (parsed.GetValue(option) is { } text)
            {
                string parameter = option.Name.TrimStart('-');
                KernelArgument[] with =
                [
                    .. kernels.Select(argument =>
                        argument with { Kernel = argument.Kernel.With(parameter, NumberText.Finite(text)) }),
                ];
                kernels = with.Zip(kernels).Any(pair => pair.First.Kernel != pair.Second.Kernel)
                    ? with
                    : throw new OptionException($"{option.Name} {text}", "no kernel takes it; see --kernel");
            }
        }

        return new(kernels);
    }

    private static Option<string?> Parameter(OptionScope scope, string name, string byDefault, string kernels) =>
        scope.For(
            OptionFactory.Optional(
                $"--{name}", "X", $"{name} of {kernels} kernels that give none of their own. Default: {byDefault}.",
                text => NumberText.Of(NumberText.Finite(text))),
            Models);
}
