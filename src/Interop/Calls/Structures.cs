using System.Runtime.CompilerServices;

namespace VemKernels.Interop;

/// <summary>Structures that begin with their size, so that they can grow.</summary>
internal static unsafe class Structures
{
    /// <summary>
    /// A copy of a structure of the caller's; fields that the caller's header does not know yet keep their default.
    /// </summary>
    /// <param name="given">The structure; null for the default.</param>
    /// <param name="least">Bytes that its first version had.</param>
    /// <param name="name">The argument's name.</param>
    /// <param name="standard">The defaults.</param>
    /// <exception cref="ArgumentException">Its size is none that a version of the structure has had.</exception>
    public static T Read<T>(T* given, int least, string name, T standard = default)
        where T : unmanaged
    {
        if (given is null)
        {
            return standard;
        }

        RequireAligned(given, name);
        long size = *(long*)given;
        if (size < least || size > sizeof(T) || size % sizeof(int) != 0)
        {
            throw new ArgumentException(
                $"{name}: the structure says that it has {size} bytes; this library knows {least} to {sizeof(T)}. Set "
                + "size to sizeof of the structure; larger ones are of a header newer than the library.", name);
        }

        T copy = standard;
        Unsafe.CopyBlockUnaligned(&copy, given, (uint)size);
        return copy;
    }

    /// <summary>Fills a structure of the caller's with defaults: as much of it as the caller's header knows.</summary>
    /// <exception cref="ArgumentException">No structure, or a size that none has had.</exception>
    public static void Write<T>(T* given, long size, int least, string name, T standard)
        where T : unmanaged
    {
        if (given is null)
        {
            throw new ArgumentException($"{name} is null.", name);
        }

        RequireAligned(given, name);
        if (size < least || size > sizeof(T) || size % sizeof(int) != 0)
        {
            throw new ArgumentException($"{name}: size is {size}; this library knows {least} to {sizeof(T)} bytes.",
                nameof(size));
        }

        *(long*)&standard = size;
        Unsafe.CopyBlockUnaligned(given, &standard, (uint)size);
    }

    private static void RequireAligned(void* address, string name)
    {
        if ((nuint)address % sizeof(long) != 0)
        {
            throw new ArgumentException($"{name} is at an address that is not a multiple of {sizeof(long)}.", name);
        }
    }
}
