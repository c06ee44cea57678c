using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VemKernels.Simd;

/// <summary>The instruction sets that this backend has code for.</summary>
public enum InstructionSet
{
    /// <summary>128-bit vectors of whatever machine it is, or of none.</summary>
    Vector128,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2,

    /// <summary>512-bit vectors, 32 registers, masks.</summary>
    Avx512,
}

/// <summary>What the running machine (and the runtime's own switches, such as DOTNET_EnableAVX512=0) offer.</summary>
public static class InstructionSets
{
    /// <summary>The best instruction set at hand.</summary>
    public static InstructionSet Best =>
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? InstructionSet.Avx512
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? InstructionSet.Avx2
        : InstructionSet.Vector128;
}
