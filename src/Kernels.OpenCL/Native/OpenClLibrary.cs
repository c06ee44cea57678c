using System.Runtime.InteropServices;

namespace VemKernels.OpenCL;

/// <summary>Finds the system's OpenCL loader. Nothing of it is needed to build, or to use other backends.</summary>
internal static class OpenClLibrary
{
    /// <summary>The name that the bindings import from.</summary>
    public const string Name = "OpenCL";

    private static readonly Lazy<nint> Handle = new(Load);

    /// <summary>What to tell a user whose machine lacks the loader.</summary>
    public static string HowToInstall =>
        OperatingSystem.IsLinux()
            ? "install ocl-icd-libopencl1, and the driver of a device (pocl-opencl-icd for the processor)"
        : OperatingSystem.IsWindows() ? "install the driver of a device, which brings OpenCL.dll"
        : "OpenCL.framework was not found";

    /// <summary>Whether the loader is on this machine.</summary>
    public static bool IsPresent => Handle.Value != 0;

    /// <summary>Requires the loader.</summary>
    /// <exception cref="PlatformNotSupportedException">It is not on this machine.</exception>
    public static void Require()
    {
        if (!IsPresent)
        {
            throw new PlatformNotSupportedException($"There is no OpenCL on this machine: {HowToInstall}.");
        }
    }

    private static string[] Candidates =>
        OperatingSystem.IsWindows() ? ["OpenCL.dll"]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"]
        : ["libOpenCL.so.1", "libOpenCL.so"];

    private static nint Load()
    {
        foreach (string candidate in Candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out nint handle))
            {
                NativeLibrary.SetDllImportResolver(
                    typeof(OpenClLibrary).Assembly, (name, _, _) => name == Name ? handle : 0);
                return handle;
            }
        }

        return 0;
    }
}
