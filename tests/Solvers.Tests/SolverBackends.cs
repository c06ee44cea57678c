using VemKernels.Reference;
using VemKernels.Simd;

namespace VemKernels.Solvers.Tests;

/// <summary>A backend that solver tests run on.</summary>
public sealed record SolverBackend(string Name, Func<IBackend> Create)
{
    public override string ToString() => Name;
}

/// <summary>Every solver test runs on each of these, in float and double.</summary>
public static class SolverBackends
{
    public static readonly IReadOnlyList<SolverBackend> All =
    [
        new("reference", () => new ReferenceBackend()),
        new("simd", () => new SimdBackend()),
    ];

    public static IEnumerable<TestFixtureData> WithElementTypes =>
        from backend in All
        from type in (Type[])[typeof(float), typeof(double)]
        select new TestFixtureData(type, backend);
}
