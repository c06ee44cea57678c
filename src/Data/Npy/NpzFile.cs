using System.IO.Compression;

namespace VemKernels.Data;

/// <summary>
/// Reads and writes .npz files: zip archives (stored or deflated, zip64 included) with one .npy file for each named
/// array.
/// </summary>
public sealed class NpzFile : IDisposable
{
    private const string Extension = ".npy";

    /// <summary>The earliest time that a zip archive can hold: equal contents make equal files.</summary>
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _path;
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];

    private NpzFile(string path, ZipArchive archive)
    {
        _path = path;
        _archive = archive;
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            if (entry.FullName.EndsWith(Extension))
            {
                _entries[entry.FullName[..^Extension.Length]] = entry;
            }
        }

        Names = [.. _entries.Keys];
    }

    /// <summary>The names of the arrays, in the order of the file.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Reads an array into memory.</summary>
    /// <exception cref="DataFormatException">
    /// There is none of that name (the message lists those there are), or it is damaged.
    /// </exception>
    public NpyArray this[string name]
    {
        get
        {
            if (!_entries.TryGetValue(name, out ZipArchiveEntry? entry))
            {
                throw new DataFormatException(_path, $"no array '{name}'; it has {string.Join(", ", Names)}");
            }

            try
            {
                using Stream stream = entry.Open();
                using Crc32Stream checkedStream = new(stream);
                NpyArray array = NpyArray.Read(checkedStream, entry.Length, $"{_path}[{name}]");
                if (checkedStream.DrainAndGetCrc32() != entry.Crc32)
                {
                    array.Dispose();
                    throw new DataFormatException(_path, $"array '{name}' is damaged: its checksum does not match");
                }

                return array;
            }
            catch (InvalidDataException exception)
            {
                throw new DataFormatException(_path, $"array '{name}' is damaged: {exception.Message}", exception);
            }
        }
    }

    /// <summary>
    /// Opens a file; arrays are read when they are asked for. Not for use from several threads at once.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is not a zip archive.</exception>
    public static NpzFile Open(string path)
    {
        FileStream stream = InputFile.Open(path);
        try
        {
            return new(path, new ZipArchive(stream, ZipArchiveMode.Read));
        }
        catch (InvalidDataException exception)
        {
            stream.Dispose();
            throw new DataFormatException(
                path, "not a .npz file, or cut short (no zip directory at its end)", exception);
        }
    }

    /// <summary>Whether there is an array of that name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>Writes a file, beside and renamed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrays">The arrays by name.</param>
    /// <param name="compress">Whether to deflate them.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, NpyArray> arrays, bool compress = true)
    {
        using AtomicFile file = new(path);
        using (ZipArchive archive = new(file.Stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, NpyArray array) in arrays)
            {
                ZipArchiveEntry entry = archive.CreateEntry(
                    name + Extension, compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
                entry.LastWriteTime = EntryTime;
                using Stream stream = entry.Open();
                array.WriteTo(stream);
            }
        }

        file.Commit();
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();
}
