namespace VemKernels.Cli.Options;

/// <summary>Which model is fitted.</summary>
internal enum ModelKind
{
    /// <summary>Banded ridge: each space has its own regularisation.</summary>
    Banded,

    /// <summary>Ridge on all spaces as one, from features.</summary>
    Ridge,

    /// <summary>Kernel ridge on all spaces as one, from their kernel.</summary>
    Kernel,

    /// <summary>Multiple-kernel ridge: a kernel a space, weighed by random search.</summary>
    MultipleKernel,

    /// <summary>Multiple-kernel ridge: a kernel a space, weighed by hyper-gradient descent.</summary>
    HyperGradient,

    /// <summary>Kernel ridge on a sum of kernels whose weights are given.</summary>
    WeightedKernel,

    /// <summary>Sparse group lasso on features, whose groups are the spaces unless given.</summary>
    Lasso,
}

/// <summary>The models by the names that they have on the command line.</summary>
internal static class ModelKinds
{
    /// <summary>All models, the default first.</summary>
    public static readonly (string Word, ModelKind Value)[] Words =
    [
        ("banded", ModelKind.Banded), ("ridge", ModelKind.Ridge), ("kernel", ModelKind.Kernel),
        ("multiple-kernel", ModelKind.MultipleKernel), ("hyper-gradient", ModelKind.HyperGradient),
        ("weighted-kernel", ModelKind.WeightedKernel), ("lasso", ModelKind.Lasso),
    ];

    /// <summary>The name of a model on the command line.</summary>
    public static string Word(this ModelKind kind) => Words.First(model => model.Value == kind).Word;

    /// <summary>The name of a model in prose, to begin a sentence with.</summary>
    public static string Title(this ModelKind kind) => kind switch
    {
        ModelKind.Banded => "Banded ridge",
        ModelKind.Ridge => "Ridge",
        ModelKind.Kernel => "Kernel ridge",
        ModelKind.MultipleKernel => "Multiple-kernel ridge",
        ModelKind.HyperGradient => "Multiple-kernel ridge by descent",
        ModelKind.WeightedKernel => "Weighted kernel ridge",
        _ => "Sparse group lasso",
    };

    /// <summary>The names of some models, for messages: "kernel, multiple-kernel".</summary>
    public static string Text(IEnumerable<ModelKind> kinds) => string.Join(", ", kinds.Select(Word));
}
