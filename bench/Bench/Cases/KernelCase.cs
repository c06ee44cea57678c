using System.Numerics;
using VemKernels.Bench.Inputs;
using VemKernels.Benchmark.Roofs;

namespace VemKernels.Bench.Cases;

/// <summary>Makes cases of single operations of a backend.</summary>
internal static class KernelCase
{
    /// <summary>A case named after the operation and its shape.</summary>
    /// <param name="group">The suite.</param>
    /// <param name="kernel">The operation of <see cref="IBackend"/>.</param>
    /// <param name="work">In words, without the shape.</param>
    /// <param name="shape">The shape, such as "300 x 1000".</param>
    /// <param name="cost">What it needs at least.</param>
    /// <param name="inputs">Its inputs by name.</param>
    /// <param name="prepare">Makes it ready to run.</param>
    /// <param name="operation">What peers call it; null where there is none.</param>
    public static Case Of<T>(
        CaseGroup group, string kernel, string work, string shape, WorkCost cost,
        IReadOnlyDictionary<string, InputSpec> inputs, Func<CaseMemory, PreparedCase> prepare,
        string? operation = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string name = operation ?? Words(work);
        return new()
        {
            Name = $"{name}-{shape.Replace(" ", "", StringComparison.Ordinal)}-{SyntheticInputs.ElementName<T>()}",
            Work = $"{work}, {shape}",
            Group = group,
            Operation = name,
            Kernel = kernel,
            ElementType = SyntheticInputs.ElementName<T>(),
            Inputs = inputs,
            Cost = cost,
            Prepare = prepare,
        };
    }

    private static string Words(string work) => work.Replace(' ', '-').ToLowerInvariant();
}
