using NUnit.Framework;

namespace VemKernels.Data.Tests;

internal sealed class FileLocationTests : FileTests
{
    [TestCase("out/a.npy", true)]
    [TestCase("out/data/a.npy", true)]
    [TestCase("x/../out/a.npy", true)]
    [TestCase("out", false)]
    [TestCase("outer/a.npy", false)]
    [TestCase("out/../a.npy", false)]
    public void A_path_inside_a_folder_is_known_however_it_is_written(string path, bool isInside)
    {
        Assert.That(FileLocation.IsInside(At(path), At("out")), Is.EqualTo(isInside));
        Assert.That(FileLocation.IsInside(At(path), At("out/")), Is.EqualTo(isInside));
    }

    [Test]
    public void Links_are_followed()
    {
        Directory.CreateDirectory(At("real/data"));
        WriteBytes("real/data/a.npy", "1"u8);
        Directory.CreateSymbolicLink(At("link"), "real");
        File.CreateSymbolicLink(At("b.npy"), At("link/data/a.npy"));
        Assert.That(FileLocation.IsInside(At("link/data/a.npy"), At("real")), Is.True);
        Assert.That(FileLocation.IsInside(At("real/data/a.npy"), At("link")), Is.True);
        Assert.That(FileLocation.IsSame(At("b.npy"), At("real/data/a.npy")), Is.True);
        Assert.That(FileLocation.IsSame(At("b.npy"), At("a.npy")), Is.False);
    }

    [Test]
    public void Links_in_a_circle_are_refused()
    {
        File.CreateSymbolicLink(At("a"), At("b"));
        File.CreateSymbolicLink(At("b"), At("a/c"));
        Assert.Throws<IOException>(() => FileLocation.Resolve(At("a")));
    }
}
