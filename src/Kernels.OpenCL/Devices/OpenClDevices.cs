using VemKernels.Device;

namespace VemKernels.OpenCL;

/// <summary>Lists the devices that OpenCL reaches.</summary>
public static unsafe class OpenClDevices
{
    private const ulong AllTypes = 0xFFFFFFFF;
    private const long TypeProcessor = 2;
    private const long TypeGpu = 4;

    /// <summary>The oldest version of OpenCL that kernels and calls are written for.</summary>
    private static readonly Version Oldest = new(1, 2);

    /// <summary>The prefix of the names that users give.</summary>
    public const string IdPrefix = "opencl:";

    /// <summary>Whether the machine has an OpenCL loader at all.</summary>
    public static bool IsLoaderPresent => OpenClLibrary.IsPresent;

    /// <summary>What to do on a machine without.</summary>
    public static string HowToInstall => OpenClLibrary.HowToInstall;

    /// <summary>
    /// All devices that can compile kernels; empty without a loader, a platform or a device. A driver that fails is
    /// left out: see <see cref="Scan"/>.
    /// </summary>
    public static IReadOnlyList<OpenClDevice> List() => Scan().Devices;

    /// <summary>
    /// All devices that can compile kernels, and a line for each driver that fails or device that is too old.
    /// </summary>
    public static (IReadOnlyList<OpenClDevice> Devices, IReadOnlyList<string> Failures) Scan()
    {
        List<OpenClDevice> devices = [];
        List<string> failures = [];
        if (!OpenClLibrary.IsPresent)
        {
            return (devices, failures);
        }

        // What one driver does wrong is no reason to do without the others.
        foreach (nint platform in Guard("the loader", Platforms, failures) ?? [])
        {
            string name = "a platform";
            if (Guard(name, () => name = PlatformName(platform), failures) is not null
                && Guard(name, () => DevicesOf(platform, name, devices.Count, failures), failures) is { } found)
            {
                devices.AddRange(found);
            }
        }

        return (devices, failures);
    }

    /// <summary>
    /// The device of a name: "opencl:0", or "opencl" for the first GPU, or the first device where there is none.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">There is no OpenCL, no device, or none of that name.</exception>
    public static OpenClDevice Find(string id)
    {
        OpenClLibrary.Require();
        (IReadOnlyList<OpenClDevice> devices, IReadOnlyList<string> failures) = Scan();
        if (devices.Count == 0)
        {
            throw new PlatformNotSupportedException(string.Join(
                "; ", ["OpenCL is on this machine, but no driver of it has a device", .. failures]) + ".");
        }

        OpenClDevice? found = id + ":" == IdPrefix
            ? devices.FirstOrDefault(device => device.IsGpu) ?? devices[0]
            : devices.FirstOrDefault(device => device.Id == id);
        return found ?? throw new PlatformNotSupportedException(
            $"There is no device {id}; there are {string.Join(", ", devices.Select(device => device.Id))}.");
    }

    /// <summary>What a query finds; null, and a line among the failures, where the driver fails.</summary>
    private static TFound? Guard<TFound>(string driver, Func<TFound> query, List<string> failures)
        where TFound : class
    {
        try
        {
            return query();
        }
        catch (Exception exception) when (exception is OpenClException or InsufficientMemoryException)
        {
            failures.Add($"the driver of {driver} fails: {exception.Message.TrimEnd('.')}");
            return null;
        }
    }

    private static string PlatformName(nint platform) =>
        DeviceInfoQuery.PlatformText(platform, DeviceInfoQuery.PlatformName);

    /// <summary>Whether a device's version, "OpenCL 1.2 and what the maker likes to add", is new enough.</summary>
    internal static bool IsNewEnough(string version) =>
        version.Split(' ') is [_, string number, ..] && Version.TryParse(number, out Version? found) && found >= Oldest;

    private static List<OpenClDevice> DevicesOf(
        nint platform, string platformName, int first, List<string> failures)
    {
        List<OpenClDevice> devices = [];
        foreach (nint device in DevicesOf(platform))
        {
            string version = DeviceInfoQuery.Text(device, DeviceInfoQuery.Version);
            if (!IsNewEnough(version))
            {
                string name = DeviceInfoQuery.Text(device, DeviceInfoQuery.Name);
                failures.Add($"{name} is left out: it has {version}, and OpenCL {Oldest} is needed");
            }
            else if (DeviceInfoQuery.Number(device, DeviceInfoQuery.CompilerAvailable) != 0)
            {
                devices.Add(Describe(platform, platformName, device, $"{IdPrefix}{first + devices.Count}"));
            }
        }

        return devices;
    }

    private static nint[] Platforms()
    {
        uint count = 0;
        int code = OpenCl.clGetPlatformIDs(0, null, &count);
        if (code == ErrorCodes.PlatformNotFound || count == 0)
        {
            return [];
        }

        ErrorCodes.ThrowIfFailed(code, nameof(OpenCl.clGetPlatformIDs));
        nint[] platforms = new nint[count];
        fixed (nint* pointer = platforms)
        {
            ErrorCodes.ThrowIfFailed(OpenCl.clGetPlatformIDs(count, pointer, null), nameof(OpenCl.clGetPlatformIDs));
        }

        return platforms;
    }

    private static nint[] DevicesOf(nint platform)
    {
        uint count = 0;
        int code = OpenCl.clGetDeviceIDs(platform, AllTypes, 0, null, &count);
        if (code == ErrorCodes.DeviceNotFound || count == 0)
        {
            return [];
        }

        ErrorCodes.ThrowIfFailed(code, nameof(OpenCl.clGetDeviceIDs));
        nint[] devices = new nint[count];
        fixed (nint* pointer = devices)
        {
            ErrorCodes.ThrowIfFailed(OpenCl.clGetDeviceIDs(platform, AllTypes, count, pointer, null),
                nameof(OpenCl.clGetDeviceIDs));
        }

        return devices;
    }

    private static OpenClDevice Describe(nint platform, string platformName, nint device, string id)
    {
        long type = DeviceInfoQuery.Number(device, DeviceInfoQuery.DeviceType);
        string extensions = DeviceInfoQuery.Text(device, DeviceInfoQuery.Extensions);
        DeviceLimits limits = new(
            DeviceInfoQuery.Number(device, DeviceInfoQuery.GlobalMemoryBytes),
            DeviceInfoQuery.Number(device, DeviceInfoQuery.MaxAllocationBytes),
            DeviceInfoQuery.Number(device, DeviceInfoQuery.LocalMemoryBytes),
            (int)DeviceInfoQuery.Number(device, DeviceInfoQuery.MaxWorkGroupSize),
            extensions.Split(' ').Contains("cl_khr_fp64"));
        return new OpenClDevice(
            id,
            DeviceInfoQuery.Text(device, DeviceInfoQuery.Name),
            DeviceInfoQuery.Text(device, DeviceInfoQuery.Vendor),
            platformName,
            DeviceInfoQuery.Text(device, DeviceInfoQuery.DriverVersion),
            DeviceInfoQuery.Text(device, DeviceInfoQuery.Version),
            (type & TypeProcessor) != 0,
            (type & TypeGpu) != 0,
            (int)DeviceInfoQuery.Number(device, DeviceInfoQuery.ComputeUnits),
            (int)DeviceInfoQuery.Number(device, DeviceInfoQuery.NativeFloats) * sizeof(float),
            limits) { PlatformHandle = platform, Handle = device };
    }
}
