using System.Numerics;

namespace VemKernels.Kernels.Tests.Contract;

/// <summary>Relative spacing of the element types.</summary>
internal static class Precision
{
    /// <summary>2^-52: of double.</summary>
    public const double DoubleEpsilon = 2.220446049250313e-16;

    /// <summary>2^-23: of float.</summary>
    public const double SingleEpsilon = 1.1920928955078125e-7;

    public static double Epsilon<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? SingleEpsilon : DoubleEpsilon;
}
