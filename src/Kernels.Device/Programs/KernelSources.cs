using System.Collections.Concurrent;
using System.Reflection;

namespace VemKernels.Device;

/// <summary>
/// The kernel sources of a runtime: those of native/common, which this assembly holds, and those of its own folder of
/// native/, which its own assembly holds. Where both have a source of a name, its own counts.
/// </summary>
/// <param name="assembly">The runtime's assembly.</param>
/// <param name="folder">The folder in native/, which begins the names of its resources: "opencl".</param>
/// <param name="prelude">The file of that folder that spells the dialect.</param>
/// <param name="extension">The extension of the folder's sources: ".cl", ".cu".</param>
internal sealed class KernelSources(Assembly assembly, string folder, string prelude, string extension)
{
    private const string Views = "common/views.cl";
    private const string Accumulators = "common/accumulator.cl";

    private readonly ConcurrentDictionary<string, string> _texts = new();

    /// <summary>A source after what all of them need.</summary>
    /// <param name="name">The file's name without its extension.</param>
    public string Load(string name) => _texts.GetOrAdd(name, Join);

    private string Join(string name) => string.Join(
        '\n',
        [
            Require(assembly, $"{folder}/{prelude}"), Require(Common, Views), Require(Common, Accumulators),
            Read(assembly, $"{folder}/{name}{extension}") ?? Require(Common, $"common/{name}.cl"),
        ]);

    private static Assembly Common => typeof(KernelSources).Assembly;

    private static string Require(Assembly holder, string resource) => Read(holder, resource)
        ?? throw new InvalidOperationException($"{holder.GetName().Name} has no kernel source {resource}.");

    private static string? Read(Assembly holder, string resource)
    {
        using Stream? stream = holder.GetManifestResourceStream(resource);
        if (stream is null)
        {
            return null;
        }

        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
