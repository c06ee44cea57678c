namespace VemKernels.Cuda;

/// <summary>What the codes of cuBLAS and cuSOLVER mean, where the two agree.</summary>
internal static class Failures
{
    /// <summary>CUBLAS_STATUS_ALLOC_FAILED is 3; CUSOLVER_STATUS_ALLOC_FAILED is 2.</summary>
    private const int BlasAllocationFailed = 3;
    private const int SolverAllocationFailed = 2;

    /// <summary>CUBLAS_STATUS_EXECUTION_FAILED is 13: the context is lost.</summary>
    private const int BlasExecutionFailed = 13;

    /// <summary>The exception of a code of cuBLAS.</summary>
    public static Exception OfLibrary(string call, int code, string text)
    {
        CudaException failure = new(call, code, text) { IsDeviceLost = code == BlasExecutionFailed };
        return code == BlasAllocationFailed ? new InsufficientMemoryException(failure.Message) : failure;
    }

    /// <summary>The exception of a code of cuSOLVER, which has no function that names it.</summary>
    public static Exception OfSolver(string call, int code)
    {
        CudaException failure = new(call, code, SolverText(code));
        return code == SolverAllocationFailed ? new InsufficientMemoryException(failure.Message) : failure;
    }

    private static string SolverText(int code) => code switch
    {
        1 => "CUSOLVER_STATUS_NOT_INITIALIZED",
        SolverAllocationFailed => "CUSOLVER_STATUS_ALLOC_FAILED",
        3 => "CUSOLVER_STATUS_INVALID_VALUE",
        4 => "CUSOLVER_STATUS_ARCH_MISMATCH",
        5 => "CUSOLVER_STATUS_MAPPING_ERROR",
        6 => "CUSOLVER_STATUS_EXECUTION_FAILED",
        7 => "CUSOLVER_STATUS_INTERNAL_ERROR",
        8 => "CUSOLVER_STATUS_MATRIX_TYPE_NOT_SUPPORTED",
        9 => "CUSOLVER_STATUS_NOT_SUPPORTED",
        _ => "a code that is not in cusolver_common.h of CUDA 11.8",
    };
}
