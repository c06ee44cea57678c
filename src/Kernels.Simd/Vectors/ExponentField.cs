namespace VemKernels.Simd;

/// <summary>
/// Writing a whole number into the exponent of a floating-point number without a conversion to integers (which AVX2
/// lacks for double): the sum of n, the bias of the exponent and 1.5 2^(bits of the mantissa) holds n + bias in its
/// lowest bits; shifted left by the bits of the mantissa they are the exponent, and all that stood above them is gone.
/// </summary>
internal static class ExponentField
{
    /// <summary>Bits of the mantissa.</summary>
    public const int ShiftSingle = 23;

    /// <summary>Bits of the mantissa.</summary>
    public const int ShiftDouble = 52;

    /// <summary>
    /// 1.5 2^23: a float whose unit in the last place is 1, so that adding it rounds to a whole number.
    /// </summary>
    public const float ShifterSingle = 12582912;

    /// <summary>1.5 2^52, the same for double.</summary>
    public const double ShifterDouble = 6755399441055744;

    /// <summary>The shifter and the bias of the exponent, 127.</summary>
    public const float BiasedShifterSingle = ShifterSingle + 127;

    /// <summary>The shifter and the bias of the exponent, 1023.</summary>
    public const double BiasedShifterDouble = ShifterDouble + 1023;
}
