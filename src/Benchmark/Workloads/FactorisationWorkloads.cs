using System.Numerics;
using VemKernels.Benchmark.Checks;
using VemKernels.Benchmark.Inputs;
using VemKernels.Benchmark.Roofs;

namespace VemKernels.Benchmark.Workloads;

/// <summary>
/// Factorisations of one matrix, or of many small ones. Flops are lower bounds: leading terms of the blocked algorithms
/// (Golub and Van Loan, "Matrix Computations"), without the divide and conquer of eigenvalues and singular values.
/// </summary>
internal static class FactorisationWorkloads
{
    private const int Seed = 3;

    /// <summary>A = L L': n^3 / 3.</summary>
    public static Workload Cholesky<T>(int n, int count = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Describe<T>("cholesky", "Cholesky factorisation", n, n, count, Cube(n) / 3, 2.0 * n * n) with
        {
            Prepare = backend => new KernelWorkload<T>(backend, owned =>
            {
                Matrix<T> host = owned.Keep(SeededMatrices.Symmetric<T>(n, count, Seed, definite: true));
                DeviceView<T> original = owned.Device(host), A = owned.Device<T>(host.Rows, n);
                return new(cancellation => backend.Cholesky(A, count, cancellation), A, () =>
                {
                    using Matrix<T> L = OnHost(backend, A);
                    return FactorisationCheck.Cholesky(host.View, L.View);
                })
                {
                    InPlace = (original, A),
                };
            }),
        };

    /// <summary>A = Q diag(w) Q': 4/3 n^3 to tridiagonal form, 2 n^3 to transform the eigenvectors back.</summary>
    public static Workload SymmetricEigen<T>(int n, int count = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Describe<T>("eigen", "symmetric eigendecomposition", n, n, count, Cube(n) * (4.0 / 3 + 2), 2.0 * n * n) with
        {
            Prepare = backend => new KernelWorkload<T>(backend, owned =>
            {
                Matrix<T> host = owned.Keep(SeededMatrices.Symmetric<T>(n, count, Seed, definite: false));
                DeviceView<T> original = owned.Device(host), A = owned.Device<T>(host.Rows, n);
                DeviceView<T> w = owned.Device<T>(count, n);
                return new(cancellation => backend.SymmetricEigen(A, w, count, cancellation), A, () =>
                {
                    using Matrix<T> Q = OnHost(backend, A);
                    using Matrix<T> values = OnHost(backend, w);
                    return FactorisationCheck.SymmetricEigen(host.View, Q.View, values.View);
                })
                {
                    InPlace = (original, A),
                };
            }),
        };

    /// <summary>
    /// A = U diag(s) Vt, m at least n: 8/3 n^3 to bidiagonal form and 4 n^3 to transform both sets of vectors back; a
    /// tall matrix besides 2 m n^2 - 2/3 n^3 for its QR decomposition and 2 m n^2 for the product of Q with what is
    /// left.
    /// </summary>
    public static Workload ThinSvd<T>(int m, int n, int count = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double tall = m > n ? (4.0 * m * n * n) - (Cube(n) * 2 / 3) : 0;
        double flops = tall + (Cube(n) * (8.0 / 3 + 4));
        return Describe<T>("svd", "thin SVD", m, n, count, flops, (2.0 * m * n) + ((double)n * n)) with
        {
            Prepare = backend => new KernelWorkload<T>(backend, owned =>
            {
                Matrix<T> host = owned.Keep(SeededMatrices.Normal<T>(count * m, n, Seed));
                DeviceView<T> original = owned.Device(host), A = owned.Device<T>(host.Rows, n);
                DeviceView<T> U = owned.Device<T>(host.Rows, n), s = owned.Device<T>(count, n);
                DeviceView<T> Vt = owned.Device<T>(count * n, n);
                return new(cancellation => backend.ThinSvd(A, U, s, Vt, count, cancellation), U, () =>
                {
                    using Matrix<T> hostU = OnHost(backend, U);
                    using Matrix<T> hostS = OnHost(backend, s);
                    using Matrix<T> hostVt = OnHost(backend, Vt);
                    return FactorisationCheck.ThinSvd(host.View, hostU.View, hostS.View, hostVt.View);
                })
                {
                    InPlace = (original, A),
                };
            }),
        };
    }

    private static double Cube(double n) => n * n * n;

    private static Matrix<T> OnHost<T>(IBackend backend, DeviceView<T> device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> host = Matrix<T>.Uninitialized(device.Rows, device.Columns);
        backend.Download(device, host.View);
        return host;
    }

    /// <summary>All but the work.</summary>
    private static Workload Describe<T>(
        string operation, string words, int m, int n, int count, double flops, double elements)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool batched = count > 1;
        return new()
        {
            Name = $"{operation}-{(batched ? $"{count}x" : "")}{(m == n ? $"{n}" : $"{m}x{n}")}-{ElementName.Of<T>()}",
            Group = batched ? WorkloadGroup.Batched : WorkloadGroup.Factorisation,
            Description = $"{words}, {(batched ? $"{count:N0} of " : "")}{m:N0} x {n:N0}",
            ElementType = ElementName.Of<T>(),
            Unit = batched ? RateUnit.Matrices : RateUnit.Flops,
            Amount = batched ? count : flops,
            Cost = WorkCost.Of<T>(count * flops, count * elements),
            Prepare = _ => throw new InvalidOperationException("The caller says how the work is prepared."),
        };
    }
}
