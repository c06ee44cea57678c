using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>Checks of the shapes of inputs, as <see cref="Shapes"/> has them for views.</summary>
internal static class InputShapes
{
    /// <summary>Requires a shape.</summary>
    /// <exception cref="ArgumentException">The matrix has another.</exception>
    public static void Require<T>(InputMatrix<T> matrix, nint rows, nint columns, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Shapes.RequireSame(rows, columns, matrix.Rows, matrix.Columns, name);
}
