namespace VemKernels;

/// <summary>The rounding of an element type.</summary>
public static class Precision
{
    /// <summary>Distance from 1 to the next larger number: 2^-23 or 2^-52.</summary>
    public static double Epsilon<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? 1.1920928955078125e-7 : 2.220446049250313e-16;
}
