using System.Buffers.Binary;
using NUnit.Framework;

namespace VemKernels.Data.Tests;

internal sealed class NpyFileTests : FileTests
{
    /// <summary>numpy: save(asfortranarray(arange(6).reshape(2, 3) - 2), big-endian int16), gzipped.</summary>
    private const string BigEndianFortran =
        "H4sIAAAAAAACA5vsF+obEMnIUMZQrZ6SWpxcpG6loG6XaaSuo6Cell9UUpSYF59flJIKEg8pKk0FChdnJBakArkaRjoKxpo6CrUK5AOu//8YGP//Z2BiYGBg"
        + "BgDxyA0cjAAAAA==";

    /// <summary>numpy: array([1.5, -2, nan], float16) in format version 3.0, gzipped.</summary>
    private const string HalfVersion3 =
        "H4sIAAAAAAACA5vsF+obEMnMUMLAwFCtnpJanFykbqWgbpNmpK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaxjqaOgq1CmQDLgY7hgMMdQB3a+0U"
        + "hgAAAA==";

    [Test]
    public void A_matrix_comes_back_as_it_was_written([Values] bool transposed)
    {
        Random random = new(1);
        using Matrix<float> matrix = new(37, 1000);
        for (nint i = 0; i < matrix.Rows; i++)
        {
            for (nint j = 0; j < matrix.Columns; j++)
            {
                matrix[i, j] = random.NextSingle();
            }
        }

        MatrixView<float> view = transposed ? matrix.View.Transposed : matrix.View.Block(3, 5, 30, 900);
        NpyFile.Write(At("a.npy"), view);
        using Matrix<float> floats = NpyFile.Read<float>(At("a.npy"));
        using Matrix<double> doubles = NpyFile.Read<double>(At("a.npy"));
        Assert.That((floats.Rows, floats.Columns), Is.EqualTo((view.Rows, view.Columns)));
        Assert.That(Values(floats.View), Is.EqualTo(Values(view)));
        Assert.That(Values(doubles.View), Is.EqualTo(Array.ConvertAll(Values(view), v => (double)v)));
    }

    [Test]
    public void Written_bytes_are_what_numpy_writes()
    {
        NpyFile.WriteVector<long>(At("a.npy"), [3, -1]);
        byte[] written = File.ReadAllBytes(At("a.npy"));
        string header = "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }".PadRight(117) + "\n";
        Assert.That(
            written, Is.EqualTo(NpyBytes.MakeRaw(header, [3, 0, 0, 0, 0, 0, 0, 0, .. BitConverter.GetBytes(-1L)])));
        Assert.That((written.Length - 16) % 64, Is.Zero);
    }

    [Test]
    public void A_vector_is_read_as_a_column_and_a_scalar_as_one_element()
    {
        NpyFile.WriteVector<int>(At("vector.npy"), [5, 6, 7]);
        using Matrix<float> vector = NpyFile.Read<float>(At("vector.npy"));
        Assert.That((vector.Rows, vector.Columns), Is.EqualTo(((nint)3, (nint)1)));
        Assert.That(Values(vector.View), Is.EqualTo(new float[] { 5, 6, 7 }));

        WriteBytes("scalar.npy", NpyBytes.Make("<f8", "()", BitConverter.GetBytes(2.5)));
        using Matrix<double> scalar = NpyFile.Read<double>(At("scalar.npy"));
        Assert.That((scalar.Rows, scalar.Columns, scalar[0, 0]), Is.EqualTo(((nint)1, (nint)1, 2.5)));
    }

    [Test]
    public void An_empty_matrix_keeps_its_shape()
    {
        using Matrix<double> empty = new(0, 5);
        NpyFile.Write(At("a.npy"), empty.View);
        using Matrix<double> read = NpyFile.Read<double>(At("a.npy"));
        Assert.That((read.Rows, read.Columns), Is.EqualTo(((nint)0, (nint)5)));
        using MappedNpy<double> mapped = new(At("a.npy"));
        Assert.That(mapped.View.Columns, Is.EqualTo((nint)5));
    }

    [Test]
    public void Files_of_numpy_in_Fortran_order_and_big_endian_are_read()
    {
        WriteBytes("a.npy", Gunzip(BigEndianFortran));
        using Matrix<double> matrix = NpyFile.Read<double>(At("a.npy"));
        Assert.That(Values(matrix.View), Is.EqualTo(new double[] { -2, -1, 0, 1, 2, 3 }));
        Assert.That((matrix.Rows, matrix.Columns), Is.EqualTo(((nint)2, (nint)3)));
    }

