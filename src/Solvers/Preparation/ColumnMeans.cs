using System.Numerics;
using System.Runtime.InteropServices;

namespace VemKernels.Solvers;

/// <summary>Means of columns over some rows (the training samples), and centring by them.</summary>
public static class ColumnMeans
{
    /// <summary>Means over some rows, summed in double in the order of the rows.</summary>
    /// <param name="X">samples x columns.</param>
    /// <param name="rows">Which rows; at least one.</param>
    /// <param name="means">Receives a mean for each column.</param>
    /// <exception cref="ArgumentException">No rows, a row that does not exist, or means of another length.</exception>
    public static void Compute<T>(MatrixView<T> X, ReadOnlySpan<int> rows, Span<double> means)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireLength(X, means.Length);
        RequireRows(rows, X.Rows, nameof(rows));
        Span<Vector<double>> x = stackalloc Vector<double>[ColumnBlock.Vectors];
        Span<Vector<double>> sum = stackalloc Vector<double>[ColumnBlock.Vectors];
        for (nint j = 0; j < X.Columns; j += ColumnBlock.Width)
        {
            int width = (int)Math.Min(ColumnBlock.Width, X.Columns - j);
            MatrixView<T> block = X.SliceColumns(j, width);
            sum.Clear();
            foreach (int row in rows)
            {
                ColumnBlock.Load(block, row, x);
                for (int v = 0; v < x.Length; v++)
                {
                    sum[v] += x[v];
                }
            }

            Span<double> sums = MemoryMarshal.Cast<Vector<double>, double>(sum);
            for (int c = 0; c < width; c++)
            {
                means[(int)j + c] = sums[c] / rows.Length;
            }
        }
    }

    /// <summary>X(i, j) -= means(j), in place, subtracted in double and rounded once.</summary>
    /// <exception cref="ArgumentException">Means of another length than X has columns.</exception>
    public static void Subtract<T>(MatrixView<T> X, ReadOnlySpan<double> means)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireLength(X, means.Length);
        Span<Vector<double>> x = stackalloc Vector<double>[ColumnBlock.Vectors];
        Span<Vector<double>> mean = stackalloc Vector<double>[ColumnBlock.Vectors];
        for (nint j = 0; j < X.Columns; j += ColumnBlock.Width)
        {
            int width = (int)Math.Min(ColumnBlock.Width, X.Columns - j);
            MatrixView<T> block = X.SliceColumns(j, width);
            mean.Clear();
            means.Slice((int)j, width).CopyTo(MemoryMarshal.Cast<Vector<double>, double>(mean));
            for (nint i = 0; i < X.Rows; i++)
            {
                ColumnBlock.Load(block, i, x);
                for (int v = 0; v < x.Length; v++)
                {
                    x[v] -= mean[v];
                }

                ColumnBlock.Store(x, block, i);
            }
        }
    }

    /// <summary>Requires at least one row, all of them existing.</summary>
    /// <exception cref="ArgumentException">No row, or one that does not exist.</exception>
    internal static void RequireRows(ReadOnlySpan<int> rows, nint samples, string name)
    {
        if (rows.IsEmpty)
        {
            throw new ArgumentException("No rows; expected at least one.", name);
        }

        foreach (int row in rows)
        {
            if (row < 0 || row >= samples)
            {
                throw new ArgumentException($"Row {row} is outside 0..{samples - 1}.", name);
            }
        }
    }

    private static void RequireLength<T>(MatrixView<T> X, int length)
        where T : unmanaged
    {
        if (X.Columns != length)
        {
            throw new ArgumentException($"{length} means for a matrix of {X.Columns} columns.", "means");
        }
    }
}
