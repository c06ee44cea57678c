using System.Collections.Concurrent;

namespace VemKernels.OpenCL;

/// <summary>The kernel sources of native/, which are embedded in this assembly.</summary>
internal static class KernelSources
{
    private static readonly string[] Preamble = ["opencl/prelude.cl", "common/views.cl", "common/accumulator.cl"];

    private static readonly ConcurrentDictionary<string, string> Texts = new();

    /// <summary>A source of native/common after what all of them need.</summary>
    /// <param name="name">The file's name without its extension.</param>
    public static string Load(string name) =>
        Texts.GetOrAdd(name, static key => string.Join('\n', [.. Preamble.Select(Read), Read($"common/{key}.cl")]));

    private static string Read(string resource)
    {
        using Stream stream = typeof(KernelSources).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The assembly has no kernel source {resource}.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
