using VemKernels.Bench.Inputs;
using VemKernels.Benchmark.Roofs;

namespace VemKernels.Bench.Cases;

/// <summary>One piece of work that is measured.</summary>
internal sealed record Case
{
    /// <summary>Identifies the case: operation, shape, type.</summary>
    public required string Name { get; init; }

    /// <summary>The work in words.</summary>
    public required string Work { get; init; }

    /// <summary>Which suite it belongs to.</summary>
    public required CaseGroup Group { get; init; }

    /// <summary>What a peer has to do: the name of one of its functions.</summary>
    public required string Operation { get; init; }

    /// <summary>The operation of <see cref="IBackend"/> that it measures; null for a whole fit.</summary>
    public string? Kernel { get; init; }

    /// <summary>float32 or float64.</summary>
    public required string ElementType { get; init; }

    /// <summary>Inputs by the names that the operation gives them.</summary>
    public required IReadOnlyDictionary<string, InputSpec> Inputs { get; init; }

    /// <summary>Numbers that the operation needs besides.</summary>
    public IReadOnlyDictionary<string, double[]> Parameters { get; init; } = new Dictionary<string, double[]>();

    /// <summary>What the work needs at least.</summary>
    public required WorkCost Cost { get; init; }

    /// <summary>Whether it belongs to a quick look.</summary>
    public bool Quick { get; init; }

    /// <summary>Reads the inputs and makes the work ready to run.</summary>
    public required Func<CaseMemory, PreparedCase> Prepare { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Suites of cases.</summary>
internal enum CaseGroup
{
    /// <summary>Matrix products and triangular solves.</summary>
    Level3,

    /// <summary>Factorisations of one matrix.</summary>
    Factorisation,

    /// <summary>Factorisations of many small matrices.</summary>
    Batched,

    /// <summary>Copies and elementwise operations, bound by memory.</summary>
    Elementwise,

    /// <summary>Column statistics, norms and centring, bound by memory.</summary>
    Statistics,

    /// <summary>Pairwise kernels of features.</summary>
    PairwiseKernel,

    /// <summary>Products with several kernels, each target with weights of its own.</summary>
    KernelProduct,

    /// <summary>Operations of cross-validation on one tile of targets, and scores.</summary>
    CrossValidation,

    /// <summary>Whole fits.</summary>
    Solver,
}
