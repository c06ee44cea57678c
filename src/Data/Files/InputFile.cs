namespace VemKernels.Data;

/// <summary>Opens files for reading; what fails is told in one line that names the file.</summary>
internal static class InputFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Opens a file.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="DataFormatException">It is a folder, empty, or may not be read.</exception>
    public static FileStream Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new DataFormatException(path, "is a folder, not a file");
        }

        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: no such file", path);
        }

        FileStream stream;
        try
        {
            stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferBytes);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DataFormatException(path, "may not be read (permission denied)", exception);
        }

        if (stream.Length == 0)
        {
            stream.Dispose();
            throw new DataFormatException(path, "is empty");
        }

        return stream;
    }
}
