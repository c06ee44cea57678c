using VemKernels.Device;

namespace VemKernels.Cuda;

/// <summary>Builds programs from source, or from the images that an earlier build left in the cache.</summary>
internal sealed class ProgramBuilder(CudaContext context, Nvrtc nvrtc, Architecture architecture, ProgramCache cache)
{
    /// <summary>The extension of cached images.</summary>
    public const string Extension = ".cubin";

    /// <summary>The name of a program: all that its image depends on. The options hold the architecture.</summary>
    public static string Key(Nvrtc nvrtc, string source, string options) =>
        ProgramCache.Key("nvrtc", nvrtc.Version.ToString(), options, source);

    /// <summary>A program that was loaded.</summary>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="source">The whole source.</param>
    /// <param name="definitions">Options "-D NAME" and "-D NAME=VALUE" with a blank between.</param>
    /// <exception cref="CudaException">
    /// The source does not compile (the log is in the message), or the driver does not take what was compiled.
    /// </exception>
    public CudaProgram Build(string name, string source, string definitions)
    {
        string options = NvrtcCompiler.Options(
            architecture, definitions.Replace("-D ", "-D", StringComparison.Ordinal));
        string key = Key(nvrtc, source, options);
        if (cache.Read(key) is { } image && CudaProgram.TryLoad(context, image, name) is { } cached)
        {
            return cached;
        }

        CompiledProgram compiled = new NvrtcCompiler(nvrtc).Compile(name, source, options, architecture.IsMachineCode);
        if (CudaProgram.TryLoad(context, compiled.Image, name) is not { } program)
        {
            throw new CudaException(
                nameof(context.Driver.cuModuleLoadData),
                $"the driver does not take what NVRTC {nvrtc.Version} of {nvrtc.Library.Name} made of kernels {name} "
                + $"with {options}; a newer driver may.");
        }

        cache.Write(key, compiled.Image);
        return program;
    }
}
