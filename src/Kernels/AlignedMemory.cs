using System.Runtime.InteropServices;

namespace VemKernels;

/// <summary>
/// Memory outside the garbage-collected heap, for matrices and workspace: aligned to cache lines, and in huge pages
/// where it is large and the system has them on request (Linux' <c>madvise</c>), so that a walk down a column does not
/// miss the translation cache at every row, and the first touch of a gigabyte costs 512 page faults instead of 262,144.
/// </summary>
public static unsafe partial class AlignedMemory
{
    /// <summary>
    /// Alignment of small blocks in bytes: two cache lines, so that the prefetched neighbours of two threads' blocks
    /// never meet.
    /// </summary>
    public const int Alignment = 128;

    /// <summary>Size of a huge page in bytes; blocks this large are aligned to it.</summary>
    private const nuint HugePage = 2 << 20;

    /// <summary>MADV_HUGEPAGE of <c>sys/mman.h</c>.</summary>
    private const int AdviseHugePages = 14;

    private static readonly bool s_canAdvise = OperatingSystem.IsLinux();

    /// <summary>Allocates; the contents are undefined.</summary>
    /// <param name="bytes">How much; 0 is a block of its own too.</param>
    /// <exception cref="OutOfMemoryException">The memory cannot be had.</exception>
    public static void* Allocate(nuint bytes)
    {
        if (bytes < HugePage || !s_canAdvise)
        {
            return NativeMemory.AlignedAlloc(Math.Max(bytes, 1), Alignment);
        }

        void* block = NativeMemory.AlignedAlloc(bytes, HugePage);

        // Whole pages only: the rest of the last one stays small, so that no more becomes resident than was asked for.
        // Advice that is not taken (huge pages switched off, a kernel without them) changes speed alone, so the answer
        // is not looked at.
        _ = Advise(block, bytes / HugePage * HugePage, AdviseHugePages);
        return block;
    }

    /// <summary>Frees what <see cref="Allocate"/> gave; null is ignored.</summary>
    public static void Free(void* block) => NativeMemory.AlignedFree(block);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
