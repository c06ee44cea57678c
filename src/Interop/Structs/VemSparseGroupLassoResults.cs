using System.Runtime.InteropServices;

namespace VemKernels.Interop;

/// <summary>vem_sparse_group_lasso_results of the header, which says what the fields mean.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VemSparseGroupLassoResults
{
    public long Size;
    public VemMatrix Weights;
    public VemMatrix Intercept;
    public VemMatrix CvScores;
    public VemMatrix BestL21;
    public VemMatrix BestL1;
    public int* BestCandidates;
    public int* Iterations;
    public int* Converged;
    public double* Lipschitz;
}
