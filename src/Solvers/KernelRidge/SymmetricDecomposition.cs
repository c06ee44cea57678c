using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers;

/// <summary>A = Q diag(l) Q' of a symmetric matrix, eigenvalues ascending, by either decomposition.</summary>
internal static class SymmetricDecomposition
{
    /// <summary>Returns the eigenvalues; A becomes Q.</summary>
    public static double[] InPlace(
        IBackend backend, DeviceView<double> A, Diagonalization by, CancellationToken cancellation)
    {
        if (by == Diagonalization.Svd)
        {
            return BySvd(backend, A, cancellation);
        }

        using DeviceMatrix<double> values = backend.Allocate<double>(1, A.Rows);
        backend.SymmetricEigen(A, values.View, 1, cancellation);
        return Upload.ToHost(backend, values.View);
    }

    /// <summary>
    /// From A = U diag(s) V': Q = U, l_i = s_i u_i'v_i. (V would not do for the right factor: in the null space U and V
    /// are different bases.)
    /// </summary>
    private static double[] BySvd(IBackend backend, DeviceView<double> A, CancellationToken cancellation)
    {
        nint n = A.Rows;
        using DeviceMatrix<double> U = backend.Allocate<double>(n, n);
        using DeviceMatrix<double> Vt = backend.Allocate<double>(n, n);
        using DeviceMatrix<double> singular = backend.Allocate<double>(1, n);
        using DeviceMatrix<double> cosines = backend.Allocate<double>(1, n);
        backend.ThinSvd(A, U.View, singular.View, Vt.View, 1, cancellation);
        backend.ColumnDots(U.View, Vt.View.Transposed, cosines.View);
        double[] sizes = Upload.ToHost(backend, singular.View);
        double[] signs = Upload.ToHost(backend, cosines.View);
        double[] eigenvalues = [.. sizes.Select((size, i) => size * signs[i])];
        int[] order = [.. Enumerable.Range(0, (int)n)];
        Array.Sort(eigenvalues, order);
        backend.GatherColumns(U.View, order, A);
        return eigenvalues;
    }
}
