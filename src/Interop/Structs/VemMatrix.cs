using System.Runtime.InteropServices;

namespace VemKernels.Interop;

/// <summary>A matrix of the caller's: vem_matrix of the header.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VemMatrix
{
    /// <summary>Address of element (0, 0).</summary>
    public void* Data;

    /// <summary>A <see cref="VemType"/>.</summary>
    public int Type;

    /// <summary>A <see cref="MemorySpace"/>.</summary>
    public int Memory;

    /// <summary>Number of rows.</summary>
    public long Rows;

    /// <summary>Number of columns.</summary>
    public long Columns;

    /// <summary>Elements from one row to the next.</summary>
    public long RowStride;

    /// <summary>Elements from one column to the next.</summary>
    public long ColumnStride;

    /// <summary>The stream that device memory is ordered on.</summary>
    public void* Stream;

    /// <summary>0.</summary>
    public long Reserved;
}
