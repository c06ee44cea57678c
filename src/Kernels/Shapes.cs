namespace VemKernels;

/// <summary>Shape checks whose messages say what came and what was expected.</summary>
public static class Shapes
{
    /// <summary>Requires two equal shapes.</summary>
    /// <exception cref="ArgumentException">They differ.</exception>
    public static void RequireSame(nint rows, nint columns, nint otherRows, nint otherColumns, string name)
    {
        if (rows != otherRows || columns != otherColumns)
        {
            throw new ArgumentException($"{name} is {otherRows} x {otherColumns}; expected {rows} x {columns}.", name);
        }
    }

    /// <summary>Requires a shape.</summary>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    public static void Require<T>(MatrixView<T> view, nint rows, nint columns, string name)
        where T : unmanaged => RequireSame(rows, columns, view.Rows, view.Columns, name);

    /// <summary>Requires a shape.</summary>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    public static void Require<T>(DeviceView<T> view, nint rows, nint columns, string name)
        where T : unmanaged => RequireSame(rows, columns, view.Rows, view.Columns, name);

    /// <summary>Requires as many rows as columns.</summary>
    /// <exception cref="ArgumentException">The matrix is not square.</exception>
    public static void RequireSquare<T>(DeviceView<T> view, string name)
        where T : unmanaged
    {
        if (view.Rows != view.Columns)
        {
            throw new ArgumentException($"{name} is {view.Rows} x {view.Columns}; expected a square matrix.", name);
        }
    }
}
