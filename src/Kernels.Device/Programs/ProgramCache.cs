using System.Security.Cryptography;
using System.Text;

namespace VemKernels.Device;

/// <summary>
/// Binaries of built programs in a folder, a file each: the digest of the rest, then the binary. Files are written
/// beside and renamed; a file that is damaged is as good as none. A folder that cannot be written only costs the next
/// start its time.
/// </summary>
/// <param name="folder">The folder; made when first written.</param>
/// <param name="extension">The extension of the files: ".clbin".</param>
internal sealed class ProgramCache(string folder, string extension)
{
    /// <summary>The name of a program: all that its binary depends on.</summary>
    /// <param name="parts">Source, options, device, driver and compiler, in words.</param>
    public static string Key(params ReadOnlySpan<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts!))));

    /// <summary>The binary of a name; null where there is none, or a damaged one.</summary>
    public byte[]? Read(string key)
    {
        byte[] contents;
        try
        {
            contents = File.ReadAllBytes(PathOf(key));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        if (contents.Length < SHA256.HashSizeInBytes)
        {
            return null;
        }

        byte[] binary = contents[SHA256.HashSizeInBytes..];
        return SHA256.HashData(binary).AsSpan().SequenceEqual(contents.AsSpan(0, SHA256.HashSizeInBytes)) ? binary
            : null;
    }

    /// <summary>Keeps a binary.</summary>
    public void Write(string key, byte[] binary)
    {
        string temporary = $"{PathOf(key)}.{Environment.ProcessId}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(temporary, [.. SHA256.HashData(binary), .. binary]);
            File.Move(temporary, PathOf(key), overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Without a cache everything still works, after a build each time.
            DeleteIfThere(temporary);
        }
    }

    /// <summary>Where a binary is kept.</summary>
    public string PathOf(string key) => Path.Combine(folder, key + extension);

    private static void DeleteIfThere(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