    [Test]
    public void Format_version_3_and_half_precision_are_read()
    {
        WriteBytes("a.npy", Gunzip(HalfVersion3));
        using Matrix<float> matrix = NpyFile.Read<float>(At("a.npy"));
        Assert.That(Values(matrix.View), Is.EqualTo(new[] { 1.5f, -2, float.NaN }));
    }

    [Test]
    public void Format_version_2_is_read()
    {
        WriteBytes("a.npy", NpyBytes.MakeRaw("{'descr': '|u1', 'fortran_order': False, 'shape': (2L, 1L)}", [7, 255], version: 2));
        using Matrix<float> matrix = NpyFile.Read<float>(At("a.npy"));
        Assert.That(Values(matrix.View), Is.EqualTo(new float[] { 7, 255 }));
    }

    [TestCase("|b1", new byte[] { 1 }, 1)]
    [TestCase("?", new byte[] { 1 }, 1)]
    [TestCase("|i1", new byte[] { 0xFE }, -2)]
    [TestCase("|u1", new byte[] { 0xFE }, 254)]
    [TestCase("<i2", new byte[] { 0xFE, 0xFF }, -2)]
    [TestCase(">i2", new byte[] { 0xFF, 0xFE }, -2)]
    [TestCase("<u2", new byte[] { 0xFE, 0xFF }, 65534)]
    [TestCase(">u2", new byte[] { 0xFF, 0xFE }, 65534)]
    [TestCase("<i4", new byte[] { 0, 0, 1, 0 }, 65536)]
    [TestCase(">i4", new byte[] { 0, 1, 0, 0 }, 65536)]
    [TestCase("<u4", new byte[] { 0, 0, 0, 0x80 }, 2147483648)]
    [TestCase(">u4", new byte[] { 0x80, 0, 0, 0 }, 2147483648)]
    [TestCase("<i8", new byte[] { 0, 0, 0, 0, 1, 0, 0, 0 }, 4294967296)]
    [TestCase(">i8", new byte[] { 0, 0, 0, 1, 0, 0, 0, 0 }, 4294967296)]
    [TestCase("<u8", new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 }, 9223372036854775808)]
    [TestCase(">u8", new byte[] { 0x80, 0, 0, 0, 0, 0, 0, 0 }, 9223372036854775808)]
    [TestCase("<f2", new byte[] { 0, 0xC1 }, -2.5)]
    [TestCase(">f2", new byte[] { 0xC1, 0 }, -2.5)]
    [TestCase("<f4", new byte[] { 0, 0, 0x20, 0xC0 }, -2.5)]
    [TestCase(">f4", new byte[] { 0xC0, 0x20, 0, 0 }, -2.5)]
    [TestCase("<f8", new byte[] { 0, 0, 0, 0, 0, 0, 4, 0xC0 }, -2.5)]
    [TestCase(">f8", new byte[] { 0xC0, 4, 0, 0, 0, 0, 0, 0 }, -2.5)]
    public void Every_type_of_number_is_converted(string descr, byte[] element, double value)
    {
        WriteBytes("a.npy", NpyBytes.Make(descr, "(1, 2)", [.. element, .. element]));
        using Matrix<double> doubles = NpyFile.Read<double>(At("a.npy"));
        using Matrix<float> floats = NpyFile.Read<float>(At("a.npy"));
        using NpyTargetSource<double> source = new(At("a.npy"));
        using Matrix<double> tile = new(1, 1);
        source.Read(1, tile.View);
        Assert.That(Values(doubles.View), Is.EqualTo(new[] { value, value }));
        Assert.That(Values(floats.View), Is.EqualTo(new[] { (float)value, (float)value }));
        Assert.That(tile[0, 0], Is.EqualTo(value));
    }

    [Test]
    public void Large_Fortran_order_is_transposed_block_by_block([Values("<f8", "<i4")] string descr)
    {
        const int Rows = 131;
        const int Columns = 197;
        bool isDouble = descr == "<f8";
        byte[] data = new byte[Rows * Columns * (isDouble ? sizeof(double) : sizeof(int))];
        for (int k = 0; k < Rows * Columns; k++)
        {
            if (isDouble)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(k * sizeof(double)), k);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(k * sizeof(int)), k);
            }
        }

        WriteBytes("a.npy", NpyBytes.Make(descr, $"({Rows}, {Columns})", data, fortran: true));
        using Matrix<double> matrix = NpyFile.Read<double>(At("a.npy"));
        double[] expected = [.. Enumerable.Range(0, Rows * Columns).Select(k => (double)((k % Columns * Rows) + (k / Columns)))];
        Assert.That(Values(matrix.View), Is.EqualTo(expected));
    }

    [Test]
    public void A_truncated_file_is_told_by_sizes()
    {
        string path = WriteBytes("a.npy", NpyBytes.Make("<f4", "(3000, 4000)", new byte[1234]));
        RequireProblem(
            path,
            () => NpyFile.Read<float>(path),
            "truncated: the header says 3000 x 4000 float32 (48,000,000 bytes), the file holds 1,234");
    }

    [TestCase("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "Python objects")]
    [TestCase("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "structured")]
    [TestCase("{'descr': '<c16', 'fortran_order': False, 'shape': (1,)}", "'<c16' is not supported")]
    [TestCase("{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (1,)}", "'<M8[ns]' is not supported")]
    [TestCase("{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}", "'<f16' is not supported")]
    [TestCase("{'descr': '', 'fortran_order': False, 'shape': (1,)}", "'' is not supported")]
    [TestCase("{'descr': '<U1', 'fortran_order': False, 'shape': (1,)}", "text of 1 characters where numbers are needed")]
    [TestCase("{'descr': '|S4', 'fortran_order': False, 'shape': (1,)}", "text of 4 bytes where numbers are needed")]
    [TestCase("{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 2)}", "3 dimensions, shape 1 x 2 x 2")]
    [TestCase("{'descr': '|u1', 'fortran_order': False}", "no shape")]
    [TestCase("{'fortran_order': False, 'shape': (1,)}", "no descr")]
    [TestCase("{'descr': '|u1', 'shape': (1,)}", "no fortran_order")]
    [TestCase("{'descr': '|u1', 'descr': '|u1'}", "unexpected key 'descr'")]
    [TestCase("{'descr': '|u1', 'extra': 3}", "unexpected key 'extra'")]
    [TestCase("{'descr': '|u1', 'fortran_order': 0, 'shape': (1,)}", "neither True nor False")]
    [TestCase("{'descr': '|u1', 'fortran_order': False, 'shape': (-1,)}", "tuple of lengths")]
    [TestCase("{'descr': '|u1', 'fortran_order': False, 'shape': 1}", "'(' was expected")]
    [TestCase("{'descr': '|u1', 'fortran_order': False, 'shape': (1,)} x", "something follows")]
    [TestCase("{'descr': '|u1', 'fortran_order': False, 'shape': (1,)", "'}' was expected")]
    [TestCase("{'descr: 3", "a quoted string was expected")]
    [TestCase("{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 3)}", "does not fit in any memory")]
    [TestCase("import os", "'{' was expected")]
    public void A_header_that_cannot_be_read_is_told_in_one_line(string header, string problem)
    {
        string path = WriteBytes("a.npy", NpyBytes.MakeRaw(header, new byte[64]));
        RequireProblem(path, () => NpyFile.Read<float>(path), problem);
    }

    [Test]
    public void Other_damage_is_told_in_one_line()
    {
        string path = WriteBytes("magic.npy", "hello, world"u8);
        RequireProblem(path, () => NpyFile.Read<float>(path), "not a .npy file");
        path = WriteBytes("empty.npy", []);
        RequireProblem(path, () => NpyFile.Read<float>(path), "is empty");
        path = WriteBytes("cut.npy", NpyBytes.Make("<f4", "(1,)", [0, 0, 0, 0]).AsSpan(0, 40));
        RequireProblem(path, () => NpyFile.Read<float>(path), "ends inside the .npy header");
        path = WriteBytes("short.npy", [0x93, (byte)'N']);
        RequireProblem(path, () => NpyFile.Read<float>(path), "ends inside the .npy header");
        path = WriteBytes("version.npy", NpyBytes.MakeRaw("{}", [], version: 4));
        RequireProblem(path, () => NpyFile.Read<float>(path), "version 4.0 is not supported");
        path = WriteBytes("long.npy", [0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255]);
        RequireProblem(path, () => NpyFile.Read<float>(path), "its header claims to be 4,294,967,295 bytes long");
        Directory.CreateDirectory(At("folder.npy"));
        RequireProblem(At("folder.npy"), () => NpyFile.Read<float>(At("folder.npy")), "is a folder");
    }

    [Test]
    public void A_missing_file_is_told_by_name()
    {
        FileNotFoundException exception = Assert.Throws<FileNotFoundException>(() => NpyFile.Read<float>(At("none.npy")))!;
        Assert.That(exception.Message, Is.EqualTo($"{At("none.npy")}: no such file"));
    }

    [Test]
    public void A_file_that_cannot_be_written_is_told_by_name()
    {
        using Matrix<float> matrix = new(1, 1);
        string path = At("none/a.npy");
        IOException exception = Assert.Throws<IOException>(() => NpyFile.Write(path, matrix.View))!;
        Assert.That(exception.Message, Does.StartWith($"{path}: cannot be written; there is no folder"));
    }
}
