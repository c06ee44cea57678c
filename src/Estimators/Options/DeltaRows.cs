using System.Numerics;

namespace VemKernels.Estimators;

/// <summary>Log kernel weights as options have them, rows of numbers, and as solvers do, matrices.</summary>
internal static class DeltaRows
{
    /// <summary>
    /// Rows of a matrix; a row of equal values is one value, so that kernels of fixed weights are summed once.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<double>> From<T>(MatrixView<T> deltas)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] rows = new double[deltas.Rows][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new double[deltas.Columns];
            for (int j = 0; j < deltas.Columns; j++)
            {
                rows[i][j] = double.CreateTruncating(deltas[i, j]);
            }

            if (rows[i].Length > 0 && Array.TrueForAll(rows[i], value => value.Equals(rows[i][0])))
            {
                rows[i] = [rows[i][0]];
            }
        }

        return rows;
    }

    /// <summary>
    /// A matrix of rows: kernels x targets, or kernels x 1 where each row has one number; null gives zeros.
    /// </summary>
    /// <param name="rows">One row a kernel.</param>
    /// <param name="kernels">Kernels.</param>
    /// <param name="targets">Targets.</param>
    /// <param name="name">The option's name.</param>
    /// <exception cref="ArgumentException">Another number of kernels or targets.</exception>
    public static Matrix<T> ToMatrix<T>(
        IReadOnlyList<IReadOnlyList<double>>? rows, int kernels, nint targets, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rows is null)
        {
            return new Matrix<T>(kernels, 1);
        }

        if (rows.Count != kernels)
        {
            throw new ArgumentException($"{name} has {rows.Count} rows; expected {kernels}, one a kernel.", name);
        }

        foreach (IReadOnlyList<double> row in rows)
        {
            if (row.Count != 1 && row.Count != targets)
            {
                throw new ArgumentException(
                    $"A row of {name} has {row.Count} values; expected 1, or {targets}, one a target.", name);
            }
        }

        nint columns = rows.All(row => row.Count == 1) ? 1 : targets;
        Matrix<T> deltas = Matrix<T>.Uninitialized(kernels, columns);
        for (int i = 0; i < kernels; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                deltas[i, j] = T.CreateTruncating(rows[i][rows[i].Count == 1 ? 0 : j]);
            }
        }

        return deltas;
    }

    /// <summary>A copy, kernels x targets, of one that may be kernels x 1.</summary>
    public static Matrix<T> ForTargets<T>(MatrixView<T> deltas, nint targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> each = Matrix<T>.Uninitialized(deltas.Rows, targets);
        for (nint j = 0; j < targets; j++)
        {
            deltas.SliceColumns(deltas.Columns == 1 ? 0 : j, 1).CopyTo(each.View.SliceColumns(j, 1));
        }

        return each;
    }
}
