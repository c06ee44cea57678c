namespace VemKernels.Cuda;

/// <content>
/// The calls of cuSOLVER, for float and double: a workspace is asked for in elements, then lent. The context is
/// current, and nothing else is queued meanwhile.
/// </content>
internal sealed unsafe partial class CudaMathLibraries
{
    private const sbyte Thin = (sbyte)'S';

    /// <summary>Elements that potrf or potri works in.</summary>
    public int FactorWorkspace<T>(bool invert, int n, ColumnMajor a)
        where T : unmanaged
    {
        int elements;
        bool single = typeof(T) == typeof(float);
        CuSolver s = Solver!;
        int code = (single, invert) switch
        {
            (true, false) => s.cusolverDnSpotrf_bufferSize(
                SolverHandle, CuBlas.Upper, n, a.Address, a.Leading, &elements),
            (false, false) => s.cusolverDnDpotrf_bufferSize(
                SolverHandle, CuBlas.Upper, n, a.Address, a.Leading, &elements),
            (true, true) => s.cusolverDnSpotri_bufferSize(
                SolverHandle, CuBlas.Upper, n, a.Address, a.Leading, &elements),
            (false, true) => s.cusolverDnDpotri_bufferSize(
                SolverHandle, CuBlas.Upper, n, a.Address, a.Leading, &elements),
        };
        CuSolver.ThrowIfFailed(code, invert ? "cusolverDnXpotri_bufferSize" : "cusolverDnXpotrf_bufferSize");
        return elements;
    }

    /// <summary>potrf or potri on the upper triangle, column-major.</summary>
    public void Factor<T>(bool invert, int n, ColumnMajor a, nint work, int elements, nint status)
        where T : unmanaged
    {
        bool single = typeof(T) == typeof(float);
        CuSolver s = Solver!;
        int code = (single, invert) switch
        {
            (true, false) => s.cusolverDnSpotrf(
                SolverHandle, CuBlas.Upper, n, a.Address, a.Leading, work, elements, status),
            (false, false) => s.cusolverDnDpotrf(
                SolverHandle, CuBlas.Upper, n, a.Address, a.Leading, work, elements, status),
            (true, true) => s.cusolverDnSpotri(
                SolverHandle, CuBlas.Upper, n, a.Address, a.Leading, work, elements, status),
            (false, true) => s.cusolverDnDpotri(
                SolverHandle, CuBlas.Upper, n, a.Address, a.Leading, work, elements, status),
        };
        CuSolver.ThrowIfFailed(code, invert ? "cusolverDnXpotri" : "cusolverDnXpotrf");
    }

    /// <summary>Elements that syevd works in.</summary>
    public int EigenWorkspace<T>(int n, ColumnMajor a, nint w)
        where T : unmanaged
    {
        int elements;
        CuSolver s = Solver!;
        CuSolver.ThrowIfFailed(
            typeof(T) == typeof(float)
                ? s.cusolverDnSsyevd_bufferSize(
                    SolverHandle, CuSolver.WithVectors, CuBlas.Upper, n, a.Address, a.Leading, w, &elements)
                : s.cusolverDnDsyevd_bufferSize(
                    SolverHandle, CuSolver.WithVectors, CuBlas.Upper, n, a.Address, a.Leading, w, &elements),
            "cusolverDnXsyevd_bufferSize");
        return elements;
    }

    /// <summary>Eigenvalues, ascending, and eigenvectors in columns in place of A, column-major.</summary>
    public void Eigen<T>(int n, ColumnMajor a, nint w, nint work, int elements, nint status)
        where T : unmanaged
    {
        CuSolver s = Solver!;
        CuSolver.ThrowIfFailed(
            typeof(T) == typeof(float)
                ? s.cusolverDnSsyevd(
                    SolverHandle, CuSolver.WithVectors, CuBlas.Upper, n, a.Address, a.Leading, w, work, elements,
                    status)
                : s.cusolverDnDsyevd(
                    SolverHandle, CuSolver.WithVectors, CuBlas.Upper, n, a.Address, a.Leading, w, work, elements,
                    status),
            "cusolverDnXsyevd");
    }

    /// <summary>Elements that gesvd works in.</summary>
    public int SvdWorkspace<T>(int rows, int columns)
        where T : unmanaged
    {
        int elements;
        CuSolver s = Solver!;
        CuSolver.ThrowIfFailed(
            typeof(T) == typeof(float) ? s.cusolverDnSgesvd_bufferSize(SolverHandle, rows, columns, &elements)
                : s.cusolverDnDgesvd_bufferSize(SolverHandle, rows, columns, &elements),
            "cusolverDnXgesvd_bufferSize");
        return elements;
    }

    /// <summary>
    /// The thin decomposition of rows x columns, contiguous and column-major, rows no fewer than columns: U is rows x
    /// columns, V' columns x columns.
    /// </summary>
    public void Svd<T>(
        int rows, int columns, nint a, nint s, nint u, nint vt, nint work, int elements, nint status)
        where T : unmanaged
    {
        CuSolver solver = Solver!;
        CuSolver.ThrowIfFailed(
            typeof(T) == typeof(float)
                ? solver.cusolverDnSgesvd(
                    SolverHandle, Thin, Thin, rows, columns, a, rows, s, u, rows, vt, columns, work, elements, 0,
                    status)
                : solver.cusolverDnDgesvd(
                    SolverHandle, Thin, Thin, rows, columns, a, rows, s, u, rows, vt, columns, work, elements, 0,
                    status),
            "cusolverDnXgesvd");
    }
}
