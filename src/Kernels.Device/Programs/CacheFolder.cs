namespace VemKernels.Device;

/// <summary>The folder where backends keep what is slow to make.</summary>
internal static class CacheFolder
{
    /// <summary>Users' own choice of the folder.</summary>
    private const string Variable = "VEM_CACHE";

    /// <summary>
    /// A folder in VEM_CACHE, or in the user's cache folder (XDG_CACHE_HOME, ~/.cache, %LOCALAPPDATA%).
    /// </summary>
    /// <param name="name">Whose it is: "opencl".</param>
    public static string Of(string name)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return Path.Combine(named, name);
        }

        string root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
            : OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(root, "vemkernels", name);
    }
}
