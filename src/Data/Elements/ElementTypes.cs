namespace VemKernels.Data;

/// <summary>What is to be known about each <see cref="ElementType"/>.</summary>
public static class ElementTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.Bool or ElementType.Int8 or ElementType.UInt8 => sizeof(byte),
        ElementType.Int16 or ElementType.UInt16 or ElementType.Float16 => sizeof(short),
        ElementType.Int32 or ElementType.UInt32 or ElementType.Float32 => sizeof(int),
        ElementType.Int64 or ElementType.UInt64 or ElementType.Float64 => sizeof(long),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>Its name as numpy writes it: "float32".</summary>
    public static string Name(this ElementType type) => type.ToString().ToLowerInvariant();

    /// <summary>Whether its values are integers (bool included).</summary>
    public static bool IsInteger(this ElementType type) =>
        type is not (ElementType.Float16 or ElementType.Float32 or ElementType.Float64);

    /// <summary>The element type of a C# type.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static ElementType Of<T>()
        where T : unmanaged => Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.Boolean => ElementType.Bool,
            TypeCode.SByte => ElementType.Int8,
            TypeCode.Byte => ElementType.UInt8,
            TypeCode.Int16 => ElementType.Int16,
            TypeCode.UInt16 => ElementType.UInt16,
            TypeCode.Int32 => ElementType.Int32,
            TypeCode.UInt32 => ElementType.UInt32,
            TypeCode.Int64 => ElementType.Int64,
            TypeCode.UInt64 => ElementType.UInt64,
            TypeCode.Single => ElementType.Float32,
            TypeCode.Double => ElementType.Float64,
            _ when typeof(T) == typeof(Half) => ElementType.Float16,
            _ => throw new NotSupportedException($"Data files do not hold {typeof(T).Name}."),
        };
}
