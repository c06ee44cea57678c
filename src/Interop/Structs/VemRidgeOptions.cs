using System.Runtime.InteropServices;

namespace VemKernels.Interop;

/// <summary>vem_ridge_options of the header, which says what the fields mean.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VemRidgeOptions
{
    public long Size;
    public double* Alphas;
    public long AlphasCount;
    public double* SampleWeights;
    public long SampleWeightsCount;
    public long MemoryBytes;
    public int Solver;
    public int FitIntercept;
    public int CheckFinite;
    public int Reserved;
}
