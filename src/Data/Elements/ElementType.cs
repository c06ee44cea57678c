namespace VemKernels.Data;

/// <summary>The kinds of number that data files hold.</summary>
public enum ElementType
{
    /// <summary>A byte that is 0 or 1.</summary>
    Bool,

    /// <summary>8-bit signed integer.</summary>
    Int8,

    /// <summary>8-bit unsigned integer.</summary>
    UInt8,

    /// <summary>16-bit signed integer.</summary>
    Int16,

    /// <summary>16-bit unsigned integer.</summary>
    UInt16,

    /// <summary>32-bit signed integer.</summary>
    Int32,

    /// <summary>32-bit unsigned integer.</summary>
    UInt32,

    /// <summary>64-bit signed integer.</summary>
    Int64,

    /// <summary>64-bit unsigned integer.</summary>
    UInt64,

    /// <summary>Half precision.</summary>
    Float16,

    /// <summary>Single precision.</summary>
    Float32,

    /// <summary>Double precision.</summary>
    Float64,
}
