namespace VemKernels.Cuda;

/// <content>
/// The calls of cuBLAS, for float and double. The context is current, and nothing else is queued meanwhile.
/// </content>
internal sealed unsafe partial class CudaMathLibraries
{
    /// <summary>
    /// Stacks of C = alpha A B + beta C, column-major: A, M x K, and B, K x N, are the transposes of the views that
    /// they are described by.
    /// </summary>
    public void Multiply<T>(
        double alpha, (ColumnMajor View, nint Stride) a, (ColumnMajor View, nint Stride) b, double beta,
        (ColumnMajor View, nint Stride) c, (int M, int N, int K) size, int count)
        where T : unmanaged
    {
        int ofA = a.View.TransposedOperation;
        int ofB = b.View.TransposedOperation;
        if (typeof(T) == typeof(float))
        {
            float scale = (float)alpha;
            float keep = (float)beta;
            Blas.ThrowIfFailed(
                count == 1
                    ? Blas.cublasSgemm(
                        BlasHandle, ofA, ofB, size.M, size.N, size.K, &scale, a.View.Address, a.View.Leading,
                        b.View.Address, b.View.Leading, &keep, c.View.Address, c.View.Leading)
                    : Blas.cublasSgemmStridedBatched(
                        BlasHandle, ofA, ofB, size.M, size.N, size.K, &scale, a.View.Address, a.View.Leading, a.Stride,
                        b.View.Address, b.View.Leading, b.Stride, &keep, c.View.Address, c.View.Leading, c.Stride,
                        count),
                count == 1 ? nameof(Blas.cublasSgemm) : nameof(Blas.cublasSgemmStridedBatched));
            return;
        }

        Blas.ThrowIfFailed(
            count == 1
                ? Blas.cublasDgemm(
                    BlasHandle, ofA, ofB, size.M, size.N, size.K, &alpha, a.View.Address, a.View.Leading,
                    b.View.Address, b.View.Leading, &beta, c.View.Address, c.View.Leading)
                : Blas.cublasDgemmStridedBatched(
                    BlasHandle, ofA, ofB, size.M, size.N, size.K, &alpha, a.View.Address, a.View.Leading, a.Stride,
                    b.View.Address, b.View.Leading, b.Stride, &beta, c.View.Address, c.View.Leading, c.Stride, count),
            count == 1 ? nameof(Blas.cublasDgemm) : nameof(Blas.cublasDgemmStridedBatched));
    }

    /// <summary>One triangle of C = alpha A A' + beta C, A as the view has it.</summary>
    public void Square<T>(
        double alpha, ColumnMajor a, double beta, ColumnMajor c, (int N, int K) size, int triangle)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            float scale = (float)alpha;
            float keep = (float)beta;
            Blas.ThrowIfFailed(
                Blas.cublasSsyrk(
                    BlasHandle, triangle, a.Operation, size.N, size.K, &scale, a.Address, a.Leading, &keep, c.Address,
                    c.Leading),
                nameof(Blas.cublasSsyrk));
            return;
        }

        Blas.ThrowIfFailed(
            Blas.cublasDsyrk(
                BlasHandle, triangle, a.Operation, size.N, size.K, &alpha, a.Address, a.Leading, &beta, c.Address,
                c.Leading),
            nameof(Blas.cublasDsyrk));
    }

    /// <summary>Solves triangular systems in place of B, column-major.</summary>
    public void Divide<T>(
        (int Side, int Triangle, int Operation, int Diagonal) system, ColumnMajor a, ColumnMajor b,
        (int Rows, int Columns) size)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            float single = 1;
            Blas.ThrowIfFailed(
                Blas.cublasStrsm(
                    BlasHandle, system.Side, system.Triangle, system.Operation, system.Diagonal, size.Rows,
                    size.Columns, &single, a.Address, a.Leading, b.Address, b.Leading),
                nameof(Blas.cublasStrsm));
            return;
        }

        double one = 1;
        Blas.ThrowIfFailed(
            Blas.cublasDtrsm(
                BlasHandle, system.Side, system.Triangle, system.Operation, system.Diagonal, size.Rows, size.Columns,
                &one, a.Address, a.Leading, b.Address, b.Leading),
            nameof(Blas.cublasDtrsm));
    }
}
