using System.Buffers.Binary;

namespace VemKernels.Data.Tests;

/// <summary>
/// Hand-made NIfTI-1 files: offsets as nifti1.h gives them, written out again so that the layout of the library is
/// checked.
/// </summary>
internal static class NiftiBytes
{
    public const int HeaderBytes = 352;
    public const int MagicOffset = 344;
    public const int DataTypeOffset = 70;
    public const int DimOffset = 40;
    public const int VoxOffsetOffset = 108;

    public static byte[] Make(
        short dataType, short[] dimensions, ReadOnlySpan<byte> data, bool bigEndian = false, float slope = 0, float intercept = 0)
    {
        byte[] bytes = new byte[HeaderBytes + data.Length];
        Int32(bytes, 0, 348, bigEndian);
        Int16(bytes, DimOffset, (short)dimensions.Length, bigEndian);
        for (int i = 0; i < 7; i++)
        {
            Int16(bytes, DimOffset + 2 + (2 * i), i < dimensions.Length ? dimensions[i] : (short)1, bigEndian);
        }

        Int16(bytes, DataTypeOffset, dataType, bigEndian);
        for (int i = 0; i < 8; i++)
        {
            Single(bytes, 76 + (4 * i), i + 1, bigEndian);
        }

        Single(bytes, VoxOffsetOffset, HeaderBytes, bigEndian);
        Single(bytes, 112, slope, bigEndian);
        Single(bytes, 116, intercept, bigEndian);
        "n+1\0"u8.CopyTo(bytes.AsSpan(MagicOffset));
        data.CopyTo(bytes.AsSpan(HeaderBytes));
        return bytes;
    }

    public static void Int16(byte[] bytes, int offset, short value, bool bigEndian = false)
    {
        Span<byte> field = bytes.AsSpan(offset);
        BinaryPrimitives.WriteInt16LittleEndian(field, bigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
    }

    public static void Int32(byte[] bytes, int offset, int value, bool bigEndian = false)
    {
        Span<byte> field = bytes.AsSpan(offset);
        BinaryPrimitives.WriteInt32LittleEndian(field, bigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
    }

    public static void Single(byte[] bytes, int offset, float value, bool bigEndian = false) =>
        Int32(bytes, offset, BitConverter.SingleToInt32Bits(value), bigEndian);
}
