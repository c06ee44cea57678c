using System.Globalization;

namespace VemKernels.Data;

/// <summary>The element type of a .npy array.</summary>
/// <param name="Kind">Numbers or text.</param>
/// <param name="Element">The type of number; meaningless for text.</param>
/// <param name="ItemSize">Bytes of one element.</param>
/// <param name="IsBigEndian">Whether the first byte of a number is its highest.</param>
public readonly record struct NpyDType(NpyKind Kind, ElementType Element, int ItemSize, bool IsBigEndian)
{
    /// <summary>Bytes of one character of <see cref="NpyKind.Unicode"/> text (UTF-32).</summary>
    internal const int UnicodeBytes = 4;

    /// <summary>Whether the byte order of its numbers is not this machine's.</summary>
    internal bool IsSwapped => ItemSize > 1 && IsBigEndian == BitConverter.IsLittleEndian;

    /// <summary>The type in this machine's byte order that holds T.</summary>
    /// <exception cref="NotSupportedException">.npy files do not hold T.</exception>
    public static NpyDType Of<T>()
        where T : unmanaged => Of(ElementTypes.Of<T>());

    /// <summary>The type of numbers in this machine's byte order.</summary>
    public static NpyDType Of(ElementType element) =>
        new(NpyKind.Number, element, element.Size(), !BitConverter.IsLittleEndian);

    /// <summary>The type of text of so many characters, in this machine's byte order.</summary>
    internal static NpyDType OfText(int characters) =>
        new(NpyKind.Unicode, default, characters * UnicodeBytes, !BitConverter.IsLittleEndian);

    /// <summary>numpy's type string: "&lt;f4".</summary>
    public string Descr
    {
        get
        {
            bool hasNoOrder = Kind == NpyKind.ByteString || (Kind == NpyKind.Number && ItemSize == 1);
            char order = hasNoOrder ? '|' : IsBigEndian ? '>' : '<';
            return Kind switch
            {
                NpyKind.Unicode => $"{order}U{ItemSize / UnicodeBytes}",
                NpyKind.ByteString => $"{order}S{ItemSize}",
                _ => $"{order}{TypeLetter(Element)}{ItemSize}",
            };
        }
    }

    /// <summary>As messages write it: "float32", "big-endian int16", "text of 77 characters".</summary>
    public override string ToString() => Kind switch
    {
        NpyKind.Unicode => $"text of {ItemSize / UnicodeBytes} characters",
        NpyKind.ByteString => $"text of {ItemSize} bytes",
        _ => IsBigEndian && ItemSize > 1 ? $"big-endian {Element.Name()}" : Element.Name(),
    };

    /// <summary>Parses numpy's type string.</summary>
    /// <exception cref="DataFormatException">It is a type that we do not read; the message says which.</exception>
    internal static NpyDType Parse(string descr, string file)
    {
        bool hasOrder = descr.Length > 0 && descr[0] is '<' or '>' or '|' or '=';
        char order = hasOrder ? descr[0] : '=';
        ReadOnlySpan<char> body = descr.AsSpan(hasOrder ? 1 : 0);
        if (body is "?")
        {
            return Of(ElementType.Bool);
        }

        if (body is "O" || body.StartsWith("O8") || body.StartsWith("O4"))
        {
            throw new DataFormatException(file, "holds Python objects (dtype object); save it as numbers");
        }

        bool bigEndian = order == '>' || (order != '<' && !BitConverter.IsLittleEndian);
        if (body.Length > 1 && int.TryParse(body[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int size))
        {
            if (body[0] == 'S')
            {
                return new(NpyKind.ByteString, default, size, bigEndian);
            }

            if (body[0] == 'U' && size <= int.MaxValue / UnicodeBytes)
            {
                return new(NpyKind.Unicode, default, size * UnicodeBytes, bigEndian);
            }

            foreach (ElementType element in Enum.GetValues<ElementType>())
            {
                if (element.Size() == size && TypeLetter(element) == body[0])
                {
                    return new(NpyKind.Number, element, size, bigEndian);
                }
            }
        }

        throw new DataFormatException(
            file, $"dtype '{descr}' is not supported; expected bool, integers, float16, float32, float64 or text");
    }

    private static char TypeLetter(ElementType element) => element switch
    {
        ElementType.Bool => 'b',
        ElementType.Float16 or ElementType.Float32 or ElementType.Float64 => 'f',
        ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 or ElementType.UInt64 => 'u',
        _ => 'i',
    };
}
