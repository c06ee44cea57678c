using VemKernels.Device;

namespace VemKernels.Cuda;

/// <content>
/// Factorisations: cuSOLVER's for large matrices, one by one; the shared kernels' for many small ones.
/// </content>
public sealed partial class CudaBackend
{
    /// <summary>
    /// From this order on a single matrix is cuSOLVER's: below, the shared blocked kernels need no workspace and no
    /// second library. A guess until it is measured on a card.
    /// </summary>
    private const int SmallestOfSolver = 128;

    private bool HasSolver => _runtime.Libraries?.Solver is not null;

    /// <inheritdoc/>
    private protected override bool HasEigen(nint order) => HasSolver ? order <= int.MaxValue : base.HasEigen(order);

    /// <inheritdoc/>
    private protected override bool HasSvd(nint rows, nint columns) =>
        HasSolver ? Math.Max(rows, columns) <= int.MaxValue : base.HasSvd(rows, columns);

    /// <inheritdoc/>
    private protected override void Cholesky<T>(BufferView stack, int count, CancellationToken cancellation)
    {
        if (count > MostMatrices)
        {
            EachPart(stack, count, (part, first, matrices) =>
            {
                try
                {
                    base.Cholesky<T>(part, matrices, cancellation);
                }
                catch (NotPositiveDefiniteException failure)
                {
                    throw new NotPositiveDefiniteException(failure.Pivot, first + failure.Matrix, failure.Value);
                }
            });
            return;
        }

        if (count != 1 || SolverView<T>(stack) is not { } matrix)
        {
            base.Cholesky<T>(stack, count, cancellation);
            return;
        }

        cancellation.ThrowIfCancellationRequested();
        int n = (int)stack.Columns;
        int[] outcome = [0];
        using DeviceBuffer status = _runtime.CreateBuffer(outcome);
        Factor<T>(stack, matrix, status, invert: false);
        ClearUpper<T>(stack, n);
        ReadInts(status, outcome);
        using Matrix<T> pivots = Matrix<T>.Uninitialized(1, n);
        Download(stack.Diagonal, pivots.View);

        // A pivot that is not a number is as bad as a negative one, and not all versions say so.
        int failing = outcome[0] > 0 ? outcome[0] - 1
            : Enumerable.Range(0, n).Where(i => !(pivots[0, i] > T.Zero)).Append(-1).First();
        if (failing >= 0)
        {
            throw new NotPositiveDefiniteException(failing, 0, double.CreateTruncating(pivots[0, failing]));
        }
    }

    /// <inheritdoc/>
    private protected override void CholeskyInverse<T>(BufferView stack, int count, CancellationToken cancellation)
    {
        if (count > MostMatrices)
        {
            EachPart(stack, count, (part, _, matrices) => base.CholeskyInverse<T>(part, matrices, cancellation));
            return;
        }

        if (count != 1 || SolverView<T>(stack) is not { } matrix)
        {
            base.CholeskyInverse<T>(stack, count, cancellation);
            return;
        }

        cancellation.ThrowIfCancellationRequested();
        int[] outcome = [0];
        using DeviceBuffer status = _runtime.CreateBuffer(outcome);
        Factor<T>(stack, matrix, status, invert: true);
        Mirror<T>(stack);
        ReadInts(status, outcome);
        if (outcome[0] != 0)
        {
            throw new ArithmeticException($"The factor has no inverse: its diagonal is zero at {outcome[0] - 1}.");
        }
    }

    /// <inheritdoc/>
    private protected override void SymmetricEigen<T>(
        BufferView stack, BufferView w, int count, CancellationToken cancellation)
    {
        if (!stack.IsEmpty && stack.Columns <= WarpLargest)
        {
            WarpEigen<T>(stack, w, count, cancellation);
            return;
        }

        if (stack.IsEmpty || base.HasEigen(stack.Columns))
        {
            base.SymmetricEigen<T>(stack, w, count, cancellation);
            return;
        }

        nint n = stack.Columns;
        using Scratch copy = Rent<T>(n, n);
        using Scratch values = Rent<T>(1, n);
        for (int i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            BufferView a = stack.SliceRows(i * n, n);
            Copy<T>(a, copy.View);
            Mirror<T>(copy.View);
            RequireFinite<T>(copy.View, i);
            Eigen<T>(copy.View, values.View, i);

            // Column-major eigenvectors in columns are rows, read row-major.
            Copy<T>(copy.View.Transposed, a);
            Copy<T>(values.View, w.SliceRows(i, 1));
        }
    }

    /// <inheritdoc/>
    private protected override void ThinSvd<T>(
        BufferView stack, BufferView u, BufferView s, BufferView vt, int count, CancellationToken cancellation)
    {
        nint rows = stack.Rows / Math.Max(count, 1);
        if (!stack.IsEmpty && Math.Max(rows, stack.Columns) <= WarpLargest)
        {
            WarpSvd<T>(stack, u, s, vt, count, cancellation);
            return;
        }

        if (stack.IsEmpty || base.HasSvd(rows, stack.Columns))
        {
            base.ThinSvd<T>(stack, u, s, vt, count, cancellation);
            return;
        }

        nint rank = s.Columns;
        bool isTall = rows >= stack.Columns;
        nint longer = Math.Max(rows, stack.Columns);

        // cuSOLVER takes tall matrices, column-major: read row-major, wide ones. Of a tall A that is A', of a wide one
        // A.
        using Scratch wide = Rent<T>(rank, longer);
        using Scratch ofLong = Rent<T>(rank, longer);
        using Scratch ofShort = Rent<T>(rank, rank);
        using Scratch values = Rent<T>(1, rank);
        for (int i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            BufferView a = stack.SliceRows(i * rows, rows);
            Copy<T>(isTall ? a.Transposed : a, wide.View);
            RequireFinite<T>(wide.View, i);
            Svd<T>(wide.View, values.View, ofLong.View, ofShort.View, i);
            BufferView left = u.SliceRows(i * rows, rows);
            BufferView right = vt.SliceRows(i * rank, rank);
            Copy<T>(isTall ? ofLong.View.Transposed : ofShort.View, left);
            Copy<T>(isTall ? ofShort.View.Transposed : ofLong.View, right);
            Copy<T>(values.View, s.SliceRows(i, 1));
        }
    }

