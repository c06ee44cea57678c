namespace VemKernels.Solvers.CrossValidation;

/// <summary>
/// Some rows of a matrix: the matrix's own memory where they follow each other, else a gathered copy.
/// </summary>
internal readonly struct RowSelection : IDisposable
{
    private readonly DeviceMatrix<double>? _copy;

    public RowSelection(IBackend backend, DeviceView<double> matrix, ReadOnlySpan<int> rows)
    {
        if (IsRange(rows))
        {
            View = matrix.SliceRows(rows.IsEmpty ? 0 : rows[0], rows.Length);
            return;
        }

        _copy = backend.Allocate<double>(rows.Length, matrix.Columns);
        backend.GatherRows(matrix, rows, _copy.View);
        View = _copy.View;
    }

    public DeviceView<double> View { get; }

    /// <summary>Whether the rows are first, first + 1, first + 2, ...</summary>
    public static bool IsRange(ReadOnlySpan<int> rows)
    {
        for (int i = 1; i < rows.Length; i++)
        {
            if (rows[i] != rows[0] + i)
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose() => _copy?.Dispose();
}
