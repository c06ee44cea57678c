using System.Runtime.InteropServices;

namespace VemKernels.Interop;

/// <summary>vem_kernel_parameters of the header, which says what the fields mean.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VemKernelParameters
{
    public long Size;
    public double Gamma;
    public double Coef0;
    public double Degree;
    public int CheckFinite;
    public int Reserved;
}