    private ColumnMajor? SolverView<T>(BufferView stack)
        where T : unmanaged => HasSolver && stack.Columns >= SmallestOfSolver
            && ColumnMajor.Of<T>(stack) is { IsTransposed: true } matrix ? matrix : null;

    /// <summary>potrf or potri on the lower triangle of a row-major matrix, the upper one of it column-major.</summary>
    private void Factor<T>(BufferView stack, ColumnMajor matrix, DeviceBuffer status, bool invert)
        where T : unmanaged
    {
        int n = (int)stack.Columns;
        int size = 0;
        _runtime.Queue(libraries => size = libraries.FactorWorkspace<T>(invert, n, matrix));
        using Scratch work = Rent<T>(1, Math.Max(size, 1));
        DeviceBuffer memory = work.View.Buffer;
        _runtime.Queue(
            libraries => libraries.Factor<T>(invert, n, matrix, memory.Handle, size, status.Handle),
            stack.Buffer, memory, status);
    }

    /// <summary>Overwrites a contiguous symmetric matrix by its eigenvectors in rows.</summary>
    private void Eigen<T>(BufferView a, BufferView w, int matrix)
        where T : unmanaged
    {
        int n = (int)a.Columns;
        ColumnMajor view = ColumnMajor.Of<T>(a)!.Value;
        int[] outcome = [0];
        using DeviceBuffer status = _runtime.CreateBuffer(outcome);
        int size = 0;
        _runtime.Queue(libraries => size = libraries.EigenWorkspace<T>(n, view, w.Buffer.Handle));
        using Scratch work = Rent<T>(1, Math.Max(size, 1));
        DeviceBuffer memory = work.View.Buffer;
        _runtime.Queue(
            libraries => libraries.Eigen<T>(n, view, w.Buffer.Handle, memory.Handle, size, status.Handle),
            a.Buffer, w.Buffer, memory, status);
        RequireConverged(status, outcome, matrix, "eigenvalue");
    }

    /// <summary>
    /// Decomposes A' = U diag(s) V', longer x rank and column-major: a, contiguous, read row-major. Column-major U and
    /// V' are, read row-major, U' (rank x longer) and V (rank x rank).
    /// </summary>
    private void Svd<T>(BufferView a, BufferView s, BufferView u, BufferView v, int matrix)
        where T : unmanaged
    {
        int longer = (int)a.Columns;
        int rank = (int)a.Rows;
        int[] outcome = [0];
        using DeviceBuffer status = _runtime.CreateBuffer(outcome);
        int size = 0;
        _runtime.Queue(libraries => size = libraries.SvdWorkspace<T>(longer, rank));
        using Scratch work = Rent<T>(1, Math.Max(size, 1));
        DeviceBuffer memory = work.View.Buffer;
        _runtime.Queue(
            libraries => libraries.Svd<T>(
                longer, rank, a.Buffer.Handle, s.Buffer.Handle, u.Buffer.Handle, v.Buffer.Handle, memory.Handle, size,
                status.Handle),
            a.Buffer, s.Buffer, u.Buffer, v.Buffer, memory, status);
        RequireConverged(status, outcome, matrix, "singular value");
    }

    private void RequireConverged(DeviceBuffer status, int[] outcome, int matrix, string what)
    {
        ReadInts(status, outcome);
        if (outcome[0] != 0)
        {
            throw new ArithmeticException($"Matrix {matrix}: a {what} did not converge.");
        }
    }

    /// <summary>
    /// cuSOLVER does not say what it makes of NaN and infinity: a ratio of such to itself is not finite.
    /// </summary>
    private void RequireFinite<T>(BufferView a, int matrix)
        where T : unmanaged
    {
        using Scratch ratios = Rent<double>(1, a.Columns);
        PairsOfColumns<T>("column_max_ratios", a, a, ratios.View);
        using Matrix<double> largest = Matrix<double>.Uninitialized(1, a.Columns);
        Download(ratios.View, largest.View);
        for (nint j = 0; j < a.Columns; j++)
        {
            if (!double.IsFinite(largest[0, j]))
            {
                throw new ArithmeticException($"Matrix {matrix} holds NaN or infinity.");
            }
        }
    }

    /// <summary>Cuts a stack of more matrices than one launch takes.</summary>
    private static void EachPart(BufferView stack, int count, Action<BufferView, int, int> work)
    {
        for (int first = 0; first < count; first += MostMatrices)
        {
            int matrices = Math.Min(MostMatrices, count - first);
            work(stack.SliceRows(first * stack.Columns, matrices * stack.Columns), first, matrices);
        }
    }
}
