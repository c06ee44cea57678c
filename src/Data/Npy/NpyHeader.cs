using System.Buffers.Binary;
using System.Text;

namespace VemKernels.Data;

/// <summary>The header of a .npy file, format versions 1.0, 2.0 and 3.0.</summary>
/// <remarks>
/// Layout (numpy.lib.format): six bytes \x93NUMPY, two bytes version, the header's length (2 bytes in version 1, else
/// 4, little-endian), then a Python dictionary literal with the keys descr, fortran_order and shape (Latin-1; UTF-8 in
/// version 3), padded with blanks and ended by a line feed.
/// </remarks>
public sealed class NpyHeader
{
    private const int VersionOffset = 6;
    private const int LengthOffset = 8;
    private const int WrittenAlignment = 64;

    /// <summary>No header of an unstructured array is near this long: a longer one is damage.</summary>
    private const int MaxHeaderBytes = 1 << 20;

    private const byte Utf8Version = 3;

    private NpyHeader(NpyDType type, nint[] shape, bool fortranOrder, long dataOffset)
    {
        Type = type;
        Shape = shape;
        FortranOrder = fortranOrder;
        DataOffset = dataOffset;
    }

    /// <summary>
    /// Makes the header of a file to be written in C order; the data follow at a multiple of 64 bytes.
    /// </summary>
    /// <param name="type">The element type.</param>
    /// <param name="shape">Length of each dimension.</param>
    public NpyHeader(NpyDType type, params ReadOnlySpan<nint> shape)
        : this(type, shape.ToArray(), fortranOrder: false, dataOffset: 0)
    {
        DataOffset = ToBytes().Length;
    }

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The element type.</summary>
    public NpyDType Type { get; }

    /// <summary>Length of each dimension; empty for a scalar.</summary>
    public IReadOnlyList<nint> Shape { get; }

    /// <summary>Whether the first index, not the last, varies fastest.</summary>
    public bool FortranOrder { get; }

    /// <summary>Where the data begin, in bytes from the start of the file.</summary>
    public long DataOffset { get; }

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, length) => checked(product * length));

    /// <summary>Bytes of all elements.</summary>
    public long DataBytes => checked(Count * Type.ItemSize);

    /// <summary>Reads a header from the start of a stream, and leaves the stream at the data.</summary>
    /// <param name="stream">The file's contents.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="DataFormatException">
    /// It is not the header of a .npy file, or of one that we do not read.
    /// </exception>
    public static NpyHeader Read(Stream stream, string file)
    {
        byte[] start = ReadBytes(stream, LengthOffset, file);
        if (!start.AsSpan(0, Magic.Length).SequenceEqual(Magic))
        {
            throw new DataFormatException(file, "not a .npy file (it does not begin with \\x93NUMPY)");
        }

        byte version = start[VersionOffset];
        if (version is < 1 or > Utf8Version)
        {
            throw new DataFormatException(
                file,
                $".npy format version {version}.{start[VersionOffset + 1]} is not supported; 1.0, 2.0 and 3.0 are");
        }

        byte[] lengthBytes = ReadBytes(stream, version == 1 ? sizeof(ushort) : sizeof(uint), file);
        uint length = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > MaxHeaderBytes)
        {
            throw new DataFormatException(file, $"damaged: its header claims to be {length:N0} bytes long");
        }

        byte[] text = ReadBytes(stream, (int)length, file);
        Encoding encoding = version == Utf8Version ? Encoding.UTF8 : Encoding.Latin1;
        (NpyDType type, nint[] shape, bool fortranOrder) = new NpyHeaderParser(encoding.GetString(text), file).Parse();
        RequireAddressable(type, shape, file);
        return new(type, shape, fortranOrder, LengthOffset + lengthBytes.Length + text.Length);
    }

    /// <summary>
    /// The bytes of a header in format version 1.0, padded so that the data begin at a multiple of 64.
    /// </summary>
    public byte[] ToBytes()
    {
        string shape = Shape.Count == 1 ? $"({Shape[0]},)" : $"({string.Join(", ", Shape)})";
        string order = FortranOrder ? "True" : "False";
        string text = $"{{'descr': '{Type.Descr}', 'fortran_order': {order}, 'shape': {shape}, }}";
        int prefix = LengthOffset + sizeof(ushort);
        int total = (prefix + text.Length + 1 + WrittenAlignment - 1) / WrittenAlignment * WrittenAlignment;
        byte[] bytes = new byte[total];
        bytes.AsSpan().Fill((byte)' ');
        Magic.CopyTo(bytes);
        bytes[VersionOffset] = 1;
        bytes[VersionOffset + 1] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(LengthOffset), checked((ushort)(total - prefix)));
        Encoding.Latin1.GetBytes(text, bytes.AsSpan(prefix));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    /// <summary>Requires that the data are there.</summary>
    /// <param name="available">How many bytes follow the header.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="DataFormatException">There are fewer than the header says.</exception>
    internal void RequireData(long available, string file)
    {
        if (available < DataBytes)
        {
            throw new DataFormatException(
                file,
                $"truncated: the header says {ShapeText.Of(Shape)} {Type} ({DataBytes:N0} bytes), "
                + $"the file holds {Math.Max(0, available):N0}");
        }
    }

    private static void RequireAddressable(NpyDType type, nint[] shape, string file)
    {
        try
        {
            nint bytes = type.ItemSize;
            foreach (nint length in shape)
            {
                bytes = checked(bytes * length);
            }
        }
        catch (OverflowException exception)
        {
            throw new DataFormatException(
                file, $"damaged: its shape {ShapeText.Of(shape)} does not fit in any memory", exception);
        }
    }

    private static byte[] ReadBytes(Stream stream, int count, string file)
    {
        byte[] bytes = new byte[count];
        if (stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false) < count)
        {
            throw new DataFormatException(file, "truncated: it ends inside the .npy header");
        }

        return bytes;
    }
}
