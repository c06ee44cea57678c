using System.Runtime.InteropServices;

namespace VemKernels.Interop;

/// <summary>vem_hyper_gradient_results of the header, which says what the fields mean.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VemHyperGradientResults
{
    public long Size;
    public VemMatrix Deltas;
    public VemMatrix CvScores;
    public VemMatrix DualWeights;
    public VemMatrix PrimalWeights;
    public VemMatrix Intercept;
    public int* Iterations;
}
