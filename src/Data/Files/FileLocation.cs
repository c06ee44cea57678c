namespace VemKernels.Data;

/// <summary>Compares where paths lead, whatever links and relative parts they are written with.</summary>
public static class FileLocation
{
    /// <summary>More links in one path are a loop; Linux has the same limit.</summary>
    private const int MostLinks = 40;

    private static readonly StringComparison Comparison =
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Whether two paths lead to the same place; nothing needs to be there.</summary>
    /// <exception cref="IOException">A path has too many links.</exception>
    public static bool IsSame(string path, string other) => Resolve(path).Equals(Resolve(other), Comparison);

    /// <summary>Whether a path leads into a folder or its sub-folders; the folder itself does not count.</summary>
    /// <exception cref="IOException">A path has too many links.</exception>
    public static bool IsInside(string path, string folder)
    {
        string prefix = Resolve(folder);
        return Resolve(path).StartsWith(
            Path.EndsInDirectorySeparator(prefix) ? prefix : prefix + Path.DirectorySeparatorChar, Comparison);
    }

    /// <summary>The absolute path without links, relative parts and a separator at its end.</summary>
    /// <exception cref="IOException">The path has too many links.</exception>
    public static string Resolve(string path) => Resolve(path, MostLinks);

    private static string Resolve(string path, int linksLeft)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
        {
            return full;
        }

        if (linksLeft == 0)
        {
            throw new IOException($"{path}: too many links");
        }

        FileInfo entry = new(Path.Combine(Resolve(parent, linksLeft), Path.GetFileName(full)));
        return entry.LinkTarget is { } target
            ? Resolve(Path.Combine(entry.DirectoryName!, target), linksLeft - 1)
            : entry.FullName;
    }
}
