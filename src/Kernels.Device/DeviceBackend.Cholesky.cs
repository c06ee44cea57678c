using System.Numerics;

namespace VemKernels.Device;

/// <content>
/// Cholesky factorisation on the device: blocks on the diagonal by a kernel, the rest by triangular solves and
/// products.
/// </content>
public abstract unsafe partial class DeviceBackend
{
    /// <summary>Rows of a block: as many as a triangular solve takes.</summary>
    private const int CholeskyBlock = TrsmBlock;

    /// <summary>Items that factor a block.</summary>
    private const int CholeskyGroup = 64;

    private static readonly string CholeskyDefinitions =
        $"-D CHOLESKY_BLOCK={CholeskyBlock} -D CHOLESKY_GROUP={CholeskyGroup}";

    /// <summary>
    /// Factors each matrix of a stack in place, as <see cref="IBackend.Cholesky"/> says; the stack is of the device.
    /// </summary>
    private protected virtual void Cholesky<T>(BufferView stack, int count, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        cancellation.ThrowIfCancellationRequested();
        if (stack.IsEmpty)
        {
            return;
        }

        nint n = stack.Columns;
        nint stride = n * stack.RowStride;
        BufferView a = stack.SliceRows(0, n);
        int[] pivots = new int[count];
        Array.Fill(pivots, -1);
        using DeviceBuffer status = _runtime.CreateBuffer(pivots);
        using Scratch values = Rent<T>(1, count);
        for (nint first = 0; first < n; first += CholeskyBlock)
        {
            cancellation.ThrowIfCancellationRequested();
            nint rows = Math.Min(CholeskyBlock, n - first);
            nint rest = n - first - rows;
            BufferView block = a.Block(first, first, rows, rows);
            FactorBlocks<T>(block, stride, (int)first, status, values.View.Buffer, count);
            if (rest == 0)
            {
                break;
            }

            BufferView panel = a.Block(first + rows, first, rest, rows);
            TrsmBlocks<T>(unitDiagonal: false, block, stride, panel.Transposed, stride, count);
            SubtractSquare<T>(panel, a.Block(first + rows, first + rows, rest, rest), stride, count);
        }

        ClearUpper<T>(stack, n);
        RequirePositive<T>(status, values.View, pivots);
    }

    /// <summary>
    /// Replaces each factor of a stack by the inverse of its matrix, as <see cref="IBackend.CholeskyInverse"/> says.
    /// </summary>
    private protected virtual void CholeskyInverse<T>(BufferView stack, int count, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        cancellation.ThrowIfCancellationRequested();
        if (stack.IsEmpty)
        {
            return;
        }

        nint n = stack.Columns;
        nint stride = n * stack.RowStride;
        BufferView l = stack.SliceRows(0, n);
        using Scratch inverses = Rent<T>(stack.Rows, n);
        KernelCall call = Call<T>("cholesky", "identities", CholeskyDefinitions);
        call.View(inverses.View);
        call.Size(n);
        call.Size(stack.Rows);
        call.Size(n);
        call.RunColumns(stack.Rows, n);

        // L X = I: row block by row block, in the columns where X, lower triangular too, is not zero.
        BufferView x = inverses.View.SliceRows(0, n);
        nint strideX = n * n;
        for (nint first = 0; first < n; first += TrsmBlock)
        {
            cancellation.ThrowIfCancellationRequested();
            nint rows = Math.Min(TrsmBlock, n - first);
            BufferView block = x.Block(first, 0, rows, first + rows);
            if (first > 0)
            {
                Products<T>(
                    -1, l.Block(first, 0, rows, first), stride, x.Block(0, 0, first, first), strideX, 1,
                    block.SliceColumns(0, first), strideX,
                    count);
            }

            TrsmBlocks<T>(unitDiagonal: false, l.Block(first, first, rows, rows), stride, block, strideX, count);
        }

        // The inverse is X'X.
        for (nint first = 0; first < n; first += SyrkStrip)
        {
            nint rows = Math.Min(SyrkStrip, n - first);
            Products<T>(
                1, x.Block(first, first, n - first, rows).Transposed, strideX, x.SliceRows(first, n - first), strideX,
                0,
                l.SliceRows(first, rows), stride, count);
        }
    }

    private void FactorBlocks<T>(BufferView block, nint stride, int first, DeviceBuffer status, DeviceBuffer values,
        int count)
        where T : unmanaged
    {
        KernelCall call = Call<T>("cholesky", "cholesky_block", CholeskyDefinitions);
        call.View(block);
        call.Size(stride);
        call.Int((int)block.Rows);
        call.Int(first);
        call.Buffer(status);
        call.Buffer(values);
        call.Run((1, count, 1), (CholeskyGroup, 1, 1));
    }

    /// <summary>C -= P P' in the lower triangle at least, for each matrix of a stack.</summary>
    private void SubtractSquare<T>(BufferView panel, BufferView c, nint stride, int count)
        where T : unmanaged
    {
        for (nint first = 0; first < c.Rows; first += SyrkStrip)
        {
            nint rows = Math.Min(SyrkStrip, c.Rows - first);
            Products<T>(
                -1, panel.SliceRows(first, rows), stride, panel.SliceRows(0, first + rows).Transposed, stride, 1,
                c.Block(first, 0, rows, first + rows), stride, count);
        }
    }

    /// <summary>Products for the matrices of a stack: one of them takes whichever way is faster.</summary>
    private void Products<T>(
        double alpha, BufferView a, nint strideA, BufferView b, nint strideB, double beta, BufferView c, nint strideC,
        int count)
        where T : unmanaged
    {
        if (count == 1)
        {
            Gemm<T>(alpha, a, b, beta, c);
            return;
        }

        GemmBatch<T>(alpha, a, strideA, b, strideB, beta, c, strideC, count);
    }

    /// <summary>Zeros above the diagonals of stacked n x n matrices.</summary>
    private protected void ClearUpper<T>(BufferView stack, nint n)
        where T : unmanaged
    {
        KernelCall call = Call<T>("cholesky", "clear_upper", CholeskyDefinitions);
        call.View(stack);
        call.Size(n);
        call.Size(stack.Rows);
        call.Size(n);
        call.RunColumns(stack.Rows, n);
    }

    private void RequirePositive<T>(DeviceBuffer status, BufferView values, int[] pivots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadInts(status, pivots);
        int failing = Array.FindIndex(pivots, pivot => pivot >= 0);
        if (failing < 0)
        {
            return;
        }

        using Matrix<T> value = Matrix<T>.Uninitialized(1, 1);
        Download(values.Block(0, failing, 1, 1), value.View);
        throw new NotPositiveDefiniteException(pivots[failing], failing, double.CreateTruncating(value.View[0, 0]));
    }

    /// <summary>Reads a buffer of ints; waits for the commands that write it.</summary>
    private protected void ReadInts(DeviceBuffer buffer, int[] values)
    {
        fixed (int* pointer = values)
        {
            long bytes = values.Length * (long)sizeof(int);
            _runtime.Transfer(toDevice: false, buffer, 0, bytes, pointer, bytes, bytes, 1);
        }
    }
}
