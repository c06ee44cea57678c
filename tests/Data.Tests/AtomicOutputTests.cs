using NUnit.Framework;

namespace VemKernels.Data.Tests;

internal sealed class AtomicOutputTests : FileTests
{
    private static readonly string[] Outputs = ["*.npy", "data/*.tsv", AtomicFolder.Marker];

    [Test]
    public void A_file_appears_when_committed_and_replaces_an_older_one()
    {
        WriteBytes("a.txt", "old"u8);
        using (AtomicFile file = new(At("a.txt")))
        {
            file.Stream.Write("new"u8);
            file.Stream.Flush();
            Assert.That(File.ReadAllText(At("a.txt")), Is.EqualTo("old"));
            file.Commit();
        }

        Assert.That(File.ReadAllText(At("a.txt")), Is.EqualTo("new"));
    }

    [Test]
    public void A_file_that_is_not_committed_leaves_nothing()
    {
        using (AtomicFile file = new(At("a.txt")))
        {
            file.Stream.Write("new"u8);
        }

        Assert.That(Directory.GetFiles(At("")), Is.Empty);
    }

    [Test]
    public void A_file_in_the_place_of_a_folder_is_refused()
    {
        Directory.CreateDirectory(At("a"));
        IOException exception = Assert.Throws<IOException>(() => new AtomicFile(At("a")).Dispose())!;
        Assert.That(exception.Message, Does.StartWith(At("a")));
    }

    [Test]
    public void A_folder_appears_when_committed_with_its_parents()
    {
        using (AtomicFolder folder = new(At("x/y/out/"), Outputs))
        {
            File.WriteAllText(folder["a.npy"], "1");
            Assert.That(Directory.Exists(At("x/y/out")), Is.False);
            folder.Commit();
        }

        Assert.That(File.ReadAllText(At("x/y/out/a.npy")), Is.EqualTo("1"));
    }

    [Test]
    public void A_folder_that_is_not_committed_leaves_nothing_not_even_parents()
    {
        using (AtomicFolder folder = new(At("x/y/out"), Outputs))
        {
            File.WriteAllText(folder["a.npy"], "1");
        }

        Assert.That(Directory.GetFileSystemEntries(At("")), Is.Empty);
    }

    [Test]
    public void An_earlier_output_is_replaced_as_a_whole()
    {
        MakeOutput("first.npy");
        MakeOutput("second.npy");
        Assert.That(
            Directory.GetFiles(At("out")).Select(Path.GetFileName).Order(), Is.EqualTo(new[] { "second.npy", AtomicFolder.Marker }));
    }

    [Test]
    public void An_empty_folder_is_replaced()
    {
        Directory.CreateDirectory(At("out"));
        MakeOutput("first.npy");
        Assert.That(File.Exists(At("out/first.npy")), Is.True);
    }

    [Test]
    public void A_link_to_a_folder_stays_a_link()
    {
        Directory.CreateDirectory(At("elsewhere"));
        Directory.CreateSymbolicLink(At("out"), At("elsewhere"));
        MakeOutput("first.npy");
        Assert.That(File.Exists(At("elsewhere/first.npy")), Is.True);
        Assert.That(new DirectoryInfo(At("out")).LinkTarget, Is.Not.Null);
    }

    [Test]
    public void A_folder_of_somebody_else_s_is_refused()
    {
        Directory.CreateDirectory(At("out"));
        WriteBytes("out/a.npy", "1"u8);
        RequireRefused(At("out"), "not an earlier output (it has no summary.json)");
    }

    [Test]
    public void An_output_with_a_user_s_notes_is_refused()
    {
        MakeOutput("first.npy");
        WriteBytes("out/notes.txt", "1"u8);
        RequireRefused(At("out"), "the folder holds notes.txt");
        Assert.That(File.Exists(At("out/first.npy")), Is.True);
    }

    [Test]
    public void An_output_with_files_of_another_command_s_is_refused()
    {
        MakeOutput("first.npy");
        Directory.CreateDirectory(At("out/data"));
        WriteBytes("out/data/a.tsv", "1"u8);
        MakeOutput("second.npy");
        Assert.That(Directory.Exists(At("out/data")), Is.False);
        Directory.CreateDirectory(At("out/data"));
        WriteBytes("out/data/responses.nii", "1"u8);
        RequireRefused(At("out"), $"the folder holds {Path.Combine("data", "responses.nii")}");
    }

    [Test]
    public void The_current_folder_and_those_that_hold_it_are_refused()
    {
        RequireRefused(Directory.GetCurrentDirectory(), "the current folder");
        RequireRefused(".", "the current folder");
        RequireRefused("..", "the current folder");
    }

    [Test]
    public void A_folder_that_became_somebody_else_s_meanwhile_is_left_alone()
    {
        using AtomicFolder folder = new(At("out"), Outputs);
        Directory.CreateDirectory(At("out"));
        WriteBytes("out/notes.txt", "1"u8);
        Assert.Throws<IOException>(folder.Commit);
        Assert.That(File.Exists(At("out/notes.txt")), Is.True);
    }

    [Test]
    public void A_path_through_or_at_a_file_is_refused()
    {
        WriteBytes("file", "1"u8);
        RequireRefused(At("file"), "is a file");
        RequireRefused(At("file/out"), "is a file");
        RequireRefused(At("file/x/out"), "is a file");
    }

    [Test]
    [Platform("Linux")]
    public void A_place_that_cannot_be_written_is_refused_without_its_temporary_name()
    {
        RequireRefused("/proc/vem-output", "cannot be created");
        IOException exception = Assert.Throws<IOException>(() => new AtomicFile("/proc/vem-output").Dispose())!;
        Assert.That(exception.Message, Does.StartWith("/proc/vem-output: cannot be written"));
        Assert.That(exception.Message, Does.Not.Contain("tmp"));
    }

    private static void RequireRefused(string path, string problem)
    {
        IOException exception = Assert.Throws<IOException>(() => new AtomicFolder(path, Outputs).Dispose())!;
        Assert.That(exception.Message, Does.StartWith(path).And.Contains(problem).And.Not.Contains("\n").And.Not.Contains(".tmp-"));
    }

    private void MakeOutput(string file)
    {
        using AtomicFolder folder = new(At("out"), Outputs);
        File.WriteAllText(folder[file], "1");
        File.WriteAllText(folder[AtomicFolder.Marker], "{}");
        folder.Commit();
    }
}
