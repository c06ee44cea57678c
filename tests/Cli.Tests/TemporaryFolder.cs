namespace VemKernels.Cli.Tests;

/// <summary>A folder for one test, deleted after it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("vem-cli-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>All files and folders in it, so that a test can tell what came.</summary>
    public string[] Entries() =>
        [.. Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories).Order()];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
