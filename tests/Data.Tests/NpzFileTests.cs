using NUnit.Framework;

namespace VemKernels.Data.Tests;

internal sealed class NpzFileTests : FileTests
{
    /// <summary>numpy: savez_compressed(meta='{"é": 1}', ks=arange(8.).reshape(2, 2, 2), n=7).</summary>
    private const string Deflated =
        "UEsDBBQAAAAIAAAAIQCwmxw3VQAAAKAAAAAIABQAbWV0YS5ucHkBABAAoAAAAAAAAABVAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG4TaqGuo6Ce"
        + "ll9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5Gpo6CrUKFAGuagYGBiUgfgmlrYBYAYgNgbgWiAFQSwMEFAAAAAgAAAAhACxyK+1cAAAAwAAAAAYAFABr"
        + "cy5ucHkBABAAwAAAAAAAAABcAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CiCk"
        + "qaNQq0Ae4GJAAR/soQwHCMUBpQWgtAiUloDSMg4AUEsDBBQAAAAIAAAAIQAjuPBsRgAAAIgAAAAFABQAbi5ucHkBABAAiAAAAAAAAABGAAAAAAAAAJvs"
        + "F+obEMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5Gpo6CrUKFAEudgYIAABQSwECFAMUAAAACAAAACEAsJsc"
        + "N1UAAACgAAAACAAAAAAAAAAAAAAAgAEAAAAAbWV0YS5ucHlQSwECFAMUAAAACAAAACEALHIr7VwAAADAAAAABgAAAAAAAAAAAAAAgAGPAAAAa3MubnB5"
        + "UEsBAhQDFAAAAAgAAAAhACO48GxGAAAAiAAAAAUAAAAAAAAAAAAAAIABIwEAAG4ubnB5UEsFBgAAAAADAAMAnQAAAKABAAAAAA==";

    /// <summary>numpy: savez(a=array([True, False])).</summary>
    private const string Stored =
        "UEsDBBQAAAAAAAAAIQDuGbtdggAAAIIAAAAFABQAYS5ucHkBABAAggAAAAAAAACCAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJ3xiMScsICdmb3J0"
        + "cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
        + "ICAgICAgICAKAQBQSwECFAMUAAAAAAAAACEA7hm7XYIAAACCAAAABQAAAAAAAAAAAAAAgAEAAAAAYS5ucHlQSwUGAAAAAAEAAQAzAAAAuQAAAAAA";

    [Test]
    public void Deflated_files_of_numpy_are_read()
    {
        WriteBytes("a.npz", Convert.FromBase64String(Deflated));
        using NpzFile file = NpzFile.Open(At("a.npz"));
        using Matrix<double> second = file["ks"].ToMatrix<double>(1);
        Assert.That(file.Names, Is.EqualTo(new[] { "meta", "ks", "n" }));
        Assert.That(file["meta"].ToText(), Is.EqualTo("{\"é\": 1}"));
        Assert.That(file["n"].ToInts(), Is.EqualTo(new long[] { 7 }));
        Assert.That(file["n"].Shape, Is.Empty);
        Assert.That(Values(second.View), Is.EqualTo(new double[] { 4, 5, 6, 7 }));
        Assert.That((file.Contains("n"), file.Contains("m")), Is.EqualTo((true, false)));
    }

    [Test]
    public void Stored_files_of_numpy_are_read_and_their_checksum_is_compared()
    {
        byte[] bytes = Convert.FromBase64String(Stored);
        WriteBytes("a.npz", bytes);
        using (NpzFile file = NpzFile.Open(At("a.npz")))
        {
            Assert.That(file["a"].ToInts(), Is.EqualTo(new long[] { 1, 0 }));
        }

        int data = bytes.AsSpan().IndexOf((byte)'\n') + 1;
        bytes[data] ^= 2;
        string path = WriteBytes("b.npz", bytes);
        using NpzFile damaged = NpzFile.Open(path);
        RequireProblem(path, () => damaged["a"].Dispose(), "checksum");
    }

    [Test]
    public void Arrays_come_back_as_they_were_written([Values] bool compress)
    {
        using NpyArray reals = NpyArray.From<float>([1, 2, 3, 4, 5, 6], 1, 2, 3);
        using NpyArray text = NpyArray.FromText("ok");
        Dictionary<string, NpyArray> arrays = new() { ["reals"] = reals, ["text"] = text };
        NpzFile.Write(At("a.npz"), arrays, compress);
        NpzFile.Write(At("b.npz"), arrays, compress);
        using NpzFile file = NpzFile.Open(At("a.npz"));
        Assert.That(file["reals"].ToDoubles(), Is.EqualTo(new double[] { 1, 2, 3, 4, 5, 6 }));
        Assert.That(file["reals"].Shape, Is.EqualTo(new nint[] { 1, 2, 3 }));
        Assert.That(file["text"].ToText(), Is.EqualTo("ok"));
        Assert.That(
            File.ReadAllBytes(At("b.npz")), Is.EqualTo(File.ReadAllBytes(At("a.npz"))), "equal contents, equal files");
    }

    [Test]
    public void A_missing_array_is_told_with_those_there_are()
    {
        string path = WriteBytes("a.npz", Convert.FromBase64String(Deflated));
        using NpzFile file = NpzFile.Open(path);
        RequireProblem(path, () => file["Ks"].Dispose(), "no array 'Ks'; it has meta, ks, n");
    }

    [Test]
    public void Damage_is_told_in_one_line()
    {
        byte[] bytes = Convert.FromBase64String(Deflated);
        string path = WriteBytes("cut.npz", bytes.AsSpan(0, bytes.Length - 30));
        RequireProblem(path, () => NpzFile.Open(path).Dispose(), "cut short");
        path = WriteBytes("other.npz", "not a zip archive, but text"u8);
        RequireProblem(path, () => NpzFile.Open(path).Dispose(), "not a .npz file");
        bytes.AsSpan(60, 40).Clear();
        path = WriteBytes("damaged.npz", bytes);
        using NpzFile file = NpzFile.Open(path);
        Assert.Throws<DataFormatException>(() => file["meta"].Dispose());
        Assert.Throws<FileNotFoundException>(() => NpzFile.Open(At("none.npz")).Dispose());
    }
}
