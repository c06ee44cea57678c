using NUnit.Framework;

namespace VemKernels.Data.Tests;

internal sealed class MappedNpyTests : FileTests
{
    [Test]
    public unsafe void What_a_writer_maps_a_reader_maps()
    {
        using (MappedNpyWriter<float> writer = new(At("a.npy"), 5, 7))
        {
            Assert.That((long)writer.View.Pointer % Matrix<float>.Alignment, Is.Zero);
            for (nint i = 0; i < 5; i++)
            {
                for (nint j = 0; j < 7; j++)
                {
                    writer.View[i, j] = (10 * i) + j;
                }
            }

            Assert.That(File.Exists(At("a.npy")), Is.False);
            writer.Commit();
            Assert.Throws<ObjectDisposedException>(() => _ = writer.View);
        }

        using MappedNpy<float> reader = new(At("a.npy"));
        using Matrix<float> read = NpyFile.Read<float>(At("a.npy"));
        Assert.That(reader.View[4, 6], Is.EqualTo(46));
        Assert.That(Values(reader.View), Is.EqualTo(Values(read.View)));
    }

    [Test]
    public void A_writer_that_is_not_committed_leaves_what_was_there()
    {
        NpyFile.WriteVector<float>(At("a.npy"), [1]);
        using (MappedNpyWriter<float> writer = new(At("a.npy"), 100, 100))
        {
            writer.View.Fill(3);
        }

        using Matrix<float> read = NpyFile.Read<float>(At("a.npy"));
        Assert.That(Values(read.View), Is.EqualTo(new float[] { 1 }));
        Assert.That(Directory.GetFiles(At("")), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_writer_of_an_empty_matrix_works()
    {
        using (MappedNpyWriter<double> writer = new(At("a.npy"), 3, 0))
        {
            writer.Commit();
        }

        using Matrix<double> read = NpyFile.Read<double>(At("a.npy"));
        Assert.That((read.Rows, read.Columns), Is.EqualTo(((nint)3, (nint)0)));
    }

    [Test]
    public void Fortran_order_is_mapped_through_strides()
    {
        byte[] data = [.. new float[] { 1, 2, 3, 4, 5, 6 }.SelectMany(BitConverter.GetBytes)];
        WriteBytes("a.npy", Aligned("<f4", "(2, 3)", data, fortran: true));
        using MappedNpy<float> mapped = new(At("a.npy"));
        Assert.That((mapped.View.RowStride, mapped.View.ColumnStride), Is.EqualTo(((nint)1, (nint)2)));
        Assert.That(Values(mapped.View), Is.EqualTo(new float[] { 1, 3, 5, 2, 4, 6 }));
        using NpyTargetSource<float> source = new(At("a.npy"));
        Assert.That(source.View, Is.Not.Null);
    }

    [Test]
    public void Other_types_and_byte_orders_are_not_mapped_but_converted_by_tiles()
    {
        byte[] data = [.. new float[] { 1, 2, 3, 4, 5, 6 }.SelectMany(v => BitConverter.GetBytes(v).Reverse())];
        string path = WriteBytes("a.npy", Aligned(">f4", "(2, 3)", data));
        RequireProblem(path, () => new MappedNpy<float>(path).Dispose(), "holds big-endian float32");
        using NpyTargetSource<float> source = new(path);
        using Matrix<float> tile = new(2, 2);
        source.Read(1, tile.View);
        Assert.That(source.View, Is.Null);
        Assert.That((source.Samples, source.Targets), Is.EqualTo(((nint)2, (nint)3)));
        Assert.That(Values(tile.View), Is.EqualTo(new float[] { 2, 3, 5, 6 }));
    }

    [Test]
    public void Data_at_an_odd_address_are_not_mapped_but_converted()
    {
        byte[] data = [.. new float[] { 1, 2 }.SelectMany(BitConverter.GetBytes)];
        string path = WriteBytes("a.npy", NpyBytes.MakeRaw(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}".PadRight(61), data));
        Assert.Throws<DataFormatException>(() => new MappedNpy<float>(path).Dispose());
        using NpyTargetSource<float> source = new(path);
        using Matrix<float> tile = new(2, 1);
        source.Read(0, tile.View);
        Assert.That(source.View, Is.Null);
        Assert.That(Values(tile.View), Is.EqualTo(new float[] { 1, 2 }));
    }

    [Test]
    public void A_source_of_its_own_type_is_the_mapping_itself()
    {
        using Matrix<double> matrix = Matrix<double>.From(2, 3, [1, 2, 3, 4, 5, 6]);
        NpyFile.Write(At("a.npy"), matrix.View);
        NpyTargetSource<double> source = new(At("a.npy"));
        using Matrix<double> tile = new(2, 1);
        source.Read(2, tile.View);
        Assert.That(Values(source.View!.Value), Is.EqualTo(Values(matrix.View)));
        Assert.That(Values(tile.View), Is.EqualTo(new double[] { 3, 6 }));
        source.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ = source.View);
        Assert.Throws<ObjectDisposedException>(() => source.Read(2, tile.View));
    }

    [Test]
    public void Files_of_more_dimensions_truncated_or_missing_are_refused()
    {
        string path = WriteBytes("a.npy", NpyBytes.Make("|u1", "(1, 2, 3)", new byte[6]));
        RequireProblem(path, () => new NpyTargetSource<float>(path).Dispose(), "shape 1 x 2 x 3");
        path = WriteBytes("b.npy", NpyBytes.Make("<f4", "(10, 10)", new byte[6]));
        RequireProblem(path, () => new NpyTargetSource<float>(path).Dispose(), "truncated");
        RequireProblem(path, () => new MappedNpy<float>(path).Dispose(), "truncated");
        Assert.Throws<FileNotFoundException>(() => new MappedNpy<float>(At("none.npy")).Dispose());
    }

    private static byte[] Aligned(string descr, string shape, byte[] data, bool fortran = false)
    {
        string order = fortran ? "True" : "False";
        return NpyBytes.MakeRaw(
            $"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}}}".PadRight(117) + "\n", data);
    }
}
