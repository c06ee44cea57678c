using VemKernels.Simd;

namespace VemKernels.Cli;

/// <summary>Which backends this build has, and which one "auto" is.</summary>
internal static class BackendFactory
{
    /// <summary>The best backend at hand.</summary>
    public const string Auto = "auto";

    /// <summary>The processor.</summary>
    public const string Simd = "simd";

    /// <summary>Backends that the design names and this build lacks.</summary>
    public static readonly string[] Absent = ["cuda", "opencl"];

    /// <summary>The ids of all that can compute here.</summary>
    public static IReadOnlyList<string> Present => [Simd];

    /// <summary>The driver of a backend's device, and its version; null for the processor, which has none.</summary>
    public static string? DriverOf(IBackend backend) => backend switch
    {
        SimdBackend => null,
        _ => backend.Info.InstructionSet,
    };

    /// <summary>Reads the name of a backend.</summary>
    /// <exception cref="FormatException">This build has none of that name.</exception>
    public static string ParseId(string text) =>
        text is Auto or Simd ? text
        : Absent.Contains(text) ? throw new FormatException($"{text} is not in this build; {Simd} is")
        : throw new FormatException($"expected {Auto}|{Simd}");

    /// <summary>Starts a backend.</summary>
    /// <param name="id">"auto" or "simd".</param>
    /// <param name="threads">Threads of the processor; 0 for one per core.</param>
    /// <exception cref="OptionException">There is no such backend.</exception>
    public static IBackend Create(string id, int threads) => id switch
    {
        Auto or Simd => new SimdBackend(threads),
        _ => throw new OptionException(
            "--backend", $"there is no backend {id} in this build; expected {Auto} or {Simd}"),
    };
}
