namespace VemKernels.Cuda;

/// <summary>
/// The folders where CUDA's libraries may be, in order: VEM_CUDA_PATH; CUDA_HOME and CUDA_PATH; the loader's own path;
/// the usual folders of toolkits; the nvidia/*/lib folders of Python environments.
/// </summary>
internal static class SearchFolders
{
    /// <summary>The users' own choice, which comes before everything.</summary>
    public const string OwnVariable = "VEM_CUDA_PATH";

    /// <summary>Stands for a bare file name, which the system's loader finds by its own rules.</summary>
    public const string Loader = "";

    private static readonly string[] Variables = [OwnVariable, "CUDA_HOME", "CUDA_PATH"];

    private static readonly string[] InToolkit =
        OperatingSystem.IsWindows() ? ["bin", Path.Combine("bin", "x64"), string.Empty]
            : ["lib64", "lib", Path.Combine("targets", "x86_64-linux", "lib"),
                Path.Combine("targets", "sbsa-linux", "lib"), string.Empty];

    /// <summary>The folders that exist, and <see cref="Loader"/> at its place.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    public static IReadOnlyList<string> List(Func<string, string?> variable)
    {
        IEnumerable<string> named = Variables.Select(variable).OfType<string>().Where(path => path.Length > 0)
            .SelectMany(Inside);
        IEnumerable<string> after = Usual().SelectMany(Inside).Concat(PythonRoots(variable).SelectMany(Wheels));
        return [.. Existing(named).Append(Loader).Concat(Existing(after)).Distinct()];
    }

    /// <summary>The places in words: what users can change, whether it exists or not.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    public static string Describe(Func<string, string?> variable)
    {
        IEnumerable<string> named = Variables
            .Where(name => variable(name) is { Length: > 0 }).Select(name => $"{name} ({variable(name)})");
        string usual = OperatingSystem.IsWindows()
            ? "the toolkits in Program Files"
            : "/usr/local/cuda*, /opt/cuda, /usr/local/nvidia";
        IEnumerable<string> python = PythonRoots(variable).Take(1)
            .Select(root => $"the nvidia packages of Python in {root}");
        return string.Join(", ", [.. named, "the loader's path", usual, .. python]);
    }

    private static IEnumerable<string> Inside(string toolkit) => InToolkit.Select(part => Path.Combine(toolkit, part));

    private static IEnumerable<string> Existing(IEnumerable<string> folders) => folders.Where(Directory.Exists);

    private static IEnumerable<string> Usual() => OperatingSystem.IsWindows()
        ? Versions(@"C:\Program Files\NVIDIA GPU Computing Toolkit\CUDA", "v*")
        : ((string[])["/usr/local/cuda"]).Concat(Versions("/usr/local", "cuda-*"))
            .Concat(["/opt/cuda", "/usr/local/nvidia"]);

    /// <summary>Folders of a pattern, the newest version first.</summary>
    private static IEnumerable<string> Versions(string parent, string pattern) => Directory.Exists(parent)
        ? Directory.GetDirectories(parent, pattern).OrderByDescending(VersionOf)
        : [];

    private static Version VersionOf(string folder)
    {
        string digits = Path.GetFileName(folder).TrimStart('c', 'u', 'd', 'a', '-', 'v');
        return Version.TryParse(digits, out Version? version) ? version : new Version(0, 0);
    }

    /// <summary>The active environment, and the one whose python is first on the PATH.</summary>
    private static IEnumerable<string> PythonRoots(Func<string, string?> variable)
    {
        foreach (string name in (string[])["VIRTUAL_ENV", "CONDA_PREFIX"])
        {
            if (variable(name) is { Length: > 0 } root)
            {
                yield return root;
            }
        }

        string python = OperatingSystem.IsWindows() ? "python.exe" : "python3";
        string? onPath = (variable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .FirstOrDefault(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, python)));
        if (onPath is not null)
        {
            string root = OperatingSystem.IsWindows() ? onPath : Path.GetDirectoryName(Path.GetFullPath(onPath)) ?? "/";
            yield return root;

            // Where Debian's own Python puts what pip installs.
            if (root == "/usr")
            {
                yield return "/usr/local";
            }
        }
    }

    /// <summary>
    /// The folders of NVIDIA's own Python packages: nvidia/cublas/lib, and nvidia/cu13/lib since CUDA 13.
    /// </summary>
    private static IEnumerable<string> Wheels(string root)
    {
        IEnumerable<string> libraries = OperatingSystem.IsWindows() ? [Path.Combine(root, "Lib")]
            : Matching(Path.Combine(root, "lib"), "python3*");
        return
            from library in libraries
            from packages in (string[])["site-packages", "dist-packages"]
            from package in Matching(Path.Combine(library, packages, "nvidia"), "*")
            from folder in (string[])[Path.Combine(package, "lib"), Path.Combine(package, "bin")]
            select folder;
    }

    private static IEnumerable<string> Matching(string parent, string pattern) =>
        Directory.Exists(parent) ? Directory.GetDirectories(parent, pattern).Order(StringComparer.Ordinal) : [];
}
