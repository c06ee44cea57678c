using System.Security.Cryptography;
using System.Text;

namespace VemKernels.OpenCL;

/// <summary>
/// Binaries of built programs in a folder, a file each: the digest of the rest, then the binary. Files are written
/// beside and renamed; a file that is damaged is as good as none. A folder that cannot be written only costs the next
/// start its time.
/// </summary>
internal sealed class ProgramCache(string folder)
{
    private const string Extension = ".clbin";

    /// <summary>Users' own choice of the folder.</summary>
    private const string FolderVariable = "VEM_CACHE";

    /// <summary>VEM_CACHE, or the user's cache folder (XDG_CACHE_HOME, ~/.cache, %LOCALAPPDATA%).</summary>
    public static string DefaultFolder
    {
        get
        {
            if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named)
            {
                return Path.Combine(named, "opencl");
            }

            string root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
                : OperatingSystem.IsWindows()
                    ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(root, "vemkernels", "opencl");
        }
    }

    /// <summary>The name of a program: all that its binary depends on.</summary>
    public static string Key(OpenClDevice device, string source, string options)
    {
        string[] parts = [device.Platform, device.Name, device.Vendor, device.Driver, device.Version, options, source];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))));
    }

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
    public string PathOf(string key) => Path.Combine(folder, key + Extension);

    private static void DeleteIfThere(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
