using VemKernels.OpenCL;
using VemKernels.Tests;

namespace VemKernels.Cli.Tests;

/// <summary>
/// Machines without drivers, a platform without devices, a driver that cannot build: in a process of its own, because
/// the loader and its drivers look at their environment once.
/// </summary>
public sealed class BrokenDriverTests
{
    /// <summary>The word that PoCL is told to compile REAL as.</summary>
    private const string Nonsense = "no_such_type";

    [Test]
    public void Without_a_driver_the_processor_is_listed_and_a_device_is_refused_in_one_line()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["vendors"]);
        RequireRefusal("OCL_ICD_VENDORS", folder["vendors"], folder["out"], "no driver of it has a device");
    }

    [Test]
    public void A_platform_without_devices_is_the_same()
    {
        using TemporaryFolder folder = new();
        RequireRefusal("POCL_DEVICES", "none", folder["out"], "no driver of it has a device");
    }

    [Test]
    public void A_driver_that_cannot_build_leaves_the_others_in_peace()
    {
        RequireLoader();
        using TemporaryFolder folder = new();
        Dictionary<string, string> environment = new()
        {
            ["POCL_EXTRA_BUILD_FLAGS"] = $"-DREAL={Nonsense}", ["POCL_CACHE_DIR"] = folder["pocl"],
            ["VEM_CACHE"] = folder["cache"],
        };
        Directory.CreateDirectory(folder["pocl"]);
        VemResult devices = VemProcess.Run(environment, "devices");
        Assert.That(devices.ExitCode, Is.Zero, devices.Error);
        Assert.That(devices.Out, Does.Contain("simd").And.Contain("opencl:0").And.Contain("fails"));
        Assert.That(OwnLines(devices).Single(), Does.Contain("opencl:0: clBuildProgram").And.Contain(Nonsense));

        VemResult demo = VemProcess.Run(environment, "demo", "--backend", "opencl:0", "--out", folder["out"]);
        Assert.That(demo.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(
            OwnLines(demo).Single(), Does.Contain("--backend: clBuildProgram").And.Contain("CL_BUILD_PROGRAM_FAILURE"));
        Assert.That(Directory.Exists(folder["out"]), Is.False, "nothing is left of a fit that failed");
    }

    private static void RequireRefusal(string variable, string value, string outFolder, string expected)
    {
        RequireLoader();
        Dictionary<string, string> environment = new() { [variable] = value };
        VemResult devices = VemProcess.Run(environment, "devices");
        Assert.That(devices.ExitCode, Is.Zero, devices.Error);
        Assert.That(devices.Out, Does.Contain("simd").And.Contain("none here").And.Not.Contain("opencl:0"));
        Assert.That(OwnLines(devices), Is.Empty);
        VemResult demo = VemProcess.Run(environment, "demo", "--backend", "opencl", "--out", outFolder);
        Assert.That(demo.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(OwnLines(demo).Single(), Does.Contain("--backend").And.Contain(expected));
    }

    private static void RequireLoader()
    {
        if (!OpenClDevices.IsLoaderPresent)
        {
            Requirement.Missing("There is no OpenCL loader: install pocl-opencl-icd ocl-icd-libopencl1.");
        }
    }

    /// <summary>What vem itself says on the error stream; compilers of drivers write there too.</summary>
    private static string[] OwnLines(VemResult result) =>
        [.. result.Error.Split('\n').Where(line => line.StartsWith("vem: ", StringComparison.Ordinal))];
}
