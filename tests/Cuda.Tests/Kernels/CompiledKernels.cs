using System.Collections.Concurrent;
using VemKernels.Device;
using VemKernels.Tests;

namespace VemKernels.Cuda.Tests;

/// <summary>
/// Compiles the kernels by the real NVRTC, which needs no device; ends the test where it is not there.
/// </summary>
internal static class CompiledKernels
{
    /// <summary>
    /// Compute capabilities of boards with a processor of their own (Xavier, Orin, Thor), not of cards.
    /// </summary>
    private static readonly int[] Boards = [72, 87, 101, 110];

    /// <summary>The oldest compute capability that the backend supports.</summary>
    private const int Oldest = 70;

    private static readonly Lazy<Nvrtc?> Found = new(() =>
        NativeLibraryFile.TryLoad(
            LibraryKind.Compiler, SearchFolders.List(Environment.GetEnvironmentVariable)) is { } library
            ? new Nvrtc(library) : null);

    private static readonly ConcurrentDictionary<(string, Type, int), CompiledProgram> Programs = new();

    /// <summary>The compiler.</summary>
    public static Nvrtc Nvrtc
    {
        get
        {
            if (Found.Value is not { } nvrtc)
            {
                Requirement.Missing(
                    "There is no NVRTC: install libnvrtc11.2 and libnvrtc-builtins11.8 of Debian's non-free component.");
                throw new InvalidOperationException("A test was to end.");
            }

            return nvrtc;
        }
    }

    /// <summary>
    /// The architectures of cards that the compiler knows and the kernels support; without a compiler the oldest, whose
    /// tests say that it is not there.
    /// </summary>
    public static int[] Architectures { get; } =
        [.. (Found.Value?.Architectures ?? [Oldest]).Where(number => number >= Oldest && !Boards.Contains(number))];

    /// <summary>What a card of any architecture has at least.</summary>
    public static DeviceLimits Limits { get; } = new(1L << 33, 1L << 33, 48 << 10, 1024, HasDouble: true);

    /// <summary>All sources, with the definitions that the backend compiles them with.</summary>
    public static IReadOnlyList<(string Source, Type Type, string Definitions)> Sources { get; } =
    [
        .. from program in DeviceBackend.CommonPrograms(Limits)
           from type in (Type[])[typeof(float), typeof(double)]
           select (program.Source, type, program.Definitions),
        .. CudaBackend.OwnPrograms<float>().Select(own => (own.Source, typeof(float), own.Definitions)),
        .. CudaBackend.OwnPrograms<double>().Select(own => (own.Source, typeof(double), own.Definitions)),
    ];

    /// <summary>A source compiled for an architecture, with the compiler's remarks.</summary>
    public static CompiledProgram Compile(string source, Type type, int architecture) => Programs.GetOrAdd(
        (source, type, architecture), key =>
        {
            string own = Sources.Single(program => program.Source == source && program.Type == type).Definitions;
            string definitions = type == typeof(float) ? KernelLibrary.DefinitionsOf<float>(true, own)
                : KernelLibrary.DefinitionsOf<double>(true, own);
            string options = NvrtcCompiler.Options(
                new Architecture(architecture, IsMachineCode: true),
                definitions.Replace("-D ", "-D", StringComparison.Ordinal)) + " --ptxas-options=-v";
            return new NvrtcCompiler(Nvrtc).Compile(
                source, CudaRuntime.OwnSources.Load(source), options, isMachineCode: true);
        });
}
