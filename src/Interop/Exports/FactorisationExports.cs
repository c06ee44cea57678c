using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Products and factorisations of stacked matrices; see native/include/vemkernels.h.</summary>
internal static unsafe class FactorisationExports
{
    [UnmanagedCallersOnly(EntryPoint = "vem_gemm", CallConvs = [typeof(CallConvCdecl)])]
    public static int Gemm(
        ulong backend, double alpha, VemMatrix* A, VemMatrix* B, double beta, VemMatrix* C, long count,
        VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            A, nameof(A),
            () => Product<float>(on, alpha, A, B, beta, C, count),
            () => Product<double>(on, alpha, A, B, beta, C, count)));

    [UnmanagedCallersOnly(EntryPoint = "vem_cholesky", CallConvs = [typeof(CallConvCdecl)])]
    public static int Cholesky(ulong backend, VemMatrix* A, long count, VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            A, nameof(A),
            () => Factor<float>(on, A, count),
            () => Factor<double>(on, A, count)));

    [UnmanagedCallersOnly(EntryPoint = "vem_cholesky_inverse", CallConvs = [typeof(CallConvCdecl)])]
    public static int CholeskyInverse(ulong backend, VemMatrix* A, long count, VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            A, nameof(A),
            () => Invert<float>(on, A, count),
            () => Invert<double>(on, A, count)));

    [UnmanagedCallersOnly(EntryPoint = "vem_symmetric_eigen", CallConvs = [typeof(CallConvCdecl)])]
    public static int SymmetricEigen(ulong backend, VemMatrix* A, VemMatrix* eigenvalues, long count, VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            A, nameof(A),
            () => Eigen<float>(on, A, eigenvalues, count),
            () => Eigen<double>(on, A, eigenvalues, count)));

    [UnmanagedCallersOnly(EntryPoint = "vem_svd", CallConvs = [typeof(CallConvCdecl)])]
    public static int Svd(
        ulong backend, VemMatrix* A, VemMatrix* U, VemMatrix* s, VemMatrix* Vt, long count, VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            A, nameof(A),
            () => Decompose<float>(on, A, U, s, Vt, count),
            () => Decompose<double>(on, A, U, s, Vt, count)));

    private static void Product<T>(
        Invocation on, double alpha, VemMatrix* A, VemMatrix* B, double beta, VemMatrix* C, long count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceView<T> a = on.Scope.Operand<T>(A, nameof(A), isRead: true, isWritten: false);
        DeviceView<T> b = on.Scope.Operand<T>(B, nameof(B), isRead: true, isWritten: false);
        DeviceView<T> c = on.Scope.Operand<T>(C, nameof(C), isRead: beta != 0, isWritten: true);
        nint m = RowsOfOne(a, count, nameof(A));
        nint k = RowsOfOne(b, count, nameof(B));
        nint rows = RowsOfOne(c, count, nameof(C));
        for (nint i = 0; i < count; i++)
        {
            on.Token.ThrowIfCancellationRequested();
            on.Backend.Gemm(
                alpha, a.SliceRows(i * m, m), b.SliceRows(i * k, k), beta, c.SliceRows(i * rows, rows));
        }
    }

    private static void Factor<T>(Invocation on, VemMatrix* A, long count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceView<T> a = on.Scope.Operand<T>(A, nameof(A), isRead: true, isWritten: true);
        on.Backend.Cholesky(a, Square(a, count), on.Token);
    }

    private static void Invert<T>(Invocation on, VemMatrix* A, long count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceView<T> a = on.Scope.Operand<T>(A, nameof(A), isRead: true, isWritten: true);
        on.Backend.CholeskyInverse(a, Square(a, count), on.Token);
    }

    private static void Eigen<T>(Invocation on, VemMatrix* A, VemMatrix* eigenvalues, long count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceView<T> a = on.Scope.Operand<T>(A, nameof(A), isRead: true, isWritten: true);
        DeviceView<T> w = on.Scope.Operand<T>(eigenvalues, nameof(eigenvalues), isRead: false, isWritten: true);
        int matrices = Square(a, count);
        Shapes.Require(w, matrices, a.Columns, nameof(eigenvalues));
        on.Backend.SymmetricEigen(a, w, matrices, on.Token);
    }

    private static void Decompose<T>(
        Invocation on, VemMatrix* A, VemMatrix* U, VemMatrix* s, VemMatrix* Vt, long count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceView<T> a = on.Scope.Operand<T>(A, nameof(A), isRead: true, isWritten: false);
        DeviceView<T> u = on.Scope.Operand<T>(U, nameof(U), isRead: false, isWritten: true);
        DeviceView<T> values = on.Scope.Operand<T>(s, nameof(s), isRead: false, isWritten: true);
        DeviceView<T> vt = on.Scope.Operand<T>(Vt, nameof(Vt), isRead: false, isWritten: true);
        nint m = RowsOfOne(a, count, nameof(A));
        nint rank = Math.Min(m, a.Columns);
        Shapes.Require(u, a.Rows, rank, nameof(U));
        Shapes.Require(values, (nint)count, rank, nameof(s));
        Shapes.Require(vt, (nint)count * rank, a.Columns, nameof(Vt));

        // The decomposition destroys its operand; the caller's is not written.
        DeviceMatrix<T> copy = on.Scope.Own(on.Backend.Allocate<T>(a.Rows, a.Columns));
        on.Backend.Copy(a, copy.View);
        on.Backend.ThinSvd(copy.View, u, values, vt, (int)count, on.Token);
    }

    private static int Square<T>(DeviceView<T> a, long count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint n = RowsOfOne(a, count, "A");
        return n == a.Columns ? (int)count : throw new ArgumentException(
            $"A is {a.Rows} x {a.Columns}: {count} matrices of {n} x {a.Columns}; expected square ones.", nameof(a));
    }

    private static nint RowsOfOne<T>(DeviceView<T> stack, long count, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Fields.Count(count, nameof(count)) == 0 || stack.Rows % (nint)count != 0)
        {
            throw new ArgumentException(
                $"{name} has {stack.Rows} rows and count is {count}; expected a count of at least 1 that divides them.",
                name);
        }

        return stack.Rows / (nint)count;
    }
}
