namespace VemKernels.Cli.Tests;

/// <summary>The data that lie beside the repository, or where VEM_SHARED says.</summary>
internal static class SharedData
{
    /// <summary>
    /// The path of a folder of it; ignores the test where it is absent (fails it if VEM_REQUIRE is 1).
    /// </summary>
    public static string Require(string name)
    {
        string? shared = Environment.GetEnvironmentVariable("VEM_SHARED") ?? BesideRepository();
        string? path = shared is null ? null : Path.Combine(shared, name);
        if (path is not null && Directory.Exists(path))
        {
            return path;
        }

        string reason = $"There is no shared/{name} beside the repository, and VEM_SHARED does not name it.";
        if (Environment.GetEnvironmentVariable("VEM_REQUIRE") == "1")
        {
            Assert.Fail(reason);
        }

        Assert.Ignore(reason);
        throw new InvalidOperationException("Assert.Ignore returned.");
    }

    private static string? BesideRepository()
    {
        for (DirectoryInfo? folder = new(
            TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VemKernels.sln")))
            {
                return folder.Parent is { } parent ? Path.Combine(parent.FullName, "shared") : null;
            }
        }

        return null;
    }
}
