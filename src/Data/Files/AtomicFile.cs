namespace VemKernels.Data;

/// <summary>
/// A file that appears whole or not at all: written under a temporary name in its own folder, renamed by
/// <see cref="Commit"/>, deleted by <see cref="Dispose"/> if that did not happen.
/// </summary>
public sealed class AtomicFile : IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly string _path;
    private readonly string _temporary;
    private bool _committed;

    /// <summary>Creates the temporary file.</summary>
    /// <param name="path">The file to appear. One of that name is replaced on <see cref="Commit"/>.</param>
    /// <param name="bytes">Its size where that is known, so that a full disk is noticed now; else 0.</param>
    /// <exception cref="IOException">
    /// The folder does not exist or may not be written, or the disk is too full.
    /// </exception>
    public AtomicFile(string path, long bytes = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new IOException($"{path}: is a folder; a file cannot be written in its place");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
        {
            throw new IOException($"{path}: cannot be written; there is no folder {folder}");
        }

        _path = path;
        _temporary = TemporaryName.For(path);
        try
        {
            Stream = new(_temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = BufferBytes,
                PreallocationSize = bytes,
            });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{path}: cannot be written; {WriteProblem.Describe(exception, _temporary, path)}", exception);
        }
    }

    /// <summary>Where the contents go; it can be read and written at any position.</summary>
    public FileStream Stream { get; }

    /// <summary>Closes the file and gives it its name.</summary>
    public void Commit()
    {
        Stream.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        _committed = true;
    }

    /// <summary>Deletes the temporary file, unless <see cref="Commit"/> succeeded.</summary>
    public void Dispose()
    {
        if (!_committed)
        {
            Stream.Dispose();
            File.Delete(_temporary);
        }
    }
}
