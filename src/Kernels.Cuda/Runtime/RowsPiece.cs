namespace VemKernels.Cuda;

/// <summary>A part of rows: some whole rows, or a part of one that is longer than a piece.</summary>
/// <param name="FirstRow">The first row.</param>
/// <param name="FirstByte">The first byte of it.</param>
/// <param name="RowBytes">Bytes of each row.</param>
/// <param name="Rows">Number of rows.</param>
internal readonly record struct RowsPiece(long FirstRow, long FirstByte, long RowBytes, long Rows)
{
    /// <summary>Cuts rows into pieces of at most so many bytes.</summary>
    public static IEnumerable<RowsPiece> Cut(long rowBytes, long rows, long pieceBytes)
    {
        if (rowBytes > pieceBytes)
        {
            for (long row = 0; row < rows; row++)
            {
                for (long first = 0; first < rowBytes; first += pieceBytes)
                {
                    yield return new RowsPiece(row, first, Math.Min(pieceBytes, rowBytes - first), 1);
                }
            }

            yield break;
        }

        long step = pieceBytes / Math.Max(rowBytes, 1);
        for (long row = 0; row < rows; row += step)
        {
            yield return new RowsPiece(row, 0, rowBytes, Math.Min(step, rows - row));
        }
    }
}
