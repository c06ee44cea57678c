using System.Numerics;

namespace VemKernels.Data;

/// <summary>
/// A rows x columns window on stored numbers of any type, byte order and alignment. Steps are counted in bytes; they
/// are arbitrary, so C order, Fortran order and slices of arrays of more dimensions are all grids.
/// </summary>
/// <param name="Start">Address of element (0, 0).</param>
/// <param name="Type">The type of the elements.</param>
/// <param name="Swapped">Whether their byte order is not this machine's.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Number of columns.</param>
/// <param name="RowStep">Bytes from one row to the next.</param>
/// <param name="ColumnStep">Bytes from one column to the next.</param>
internal readonly unsafe record struct ElementGrid(
    nint Start, ElementType Type, bool Swapped, nint Rows, nint Columns, nint RowStep, nint ColumnStep)
{
    /// <summary>Rows and columns of the blocks that a copy goes by where the orders differ: source and destination
    /// lines of a block stay in the first-level cache.</summary>
    private const int BlockSize = 64;

    /// <summary>
    /// The grid as a view, where its elements are T in this machine's byte order at aligned addresses; else null.
    /// </summary>
    public MatrixView<T>? AsView<T>()
        where T : unmanaged
    {
        bool usable = Type == ElementTypes.Of<T>() && !Swapped
            && Start % sizeof(T) == 0 && RowStep % sizeof(T) == 0 && ColumnStep % sizeof(T) == 0;
        return usable ? new MatrixView<T>((T*)Start, Rows, Columns, RowStep / sizeof(T), ColumnStep / sizeof(T)) : null;
    }

    /// <summary>The columns first, first + 1, ... of the grid.</summary>
    public ElementGrid SliceColumns(nint first, nint count) =>
        this with { Start = Start + (first * ColumnStep), Columns = count };

    /// <summary>
    /// Copies all elements into a view of the same size, converting each to T by the rules of C# casts.
    /// </summary>
    public void CopyTo<T>(MatrixView<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        Shapes.RequireSame(Rows, Columns, destination.Rows, destination.Columns, nameof(destination));
        if (AsView<T>() is { HasContiguousRows: true } view)
        {
            view.CopyTo(destination);
            return;
        }

        if (Math.Abs(ColumnStep) <= Math.Abs(RowStep))
        {
            ElementDispatch.Run(Type, new Copy<T>(this, destination));
            return;
        }

        // Elements of a column lie side by side: go down the columns of blocks.
        for (nint i = 0; i < Rows; i += BlockSize)
        {
            for (nint j = 0; j < Columns; j += BlockSize)
            {
                nint rows = Math.Min(BlockSize, Rows - i);
                nint columns = Math.Min(BlockSize, Columns - j);
                ElementGrid block = this with
                {
                    Start = Start + (i * RowStep) + (j * ColumnStep),
                    Rows = columns,
                    Columns = rows,
                    RowStep = ColumnStep,
                    ColumnStep = RowStep,
                };
                ElementDispatch.Run(Type, new Copy<T>(block, destination.Block(i, j, rows, columns).Transposed));
            }
        }
    }

    private readonly struct Copy<T>(ElementGrid source, MatrixView<T> destination) : IElementAction
        where T : unmanaged, INumberBase<T>
    {
        public void Run<TElement>()
            where TElement : unmanaged, INumberBase<TElement>
        {
            bool swapped = source.Swapped;
            nint step = source.ColumnStep;
            nint stride = destination.ColumnStride;
            for (nint i = 0; i < source.Rows; i++)
            {
                byte* from = (byte*)source.Start + (i * source.RowStep);
                T* to = destination.Pointer + (i * destination.RowStride);
                for (nint j = 0; j < source.Columns; j++)
                {
                    to[j * stride] = T.CreateTruncating(ElementDispatch.Load<TElement>(from + (j * step), swapped));
                }
            }
        }
    }
}
