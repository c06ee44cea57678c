namespace VemKernels.Device;

/// <summary>
/// A stack of thin singular value decompositions as kernels of Jacobi's method take it, no matrix wider than tall: a
/// wide one is decomposed by its transpose, and left and right singular vectors change places. Views are of the first
/// matrix, strides lead from matrix to matrix.
/// </summary>
/// <param name="A">The first matrix, rows x rank, rows no fewer than rank.</param>
/// <param name="StrideA">Elements from a matrix to the next.</param>
/// <param name="Left">Left singular vectors of A in columns, rows x rank.</param>
/// <param name="StrideLeft">Elements from those of a matrix to those of the next.</param>
/// <param name="S">Singular values, a row a matrix.</param>
/// <param name="Right">Right singular vectors of A in columns, rank x rank.</param>
/// <param name="StrideRight">Elements from those of a matrix to those of the next.</param>
internal readonly record struct TallSvd(
    BufferView A, nint StrideA, BufferView Left, nint StrideLeft, BufferView S, BufferView Right, nint StrideRight)
{
    /// <summary>Rows of each matrix.</summary>
    public nint Rows => A.Rows;

    /// <summary>Singular values of each matrix.</summary>
    public nint Rank => S.Columns;

    /// <summary>Of what <see cref="IBackend.ThinSvd"/> is given.</summary>
    public static TallSvd Of(BufferView stack, BufferView u, BufferView s, BufferView vt, int count)
    {
        nint rows = stack.Rows / count;
        nint rank = s.Columns;
        BufferView a = stack.SliceRows(0, rows);
        nint stride = rows * stack.RowStride;
        (BufferView View, nint Stride) ofRows = (u.SliceRows(0, rows), rows * u.RowStride);
        (BufferView View, nint Stride) ofColumns = (vt.SliceRows(0, rank).Transposed, rank * vt.RowStride);
        return rows >= stack.Columns
            ? new TallSvd(a, stride, ofRows.View, ofRows.Stride, s, ofColumns.View, ofColumns.Stride)
            : new TallSvd(a.Transposed, stride, ofColumns.View, ofColumns.Stride, s, ofRows.View, ofRows.Stride);
    }

    /// <summary>Adds the matrices to a kernel's arguments.</summary>
    public void AddTo(ref KernelCall call)
    {
        call.View(A);
        call.Size(StrideA);
        call.View(Left);
        call.Size(StrideLeft);
        call.View(S);
        call.View(Right);
        call.Size(StrideRight);
    }
}
