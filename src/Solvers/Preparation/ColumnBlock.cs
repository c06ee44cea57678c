using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Solvers;

/// <summary>
/// Column statistics in double of data of any float type, read as memory lies: a block is a piece of one row, widened
/// to double and padded with zeros to whole vectors, so that loops over blocks have no tail.
/// </summary>
/// <remarks>
/// <code>
/// rows       columns of X ->
///   |    [ block 0 | block 1 | ... ]      one block column at a time: its sums stay in the first-level
///   v    [ block 0 | block 1 | ... ]      cache, and its rows in the second-level cache for the next pass
/// </code>
/// </remarks>
internal static unsafe class ColumnBlock
{
    /// <summary>Columns a block; 2 KiB as double: a handful of blocks of sums fit in any first-level cache.</summary>
    public const int Width = 256;

    /// <summary>Vectors a block.</summary>
    public static int Vectors => Width / Vector<double>.Count;

    /// <summary>Widens a row of a view of at most <see cref="Width"/> columns.</summary>
    public static void Load<T>(MatrixView<T> X, nint row, Span<Vector<double>> block)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (Vector<double>* start = block)
        {
            double* values = (double*)start;
            nint j = 0;
            if (X.HasContiguousRows)
            {
                T* source = X.Pointer + (row * X.RowStride);
                if (typeof(T) == typeof(double))
                {
                    j = X.Columns;
                    Unsafe.CopyBlockUnaligned(values, source, (uint)(j * sizeof(double)));
                }
                else if (typeof(T) == typeof(float))
                {
                    for (; j <= X.Columns - Vector<float>.Count; j += Vector<float>.Count)
                    {
                        Vector.Widen(Vector.Load((float*)source + j), out Vector<double> low, out Vector<double> high);
                        low.Store(values + j);
                        high.Store(values + j + Vector<double>.Count);
                    }
                }
            }

            for (; j < X.Columns; j++)
            {
                values[j] = double.CreateTruncating(X[row, j]);
            }

            for (; j < Width; j++)
            {
                values[j] = 0.0;
            }
        }
    }

    /// <summary>Rounds a block to a row of a view of at most <see cref="Width"/> columns.</summary>
    public static void Store<T>(ReadOnlySpan<Vector<double>> block, MatrixView<T> X, nint row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (Vector<double>* start = block)
        {
            double* values = (double*)start;
            nint j = 0;
            if (X.HasContiguousRows)
            {
                T* destination = X.Pointer + (row * X.RowStride);
                if (typeof(T) == typeof(double))
                {
                    j = X.Columns;
                    Unsafe.CopyBlockUnaligned(destination, values, (uint)(j * sizeof(double)));
                }
                else if (typeof(T) == typeof(float))
                {
                    for (; j <= X.Columns - Vector<float>.Count; j += Vector<float>.Count)
                    {
                        Vector<double> low = Vector.Load(values + j);
                        Vector<double> high = Vector.Load(values + j + Vector<double>.Count);
                        Vector.Narrow(low, high).Store((float*)destination + j);
                    }
                }
            }

            for (; j < X.Columns; j++)
            {
                X[row, j] = T.CreateTruncating(values[j]);
            }
        }
    }
}
