using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>
/// A sparse matrix in compressed rows, as scipy's csr_matrix: the entries of row i are Values and ColumnIndices from
/// RowPointers[i] to RowPointers[i + 1]. Columns in a row may be in any order; entries of the same place add up.
/// </summary>
/// <remarks>The arrays are the caller's and are not copied: they must not change while the matrix is in use.</remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed class CsrMatrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Describes the arrays, and checks them.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="values">The entries, row by row.</param>
    /// <param name="columnIndices">The column of each entry.</param>
    /// <param name="rowPointers">rows + 1 positions: where each row starts, and where the last ends.</param>
    /// <exception cref="ArgumentException">
    /// Lengths that do not fit, positions that descend, a column outside the matrix, NaN or infinity.
    /// </exception>
    public CsrMatrix(
        int rows, int columns, ReadOnlyMemory<T> values, ReadOnlyMemory<int> columnIndices,
        ReadOnlyMemory<int> rowPointers)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        Rows = rows;
        Columns = columns;
        Values = values;
        ColumnIndices = columnIndices;
        RowPointers = rowPointers;
        Check();
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>The entries, row by row.</summary>
    public ReadOnlyMemory<T> Values { get; }

    /// <summary>The column of each entry.</summary>
    public ReadOnlyMemory<int> ColumnIndices { get; }

    /// <summary>Where each row starts, and where the last ends.</summary>
    public ReadOnlyMemory<int> RowPointers { get; }

    /// <summary>Keeps what is not zero of a dense matrix.</summary>
    public static CsrMatrix<T> FromDense(MatrixView<T> dense)
    {
        List<T> values = [];
        List<int> columns = [];
        int[] rowPointers = new int[checked((int)dense.Rows) + 1];
        for (int i = 0; i < dense.Rows; i++)
        {
            for (int j = 0; j < dense.Columns; j++)
            {
                if (dense[i, j] != T.Zero)
                {
                    values.Add(dense[i, j]);
                    columns.Add(j);
                }
            }

            rowPointers[i + 1] = values.Count;
        }

        return new((int)dense.Rows, checked((int)dense.Columns), values.ToArray(), columns.ToArray(), rowPointers);
    }

    /// <summary>
    /// The transpose, its rows' entries in the order of this matrix's rows: a counting sort by column (Gustavson 1978,
    /// "Two fast algorithms for sparse matrices", ACM TOMS 4(3)).
    /// </summary>
    public CsrMatrix<T> Transpose()
    {
        ReadOnlySpan<T> values = Values.Span;
        ReadOnlySpan<int> columns = ColumnIndices.Span;
        ReadOnlySpan<int> pointers = RowPointers.Span;
        int[] starts = new int[Columns + 1];
        foreach (int column in columns)
        {
            starts[column + 1]++;
        }

        for (int j = 0; j < Columns; j++)
        {
            starts[j + 1] += starts[j];
        }

        int[] next = [.. starts];
        T[] sorted = new T[values.Length];
        int[] rowOf = new int[values.Length];
        for (int i = 0; i < Rows; i++)
        {
            for (int entry = pointers[i]; entry < pointers[i + 1]; entry++)
            {
                int place = next[columns[entry]]++;
                sorted[place] = values[entry];
                rowOf[place] = i;
            }
        }

        return new(Columns, Rows, sorted, rowOf, starts);
    }

    /// <summary>The same matrix in arrays of its own.</summary>
    internal CsrMatrix<T> Copy() =>
        new(Rows, Columns, Values.ToArray(), ColumnIndices.ToArray(), RowPointers.ToArray());

    private void Check()
    {
        ReadOnlySpan<int> pointers = RowPointers.Span;
        if (pointers.Length != Rows + 1)
        {
            throw new ArgumentException(
                $"rowPointers has {pointers.Length} entries; expected {Rows + 1} for {Rows} rows.", "rowPointers");
        }

        if (ColumnIndices.Length != Values.Length)
        {
            throw new ArgumentException(
                $"columnIndices has {ColumnIndices.Length} entries; expected {Values.Length}, as many as values.",
                "columnIndices");
        }

        if (pointers[0] != 0 || pointers[^1] != Values.Length)
        {
            throw new ArgumentException(
                $"rowPointers run from {pointers[0]} to {pointers[^1]}; expected 0 to {Values.Length}.", "rowPointers");
        }

        for (int i = 0; i < Rows; i++)
        {
            if (pointers[i + 1] < pointers[i])
            {
                throw new ArgumentException(
                    $"rowPointers descend from {pointers[i]} to {pointers[i + 1]} at row {i}.", "rowPointers");
            }
        }

        foreach (int column in ColumnIndices.Span)
        {
            if (column < 0 || column >= Columns)
            {
                throw new ArgumentException(
                    $"columnIndices holds {column}; the matrix has {Columns} columns.", "columnIndices");
            }
        }

        foreach (T value in Values.Span)
        {
            if (!T.IsFinite(value))
            {
                throw new ArgumentException($"values holds {value}; expected finite numbers.", "values");
            }
        }
    }
}
