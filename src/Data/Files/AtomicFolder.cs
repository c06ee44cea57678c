using System.IO.Enumeration;

namespace VemKernels.Data;

/// <summary>
/// An output folder that appears whole or not at all: filled beside its final place as DIR.tmp-xxxxxxxx, moved there by
/// <see cref="Commit"/>, deleted by <see cref="Dispose"/> if that did not happen.
/// </summary>
/// <remarks>
/// A folder that stands in that place is replaced if it is empty or an earlier output: it holds <see cref="Marker"/>,
/// and nothing but files that the same command writes (so data or notes that a user put there are never deleted). It is
/// moved away before the new one comes, so at no time a mix of the two is to be seen.
/// </remarks>
public sealed class AtomicFolder : IDisposable
{
    /// <summary>The file that tells an earlier output from a folder of somebody else's.</summary>
    public const string Marker = "summary.json";

    private readonly string _name;
    private readonly IReadOnlyList<string> _outputs;
    private readonly string _target;
    private readonly Stack<string> _createdParents = new();
    private bool _committed;

    /// <summary>Checks the place and creates the temporary folder, and parents that are missing.</summary>
    /// <param name="path">The folder to appear.</param>
    /// <param name="outputs">
    /// The files that may be written, relative to the folder, with '/' and '*' for any text: "data/*.npy".
    /// </param>
    /// <exception cref="IOException">
    /// There is something in that place that is not ours to replace, the path leads through a file, or the place may
    /// not be written. The message is one line that names the folder.
    /// </exception>
    public AtomicFolder(string path, IReadOnlyList<string> outputs)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(outputs);
        _name = path;
        _outputs = outputs;
        _target = FileLocation.Resolve(path);
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
            throw new IOException(
                $"{_name}: the folder cannot be created; {WriteProblem.Describe(exception, Path, _target)}", exception);
        }
    }

    /// <summary>Whether <see cref="Commit"/> replaces, or replaced, an earlier output.</summary>
    public bool Replaces { get; private set; }

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

        string current = Directory.GetCurrentDirectory();
        if (FileLocation.IsSame(current, _target) || FileLocation.IsInside(current, _target))
        {
            throw new IOException(
                $"{_name}: the current folder, or one that holds it, cannot be replaced; name another");
        }

        if (!Directory.Exists(_target) || !Directory.EnumerateFileSystemEntries(_target).Any())
        {
            Replaces = false;
            return;
        }

        Replaces = true;
        if (!File.Exists(System.IO.Path.Combine(_target, Marker)))
        {
            throw new IOException(
                $"{_name}: the folder exists and is not an earlier output (it has no {Marker}); choose another");
        }

        string? foreign = Directory.EnumerateFiles(_target, "*", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(_target, file))
            .FirstOrDefault(file => !IsOutput(file));
        if (foreign is not null)
        {
            throw new IOException($"{_name}: the folder holds {foreign}, which this command does not write and which "
                + "would be lost; choose another folder");
        }
    }

    private bool IsOutput(string file)
    {
        string name = file.Replace(System.IO.Path.DirectorySeparatorChar, '/');
        return _outputs.Any(output => FileSystemName.MatchesSimpleExpression(output, name, ignoreCase: false));
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
