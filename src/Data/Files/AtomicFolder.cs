namespace VemKernels.Data;

/// <summary>
/// An output folder that appears whole or not at all: filled beside its final place as DIR.tmp-xxxxxxxx, moved there by
/// <see cref="Commit"/>, deleted by <see cref="Dispose"/> if that did not happen.
/// </summary>
/// <remarks>
/// A folder that stands in that place is replaced if it is empty or an earlier output: it holds <see cref="Marker"/>,
/// and nothing but files of the kinds that outputs have (so notes or scripts that a user put there are never deleted).
/// It is moved away before the new one comes, so at no time a mix of the two is to be seen.
/// </remarks>
public sealed class AtomicFolder : IDisposable
{
    /// <summary>The file that tells an earlier output from a folder of somebody else's.</summary>
    public const string Marker = "summary.json";

    private static readonly string[] OutputExtensions =
        [".npy", ".npz", ".json", ".nii", ".nii.gz", ".tsv", ".html", ".svg", ".png"];

    private readonly string _name;
    private readonly string _target;
    private readonly Stack<string> _createdParents = new();
    private bool _committed;

    /// <summary>Checks the place and creates the temporary folder, and parents that are missing.</summary>
    /// <param name="path">The folder to appear.</param>
    /// <exception cref="IOException">
    /// There is something in that place that is not ours to replace, the path leads through a file, or the place may
    /// not be written. The message is one line that names the folder.
    /// </exception>
    public AtomicFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _name = path;
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        DirectoryInfo folder = new(full);
        _target = folder.LinkTarget is null ? full : folder.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        Path = TemporaryName.For(_target);
        RequireReplaceable();
        try
        {
            CreateParents(System.IO.Path.GetDirectoryName(_target)
                ?? throw new IOException($"{_name}: the root of the file system cannot be an output folder"));
            Directory.CreateDirectory(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            DeleteCreatedParents();
            throw new IOException($"{_name}: the folder cannot be created; {exception.Message}", exception);
        }
    }

    /// <summary>The temporary folder: write here.</summary>
    public string Path { get; }

    /// <summary>Where a file of the output is to be written.</summary>
    public string this[string file] => System.IO.Path.Combine(Path, file);

    /// <summary>Moves the folder into its place.</summary>
    /// <exception cref="IOException">
    /// The place was taken meanwhile, or may not be written; nothing has changed then.
    /// </exception>
    public void Commit()
    {
        RequireReplaceable();
        if (!Directory.Exists(_target))
        {
            Directory.Move(Path, _target);
            _committed = true;
            return;
        }

        string old = TemporaryName.For(_target, "old");
        Directory.Move(_target, old);
        try
        {
            Directory.Move(Path, _target);
        }
        catch
        {
            Directory.Move(old, _target);
            throw;
        }

        _committed = true;
        Directory.Delete(old, recursive: true);
    }

    /// <summary>
    /// Deletes the temporary folder and the parents that were created, unless <see cref="Commit"/> succeeded.
    /// </summary>
    public void Dispose()
    {
        if (!_committed && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
            DeleteCreatedParents();
        }
    }

    private void RequireReplaceable()
    {
        if (File.Exists(_target))
        {
            throw new IOException($"{_name}: is a file; an output folder cannot be created in its place");
        }

        if (!Directory.Exists(_target) || !Directory.EnumerateFileSystemEntries(_target).Any())
        {
            return;
        }

        if (!File.Exists(System.IO.Path.Combine(_target, Marker)))
        {
            throw new IOException(
                $"{_name}: the folder exists and is not an earlier output (it has no {Marker}); choose another");
        }

        string? foreign = Directory.EnumerateFiles(_target, "*", SearchOption.AllDirectories)
            .FirstOrDefault(file => !OutputExtensions.Any(file.EndsWith));
        if (foreign is not null)
        {
            throw new IOException($"{_name}: the folder holds {System.IO.Path.GetRelativePath(_target, foreign)}, "
                + "which is not an output and would be lost; choose another folder");
        }
    }

    private void CreateParents(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        if (File.Exists(folder))
        {
            throw new IOException($"{folder} is a file");
        }

        CreateParents(System.IO.Path.GetDirectoryName(folder)!);
        Directory.CreateDirectory(folder);
        _createdParents.Push(folder);
    }

    private void DeleteCreatedParents()
    {
        while (_createdParents.TryPop(out string? folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }
}
