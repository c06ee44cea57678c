using NUnit.Framework;

namespace VemKernels.Tests;

/// <summary>Ends a test that needs what this machine lacks.</summary>
internal static class Requirement
{
    /// <summary>
    /// Skips the test, or fails it where everything is required to be there (VEM_REQUIRE=1, as in the gate).
    /// </summary>
    public static void Missing(string reason)
    {
        if (Environment.GetEnvironmentVariable("VEM_REQUIRE") == "1")
        {
            Assert.Fail(reason);
        }

        Assert.Ignore(reason);
    }
}
