using System.Buffers.Binary;
using NUnit.Framework;

namespace VemKernels.Data.Tests;

internal sealed class NpyArrayTests : FileTests
{
    private static readonly double[] Count24 = [.. Enumerable.Range(0, 24).Select(i => (double)i)];

    [Test]
    public void Leading_indices_choose_a_matrix_a_column_or_an_element()
    {
        using NpyArray array = NpyArray.From<double>(Count24, 2, 3, 4);
        using Matrix<double> second = array.ToMatrix<double>(1);
        using Matrix<float> row = array.ToMatrix<float>(1, 2);
        using Matrix<double> element = array.ToMatrix<double>(1, 2, 3);
        Assert.That((second.Rows, second.Columns), Is.EqualTo(((nint)3, (nint)4)));
        Assert.That(Values(second.View), Is.EqualTo(Count24[12..]));
        Assert.That((row.Rows, row.Columns), Is.EqualTo(((nint)4, (nint)1)));
        Assert.That(Values(row.View), Is.EqualTo(new float[] { 20, 21, 22, 23 }));
        Assert.That(element[0, 0], Is.EqualTo(23));
        Assert.Throws<ArgumentOutOfRangeException>(() => array.ToMatrix<double>(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => array.ToMatrix<double>(0, 0, 0, 0));
        Assert.Throws<DataFormatException>(() => array.ToMatrix<double>());
    }

    [Test]
    public void Fortran_order_of_three_dimensions_comes_out_in_C_order()
    {
        byte[] data = new byte[24];
        for (int x = 0; x < 2; x++)
        {
            for (int y = 0; y < 3; y++)
            {
                for (int z = 0; z < 4; z++)
                {
                    data[x + (2 * (y + (3 * z)))] = (byte)((((x * 3) + y) * 4) + z);
                }
            }
        }

        WriteBytes("a.npy", NpyBytes.Make("|u1", "(2, 3, 4)", data, fortran: true));
        using NpyArray array = NpyFile.Open(At("a.npy"));
        using Matrix<double> second = array.ToMatrix<double>(1);
        Assert.That(array.ToDoubles(), Is.EqualTo(Count24));
        Assert.That(array.ToInts(), Is.EqualTo(Array.ConvertAll(Count24, v => (long)v)));
        Assert.That(Values(second.View), Is.EqualTo(Count24[12..]));

        NpyFile.WriteArray(At("b.npy"), array);
        using NpyArray copy = NpyFile.Open(At("b.npy"));
        Assert.That(copy.Header.FortranOrder, Is.True);
        Assert.That(copy.ToDoubles(), Is.EqualTo(Count24));
    }

    [Test]
    public void Integers_beyond_the_precision_of_double_are_exact()
    {
        using NpyArray array = NpyArray.From<long>([long.MaxValue, long.MinValue + 1], 2);
        Assert.That(array.ToInts(), Is.EqualTo(new[] { long.MaxValue, long.MinValue + 1 }));
        using NpyArray unsigned = NpyArray.From<ulong>([ulong.MaxValue], 1);
        Assert.Throws<DataFormatException>(() => unsigned.ToInts());
        using NpyArray reals = NpyArray.From<double>([1.5], 1);
        Assert.Throws<DataFormatException>(() => reals.ToInts());
    }

    [TestCase("")]
    [TestCase("{\"é\": \"\U0001F9E0\"}")]
    public void Text_comes_back(string text)
    {
        using NpyArray array = NpyArray.FromText(text);
        Assert.That(array.ToText(), Is.EqualTo(text));
        Assert.Throws<DataFormatException>(() => array.ToDoubles());
    }

    [Test]
    public void Text_of_either_byte_order_and_bytes_are_read()
    {
        byte[] bigEndian = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(bigEndian, 'o');
        BinaryPrimitives.WriteInt32BigEndian(bigEndian.AsSpan(4), 'k');
        WriteBytes("u.npy", NpyBytes.Make(">U3", "()", bigEndian));
        WriteBytes("s.npy", NpyBytes.Make("|S4", "()", "ok\0\0"u8));
        using NpyArray unicode = NpyFile.Open(At("u.npy"));
        using NpyArray bytes = NpyFile.Open(At("s.npy"));
        Assert.That(unicode.ToText(), Is.EqualTo("ok"));
        Assert.That(bytes.ToText(), Is.EqualTo("ok"));
        using NpyArray numbers = NpyArray.From<double>([1], 1);
        Assert.Throws<DataFormatException>(() => numbers.ToText());
    }

    [Test]
    public void Arrays_without_elements_are_empty()
    {
        using NpyArray array = NpyArray.From<double>([], 3, 0, 2);
        Assert.That(array.ToDoubles(), Is.Empty);
        Assert.That(array.Shape, Is.EqualTo(new nint[] { 3, 0, 2 }));
    }

    [Test]
    public void A_shape_of_another_size_is_refused() =>
        Assert.Throws<ArgumentException>(() => NpyArray.From<double>([1, 2, 3], 2, 2));
}
