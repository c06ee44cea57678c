namespace VemKernels.Benchmark.Checks;

/// <summary>
/// Cholesky factorisation and solution in double, by inner products of rows: on purpose none of the code that it
/// checks.
/// </summary>
internal sealed class PlainCholesky
{
    private readonly double[][] _rows;

    /// <summary>Factors a symmetric matrix, square; the rows are overwritten up to their diagonal.</summary>
    /// <exception cref="ArithmeticException">A pivot is not positive.</exception>
    public PlainCholesky(double[][] rows)
    {
        _rows = rows;
        Span<double> sums = stackalloc double[PlainProducts.LeftRows * PlainProducts.RightRows];
        for (int top = 0; top < rows.Length; top += PlainProducts.LeftRows)
        {
            int bottom = Math.Min(top + PlainProducts.LeftRows, rows.Length);
            for (int left = 0; left < bottom; left += PlainProducts.RightRows)
            {
                // Of rows that stand in the block themselves, what is left of the block is known.
                int known = Math.Min(left, top);
                PlainProducts.Block(rows, top, rows, left, known, sums);
                for (int i = Math.Max(top, left); i < bottom; i++)
                {
                    int end = Math.Min(left + PlainProducts.RightRows, i + 1);
                    for (int j = left; j < end; j++)
                    {
                        double sum = sums[((i - top) * PlainProducts.RightRows) + j - left];
                        SetEntry(i, j, sum + PlainProducts.Dot<double>(
                            rows[i].AsSpan(known, j - known), rows[j].AsSpan(known)));
                    }
                }
            }
        }
    }

    /// <summary>Solves L L' x = b.</summary>
    public double[] Solve(double[] b)
    {
        double[] x = [.. b];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (x[i] - PlainProducts.Dot<double>(_rows[i].AsSpan(0, i), x)) / _rows[i][i];
        }

        for (int i = x.Length - 1; i >= 0; i--)
        {
            x[i] /= _rows[i][i];
            PlainProducts.Add<double>(-x[i], _rows[i].AsSpan(0, i), x);
        }

        return x;
    }

    /// <summary>Sets L_ij, given the inner product of rows i and j up to column j.</summary>
    private void SetEntry(int i, int j, double product)
    {
        double[] row = _rows[i];
        if (i > j)
        {
            row[j] = (row[j] - product) / _rows[j][j];
            return;
        }

        double pivot = row[i] - product;
        if (!(pivot > 0))
        {
            throw new ArithmeticException($"Pivot {i} of the check's own Cholesky factorisation is {pivot}.");
        }

        row[i] = Math.Sqrt(pivot);
    }
}
