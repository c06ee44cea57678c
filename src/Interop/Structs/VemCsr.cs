using System.Runtime.InteropServices;

namespace VemKernels.Interop;

/// <summary>A sparse matrix in compressed rows: vem_csr of the header.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VemCsr
{
    /// <summary>Bytes of this structure.</summary>
    public long Size;

    /// <summary>Number of rows.</summary>
    public long Rows;

    /// <summary>Number of columns.</summary>
    public long Columns;

    /// <summary>How many entries there are.</summary>
    public long Entries;

    /// <summary>The entries, row by row.</summary>
    public void* Values;

    /// <summary>The column of each entry.</summary>
    public int* ColumnIndices;

    /// <summary>Where each row starts, and where the last ends.</summary>
    public int* RowPointers;

    /// <summary><see cref="VemType"/>.</summary>
    public int Type;

    /// <summary>0.</summary>
    public int Reserved;
}
