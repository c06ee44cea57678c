using System.Runtime.InteropServices;

namespace VemKernels.Interop;

/// <summary>vem_hyper_gradient_options of the header, which says what the fields mean.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VemHyperGradientOptions
{
    public long Size;
    public double* CgTolerances;
    public long CgTolerancesCount;
    public delegate* unmanaged[Cdecl]<void*, VemMatrix*, VemMatrix*, double*, int> ScoreFunction;
    public void* ScoreUser;
    public double Tolerance;
    public double InitialDelta;
    public long MemoryBytes;
    public long Seed;
    public int MaxIterations;
    public int MaxInnerDualIterations;
    public int MaxInnerHyperIterations;
    public int Method;
    public int InnerMethod;
    public int Initial;
    public int Score;
    public int FitIntercept;
    public int CheckFinite;
    public int Reserved;
}
