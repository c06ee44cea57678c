using VemKernels.Device;

namespace VemKernels.Cuda;

/// <content>Products and triangular solves: cuBLAS's, where the views are such as it takes.</content>
public sealed partial class CudaBackend
{
    /// <summary>The most matrices of a stack in one launch: the largest third dimension of a grid.</summary>
    private const int MostMatrices = 65535;

    /// <inheritdoc/>
    private protected override bool MirrorsProducts => true;

    /// <inheritdoc/>
    private protected override void GemmBatch<T>(
        double alpha, BufferView a, nint strideA, BufferView b, nint strideB, double beta, BufferView c, nint strideC,
        int count)
    {
        if (count > MostMatrices)
        {
            for (int first = 0; first < count; first += MostMatrices)
            {
                GemmBatch<T>(
                    alpha, Skip(a, first * strideA), strideA, Skip(b, first * strideB), strideB, beta,
                    Skip(c, first * strideC), strideC, Math.Min(MostMatrices, count - first));
            }

            return;
        }

        if (TryTensorProduct<T>(alpha, a, b, beta, c, count))
        {
            return;
        }

        // C' = B' A', column-major. A product of no terms only scales C, which the shared kernel does.
        if (_runtime.Libraries is null || a.Columns == 0 || ColumnMajor.Of<T>(c) is not { IsTransposed: true } product
            || ColumnMajor.Of<T>(a) is not { } left || ColumnMajor.Of<T>(b) is not { } right)
        {
            base.GemmBatch<T>(alpha, a, strideA, b, strideB, beta, c, strideC, count);
            return;
        }

        _runtime.Queue(
            libraries => libraries.Multiply<T>(
                alpha, (right, strideB), (left, strideA), beta, (product, strideC),
                ((int)c.Columns, (int)c.Rows, (int)a.Columns), count),
            a.Buffer, b.Buffer, c.Buffer);
    }

    /// <inheritdoc/>
    private protected override void Syrk<T>(double alpha, BufferView a, double beta, BufferView c)
    {
        if (_runtime.Libraries is null || a.IsEmpty
            || ColumnMajor.Of<T>(c) is not { IsTransposed: true } product || ColumnMajor.Of<T>(a) is not { } factor)
        {
            base.Syrk<T>(alpha, a, beta, c);
            return;
        }

        // The lower triangle of a row-major matrix is the upper one of the same memory, read column-major.
        _runtime.Queue(
            libraries => libraries.Square<T>(
                alpha, factor, beta, product, ((int)c.Rows, (int)a.Columns), CuBlas.Upper),
            a.Buffer, c.Buffer);
        Mirror<T>(c);
    }

    /// <inheritdoc/>
    private protected override void Trsm<T>(Triangle triangle, bool unitDiagonal, BufferView a, BufferView b)
    {
        if (_runtime.Libraries is null || b.IsEmpty || ColumnMajor.Of<T>(a) is not { } factor
            || ColumnMajor.Of<T>(b) is not { } right)
        {
            base.Trsm<T>(triangle, unitDiagonal, a, b);
            return;
        }

        // A row-major B is B', from whose right A' is divided: X' A' = B'.
        int side = right.IsTransposed ? CuBlas.Right : CuBlas.Left;
        int operation = right.IsTransposed ? factor.TransposedOperation : factor.Operation;
        int stored = (triangle == Triangle.Lower) == factor.IsTransposed ? CuBlas.Upper : CuBlas.Lower;
        int diagonal = unitDiagonal ? CuBlas.UnitDiagonal : CuBlas.GivenDiagonal;
        (int, int) size = right.IsTransposed ? ((int)b.Columns, (int)b.Rows) : ((int)b.Rows, (int)b.Columns);
        _runtime.Queue(
            libraries => libraries.Divide<T>((side, stored, operation, diagonal), factor, right, size),
            a.Buffer, b.Buffer);
    }

    private static BufferView Skip(BufferView view, nint elements) => view with { Offset = view.Offset + elements };
}
