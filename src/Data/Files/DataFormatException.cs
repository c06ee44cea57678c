namespace VemKernels.Data;

/// <summary>
/// A file does not hold what its reader needs. The message is one line: the file, and what is wrong with it.
/// </summary>
public sealed class DataFormatException : IOException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="file">The file as its user named it.</param>
    /// <param name="problem">What is wrong with it, one line without a full stop.</param>
    /// <param name="cause">The exception that told, if any.</param>
    public DataFormatException(string file, string problem, Exception? cause = null)
        : base($"{file}: {problem}", cause)
    {
        File = file;
    }

    /// <summary>The file as its user named it.</summary>
    public string File { get; }
}
