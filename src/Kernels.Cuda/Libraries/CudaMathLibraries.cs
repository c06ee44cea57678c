namespace VemKernels.Cuda;

/// <summary>cuBLAS and, where it is there, cuSOLVER on the compute stream.</summary>
internal sealed unsafe partial class CudaMathLibraries : IDisposable
{
    private CudaMathLibraries(CuBlas blas, CuSolver? solver)
    {
        Blas = blas;
        Solver = solver;
    }

    /// <summary>Products and triangular solves.</summary>
    public CuBlas Blas { get; }

    /// <summary>The handle of cuBLAS.</summary>
    public nint BlasHandle { get; private set; }

    /// <summary>Factorisations; null where cuSOLVER is not on the machine.</summary>
    public CuSolver? Solver { get; }

    /// <summary>The handle of cuSOLVER; 0 where it is not there.</summary>
    public nint SolverHandle { get; private set; }

    /// <summary>Starts the libraries; the context is current. Null where cuBLAS is not on the machine.</summary>
    /// <exception cref="InsufficientMemoryException">The device has no memory left for them.</exception>
    /// <exception cref="CudaException">They fail otherwise.</exception>
    public static CudaMathLibraries? TryOpen(CudaLibraries found, ComputeStream compute)
    {
        if (found.Blas is not { } blas)
        {
            return null;
        }

        CudaMathLibraries opened = new(blas, found.Solver);
        try
        {
            nint handle;
            blas.ThrowIfFailed(blas.cublasCreate(&handle), nameof(blas.cublasCreate));
            opened.BlasHandle = handle;
            blas.ThrowIfFailed(blas.cublasSetStream(handle, compute.Handle), nameof(blas.cublasSetStream));
            if (found.Solver is { } solver)
            {
                CuSolver.ThrowIfFailed(solver.cusolverDnCreate(&handle), nameof(solver.cusolverDnCreate));
                opened.SolverHandle = handle;
                CuSolver.ThrowIfFailed(
                    solver.cusolverDnSetStream(handle, compute.Handle), nameof(solver.cusolverDnSetStream));
            }

            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Ends the libraries; the context is current.</summary>
    public void Dispose()
    {
        if (SolverHandle != 0)
        {
            CuSolver.ThrowIfFailed(Solver!.cusolverDnDestroy(SolverHandle), nameof(Solver.cusolverDnDestroy));
            SolverHandle = 0;
        }

        if (BlasHandle != 0)
        {
            Blas.ThrowIfFailed(Blas.cublasDestroy(BlasHandle), nameof(Blas.cublasDestroy));
            BlasHandle = 0;
        }
    }
}
