namespace VemKernels.Cuda;

/// <summary>Rows in memory, of the host or the device.</summary>
/// <param name="Start">The first row.</param>
/// <param name="Pitch">Bytes from row to row.</param>
/// <param name="RowBytes">Bytes of a row.</param>
/// <param name="Rows">Number of rows.</param>
internal readonly record struct RowsOfBytes(nint Start, long Pitch, long RowBytes, long Rows)
{
    /// <summary>A part of the rows.</summary>
    public RowsOfBytes Of(RowsPiece piece) => new(
        (nint)(Start + (piece.FirstRow * Pitch) + piece.FirstByte), Pitch, piece.RowBytes, piece.Rows);
}
