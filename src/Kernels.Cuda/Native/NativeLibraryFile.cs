using System.Runtime.InteropServices;

namespace VemKernels.Cuda;

/// <summary>A library that was loaded: its handle, and which file it is.</summary>
/// <param name="Handle">The loader's handle.</param>
/// <param name="Name">The file, with its folder where it was not the loader that found it.</param>
internal sealed record NativeLibraryFile(nint Handle, string Name)
{
    /// <summary>Loads the first of a library's files that is there.</summary>
    /// <param name="kind">The library.</param>
    /// <param name="folders">Where to look; see <see cref="SearchFolders"/>.</param>
    /// <param name="newest">The newest toolkit that the driver runs; 0 for any.</param>
    /// <returns>Null where there is none.</returns>
    public static NativeLibraryFile? TryLoad(LibraryKind kind, IReadOnlyList<string> folders, int newest = 0)
    {
        foreach (string folder in folders)
        {
            foreach (string file in LibraryNames.Of(kind, OperatingSystem.IsWindows(), newest))
            {
                string name = Path.Combine(folder, file);
                if (folder != SearchFolders.Loader)
                {
                    if (!File.Exists(name))
                    {
                        continue;
                    }

                    LoadBeside(kind, folder);
                }

                if (NativeLibrary.TryLoad(name, out nint handle))
                {
                    return new NativeLibraryFile(handle, name);
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Loads what a library needs of its folder: the loader then takes that for what the library asks for by name. One
    /// that does not load is no error yet: the library may find another.
    /// </summary>
    private static void LoadBeside(LibraryKind kind, string folder)
    {
        IEnumerable<string> files =
            from pattern in LibraryNames.BesideOf(kind, OperatingSystem.IsWindows())
            from file in Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal)
            select file;
        foreach (string file in files)
        {
            NativeLibrary.TryLoad(file, out _);
        }
    }

    /// <summary>The address of a function.</summary>
    /// <exception cref="CudaException">The library has none of that name: it is older than what is
    /// supported.</exception>
    public nint Function(string name) => OptionalFunction(name) is var address and not 0 ? address
        : throw new CudaException(name, $"{Name} has no such function; CUDA 11.8 or newer is needed.");

    /// <summary>The address of a function; 0 where the library has none of that name.</summary>
    public nint OptionalFunction(string name) => NativeLibrary.TryGetExport(Handle, name, out nint address) ? address
        : 0;
}
