using System.Buffers.Binary;

namespace VemKernels.Data;

/// <summary>The bytes of a NIfTI header as numbers of a given offset and width, in either byte order.</summary>
internal sealed class NiftiFields(byte[] bytes, bool bigEndian)
{
    /// <summary>Reads a signed integer of 1, 2, 4 or 8 bytes (one byte is unsigned).</summary>
    public long Integer(int offset, int width)
    {
        ReadOnlySpan<byte> field = bytes.AsSpan(offset, width);
        return (width, bigEndian) switch
        {
            (sizeof(byte), _) => field[0],
            (sizeof(short), false) => BinaryPrimitives.ReadInt16LittleEndian(field),
            (sizeof(short), true) => BinaryPrimitives.ReadInt16BigEndian(field),
            (sizeof(int), false) => BinaryPrimitives.ReadInt32LittleEndian(field),
            (sizeof(int), true) => BinaryPrimitives.ReadInt32BigEndian(field),
            (_, false) => BinaryPrimitives.ReadInt64LittleEndian(field),
            (_, true) => BinaryPrimitives.ReadInt64BigEndian(field),
        };
    }

    /// <summary>Reads a real of 4 or 8 bytes.</summary>
    public double Real(int offset, int width) => width == sizeof(float)
        ? BitConverter.Int32BitsToSingle((int)Integer(offset, width))
        : BitConverter.Int64BitsToDouble(Integer(offset, width));

    /// <summary>Reads consecutive reals.</summary>
    public double[] Reals(int offset, int width, int count)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = Real(offset + (i * width), width);
        }

        return values;
    }

    /// <summary>Writes an integer, little-endian whatever was read.</summary>
    public static void SetInteger(Span<byte> header, int offset, int width, long value)
    {
        Span<byte> field = header.Slice(offset, width);
        switch (width)
        {
            case sizeof(byte):
                field[0] = checked((byte)value);
                break;
            case sizeof(short):
                BinaryPrimitives.WriteInt16LittleEndian(field, checked((short)value));
                break;
            case sizeof(int):
                BinaryPrimitives.WriteInt32LittleEndian(field, checked((int)value));
                break;
            default:
                BinaryPrimitives.WriteInt64LittleEndian(field, value);
                break;
        }
    }

    /// <summary>Writes consecutive reals, little-endian.</summary>
    public static void SetReals(Span<byte> header, int offset, int width, params ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Span<byte> field = header.Slice(offset + (i * width), width);
            if (width == sizeof(float))
            {
                BinaryPrimitives.WriteSingleLittleEndian(field, (float)values[i]);
            }
            else
            {
                BinaryPrimitives.WriteDoubleLittleEndian(field, values[i]);
            }
        }
    }
}
