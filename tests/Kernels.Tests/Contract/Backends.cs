using NUnit.Framework;
using VemKernels.Reference;
using VemKernels.Simd;

namespace VemKernels.Kernels.Tests.Contract;

/// <summary>The backends that must keep the contract of <see cref="IBackend"/>, one a line.</summary>
public static class Backends
{
    public static readonly IReadOnlyList<BackendUnderTest> All =
    [
        new("reference", () => new ReferenceBackend()),
        new("simd", () => new SimdBackend(threads: 3)),
        .. InstructionSets.Best > InstructionSet.Avx2 ? Narrower(InstructionSet.Avx2) : [],
        .. InstructionSets.Best > InstructionSet.Vector128 ? Narrower(InstructionSet.Vector128) : [],
    ];

    private static BackendUnderTest[] Narrower(InstructionSet set) =>
        [new($"simd-{set}", () => new SimdBackend(threads: 3, set))];

    /// <summary>Every backend with float and with double: the arguments of a generic fixture.</summary>
    public static IEnumerable<TestFixtureData> WithElementTypes =>
        from backend in All
        from type in (Type[])[typeof(float), typeof(double)]
        select new TestFixtureData(type, backend);
}
