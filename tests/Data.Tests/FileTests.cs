using System.IO.Compression;
using NUnit.Framework;

namespace VemKernels.Data.Tests;

/// <summary>Gives each test an empty folder, and checks at the end that no temporary file was left in it.</summary>
internal abstract class FileTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("vem-data-").FullName;

    [TearDown]
    public void DeleteFolder()
    {
        string[] left = Directory.GetFileSystemEntries(_folder, "*.*-????????", SearchOption.AllDirectories);
        Directory.Delete(_folder, recursive: true);
        Assert.That(left, Is.Empty, "temporary files were left");
    }

    /// <summary>The path of a file in the test's folder.</summary>
    protected string At(string name) => Path.Combine(_folder, name);

    /// <summary>Writes a file into the test's folder.</summary>
    protected string WriteBytes(string name, ReadOnlySpan<byte> bytes)
    {
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    /// <summary>Decodes the bytes of a file that another program wrote.</summary>
    protected static byte[] Gunzip(string base64)
    {
        using GZipStream stream = new(new MemoryStream(Convert.FromBase64String(base64)), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Compresses bytes as a gzip file holds them.</summary>
    protected static byte[] Gzip(ReadOnlySpan<byte> bytes)
    {
        using MemoryStream compressed = new();
        using (GZipStream stream = new(compressed, CompressionLevel.Optimal))
        {
            stream.Write(bytes);
        }

        return compressed.ToArray();
    }

    /// <summary>Requires that reading fails with one line that names the file and says the problem.</summary>
    protected static void RequireProblem(string path, Action read, string problem)
    {
        DataFormatException exception = Assert.Throws<DataFormatException>(read)!;
        Assert.That(exception.Message, Does.StartWith(path).And.Contains(problem).And.Not.Contains("\n"));
    }

    /// <summary>The elements of a matrix, row by row.</summary>
    protected static T[] Values<T>(MatrixView<T> view)
        where T : unmanaged
    {
        T[] values = new T[view.Rows * view.Columns];
        for (nint i = 0; i < view.Rows; i++)
        {
            for (nint j = 0; j < view.Columns; j++)
            {
                values[(i * view.Columns) + j] = view[i, j];
            }
        }

        return values;
    }
}
