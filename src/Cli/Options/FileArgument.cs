namespace VemKernels.Cli.Options;

/// <summary>A file and, for tables, the columns wanted of it: FILE[:COLUMN[,COLUMN...]].</summary>
/// <param name="Path">The file.</param>
/// <param name="Columns">Names of columns; empty where none were given.</param>
internal sealed record FileArgument(string Path, IReadOnlyList<string> Columns)
{
    private const char ColumnMark = ':';

    /// <summary>Length of a Windows drive such as C, whose colon is no mark of ours.</summary>
    private const int DriveLetters = 1;

    /// <summary>Whether the file is a table, by its name.</summary>
    public bool IsTable => HasExtension(".tsv") || HasExtension(".csv");

    /// <summary>Whether the file is a .npy array, by its name.</summary>
    public bool IsNpy => HasExtension(".npy");

    /// <summary>Whether the file is a NIfTI image, by its name.</summary>
    public bool IsNifti => HasExtension(".nii") || HasExtension(".nii.gz");

    /// <summary>Parses FILE[:COLUMN[,COLUMN...]].</summary>
    /// <exception cref="FormatException">No file, or a column without a name.</exception>
    public static FileArgument Parse(string text)
    {
        int mark = text.LastIndexOf(ColumnMark);
        bool isDrive = mark == DriveLetters && char.IsAsciiLetter(text[0]) && mark + 1 < text.Length
            && text[mark + 1] is '\\' or '/';
        if (mark < 0 || isDrive || File.Exists(text))
        {
            return text.Length > 0 ? new(text, []) : throw new FormatException("no file; expected FILE[:COLUMN]");
        }

        string path = text[..mark];
        string[] columns = text[(mark + 1)..].Split(',', StringSplitOptions.TrimEntries);
        if (path.Length == 0 || columns.Contains(""))
        {
            throw new FormatException("a file or a column without a name; expected FILE[:COLUMN]");
        }

        return new(path, columns);
    }

    /// <summary>As it was written.</summary>
    public override string ToString() => Columns.Count == 0 ? Path : $"{Path}{ColumnMark}{string.Join(',', Columns)}";

    private bool HasExtension(string extension) => Path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
