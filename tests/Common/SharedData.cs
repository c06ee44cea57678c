using NUnit.Framework;

namespace VemKernels.Tests;

/// <summary>Finds the folder of shared real data and golden cases, or ends the test.</summary>
internal static class SharedData
{
    private const string RootMarker = "VemKernels.sln";

    /// <summary>The path of something in the shared folder.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts)
    {
        string? shared = Find();
        if (shared is null)
        {
            Requirement.Missing("There is no shared folder beside the repository, and VEM_SHARED is not set.");
        }

        return Path.Combine([shared!, .. parts]);
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("VEM_SHARED") is { Length: > 0 } named)
        {
            return named;
        }

        DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, RootMarker)))
        {
            folder = folder.Parent;
        }

        string? shared = folder?.Parent is { } parent ? Path.Combine(parent.FullName, "shared") : null;
        return Directory.Exists(shared) ? shared : null;
    }
}
