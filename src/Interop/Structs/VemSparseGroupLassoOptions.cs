using System.Runtime.InteropServices;

namespace VemKernels.Interop;

/// <summary>vem_sparse_group_lasso_options of the header, which says what the fields mean.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VemSparseGroupLassoOptions
{
    public long Size;
    public double* L21;
    public long L21Count;
    public double* L1;
    public long L1Count;
    public int* Groups;
    public long GroupsCount;
    public double Tolerance;
    public double Lipschitz;
    public long MemoryBytes;
    public int MaxIterations;
    public int Momentum;
    public int NegativeGroups;
    public int Gradient;
    public int FitIntercept;
    public int Score;
    public int CheckFinite;
    public int Reserved;
}
