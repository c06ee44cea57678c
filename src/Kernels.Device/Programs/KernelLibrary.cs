namespace VemKernels.Device;

/// <summary>The kernels of one device, built when first asked for and kept until the backend ends.</summary>
internal sealed class KernelLibrary(DeviceRuntime runtime) : IDisposable
{
    private readonly Dictionary<string, DeviceProgram> _programs = [];
    private readonly Dictionary<(string Source, string Name, Type Type), DeviceKernel> _kernels = [];
    private readonly Lock _lock = new();

    /// <summary>The names of all kernels that were asked for, "source kernel".</summary>
    public IReadOnlyCollection<string> Asked
    {
        get
        {
            lock (_lock)
            {
                return [.. _kernels.Keys.Select(key => $"{key.Source} {key.Name}").Distinct()];
            }
        }
    }

    /// <summary>A kernel of an element type.</summary>
    /// <param name="source">The source's file, without its extension.</param>
    /// <param name="name">The kernel's name.</param>
    /// <param name="definitions">
    /// Further -D options of the source: tile sizes. The same for all kernels of a source.
    /// </param>
    public DeviceKernel Get<T>(string source, string name, string definitions = "")
        where T : unmanaged
    {
        lock (_lock)
        {
            if (_kernels.TryGetValue((source, name, typeof(T)), out DeviceKernel? kernel))
            {
                return kernel;
            }

            kernel = Program<T>(source, definitions).Kernel(name);
            _kernels.Add((source, name, typeof(T)), kernel);
            return kernel;
        }
    }

    /// <summary>Builds a source for an element type where that was not done.</summary>
    public void Require<T>(string source, string definitions)
        where T : unmanaged
    {
        lock (_lock)
        {
            Program<T>(source, definitions);
        }
    }

    /// <summary>The definitions that every source gets, and its own.</summary>
    /// <param name="hasDouble">Whether the device computes in double.</param>
    /// <param name="definitions">Its own.</param>
    public static string DefinitionsOf<T>(bool hasDouble, string definitions)
        where T : unmanaged
    {
        string type = typeof(T) == typeof(float)
            ? "-D REAL=float -D REAL_IS_FLOAT -D REAL_EPSILON=1.1920928955078125e-7f"
            : "-D REAL=double -D REAL_EPSILON=2.220446049250313e-16";
        string wide = hasDouble ? " -D HAS_FP64" : string.Empty;
        return $"{type}{wide} {definitions}".TrimEnd();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (DeviceKernel kernel in _kernels.Values)
            {
                kernel.Dispose();
            }

            foreach (DeviceProgram program in _programs.Values)
            {
                program.Dispose();
            }

            _kernels.Clear();
            _programs.Clear();
        }
    }

    private DeviceProgram Program<T>(string source, string definitions)
        where T : unmanaged
    {
        string key = $"{source} {typeof(T).Name}";
        if (!_programs.TryGetValue(key, out DeviceProgram? program))
        {
            program = runtime.Build(
                source, runtime.Sources.Load(source), DefinitionsOf<T>(runtime.Limits.HasDouble, definitions));
            _programs.Add(key, program);
        }

        return program;
    }
}
