namespace VemKernels.OpenCL;

/// <summary>The kernels of one device, built when first asked for and kept until the backend ends.</summary>
internal sealed class KernelLibrary(DeviceContext context, ProgramBuilder builder) : IDisposable
{
    private readonly Dictionary<string, nint> _programs = [];
    private readonly Dictionary<(string Source, string Name, Type Type), Kernel> _kernels = [];
    private readonly Lock _lock = new();

    /// <summary>A kernel of an element type.</summary>
    /// <param name="source">The file in native/common, without its extension.</param>
    /// <param name="name">The kernel's name.</param>
    /// <param name="definitions">
    /// Further -D options of the source: tile sizes. The same for all kernels of a source.
    /// </param>
    /// <exception cref="OpenClException">The source does not compile on this device.</exception>
    public Kernel Get<T>(string source, string name, string definitions = "")
        where T : unmanaged
    {
        lock (_lock)
        {
            if (_kernels.TryGetValue((source, name, typeof(T)), out Kernel? kernel))
            {
                return kernel;
            }

            kernel = new Kernel(Program<T>(source, definitions), name);
            _kernels.Add((source, name, typeof(T)), kernel);
            return kernel;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (Kernel kernel in _kernels.Values)
            {
                kernel.Dispose();
            }

            foreach (nint program in _programs.Values)
            {
                ErrorCodes.ThrowIfFailed(OpenCl.clReleaseProgram(program), nameof(OpenCl.clReleaseProgram));
            }

            _kernels.Clear();
            _programs.Clear();
        }
    }

    private nint Program<T>(string source, string definitions)
        where T : unmanaged
    {
        string key = $"{source} {typeof(T).Name}";
        if (!_programs.TryGetValue(key, out nint program))
        {
            program = builder.Build(source, KernelSources.Load(source), Options<T>(definitions));
            _programs.Add(key, program);
        }

        return program;
    }

    private string Options<T>(string definitions)
        where T : unmanaged
    {
        string type = typeof(T) == typeof(float)
            ? "-D REAL=float -D REAL_IS_FLOAT -D REAL_EPSILON=1.1920928955078125e-7f"
            : "-D REAL=double -D REAL_EPSILON=2.220446049250313e-16";
        string wide = context.Limits.HasDouble ? " -D HAS_FP64" : string.Empty;
        return $"-cl-std=CL1.2 {type}{wide} {definitions}".TrimEnd();
    }
}
