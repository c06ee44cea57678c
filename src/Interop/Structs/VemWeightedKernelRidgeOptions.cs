using System.Runtime.InteropServices;

namespace VemKernels.Interop;

/// <summary>vem_weighted_kernel_ridge_options of the header, which says what the fields mean.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VemWeightedKernelRidgeOptions
{
    public long Size;
    public double* Alphas;
    public long AlphasCount;
    public double* SampleWeights;
    public long SampleWeightsCount;
    public double* StepSizes;
    public long StepSizesCount;
    public double* LipschitzConstants;
    public long LipschitzConstantsCount;
    public double* NeumannFactors;
    public long NeumannFactorsCount;
    public double Tolerance;
    public long MaxIterations;
    public long Seed;
    public long MemoryBytes;
    public int Solver;
    public int FitIntercept;
    public int DoubleK;
    public int CheckFinite;
}
