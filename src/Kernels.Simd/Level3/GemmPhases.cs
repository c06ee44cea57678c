namespace VemKernels.Simd;

/// <summary>
/// A packed block of A (Rows x Depth) times a packed panel of B (Depth x Columns): where they stand in the whole, how
/// far they reach.
/// </summary>
/// <param name="Row">First row of C.</param>
/// <param name="Column">First column of C.</param>
/// <param name="Start">First step of the depth.</param>
/// <param name="Rows">Rows of C.</param>
/// <param name="Columns">Columns of C.</param>
/// <param name="Depth">Steps of the depth.</param>
/// <param name="PanelIndex">Number of the panel of B, in the order in which panels are packed.</param>
internal readonly record struct Phase(
    nint Row, nint Column, nint Start, nint Rows, nint Columns, nint Depth, int PanelIndex)
{
    /// <summary>Whether B's panel is a new one: the first rows come to it.</summary>
    public bool PacksB => Row == 0;

    /// <summary>
    /// Whether any micro-tile, of so many rows, reads columns of B from that one of the phase on. What none reads need
    /// not be packed: with a lower C and an upper A, column j meets depths from j on only, but for the tile's rows.
    /// </summary>
    public bool ReadsB(nint column, int tileRows, GemmShapes shape) =>
        !shape.HasFlag(GemmShapes.LowerC | GemmShapes.UpperA) || Column + column < Start + Depth + tileRows;

    /// <summary>Whether any micro-tile of the phase reads those rows of A.</summary>
    public bool ReadsA(nint row, nint count, GemmShapes shape) =>
        (!shape.HasFlag(GemmShapes.UpperA) || Row + row < Start + Depth)
        && (!shape.HasFlag(GemmShapes.LowerA) || Start < Row + row + count)
        && (!shape.HasFlag(GemmShapes.LowerC) || Column < Row + row + count);
}

/// <summary>
/// The phases of a product: panels of columns, in each the blocks of the depth, in each the super-blocks of rows.
/// </summary>
internal readonly struct Phases(nint rows, nint columns, nint depth, nint superRows, nint nc, nint kc)
{
    private readonly int _rowBlocks = Blocks(rows, superRows);
    private readonly int _depthBlocks = Blocks(depth, kc);

    /// <summary>How many there are.</summary>
    public int Count => checked(Blocks(columns, nc) * _depthBlocks * _rowBlocks);

    /// <summary>The phase of that number.</summary>
    public Phase this[int index]
    {
        get
        {
            int panel = index / _rowBlocks;
            nint row = index % _rowBlocks * superRows;
            nint start = panel % _depthBlocks * kc;
            nint column = panel / _depthBlocks * nc;
            return new(
                row, column, start, Math.Min(superRows, rows - row), Math.Min(nc, columns - column), Math.Min(kc, depth - start), panel);
        }
    }

    private static int Blocks(nint count, nint each) => checked((int)((count + each - 1) / each));
}
