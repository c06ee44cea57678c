using VemKernels.Device;

namespace VemKernels.OpenCL;

/// <summary>Lists the devices that OpenCL reaches.</summary>
public static unsafe class OpenClDevices
{
    private const ulong AllTypes = 0xFFFFFFFF;
    private const long TypeProcessor = 2;
    private const long TypeGpu = 4;

    /// <summary>The prefix of the names that users give.</summary>
    public const string IdPrefix = "opencl:";

    /// <summary>Whether the machine has an OpenCL loader at all.</summary>
    public static bool IsLoaderPresent => OpenClLibrary.IsPresent;

    /// <summary>What to do on a machine without.</summary>
    public static string HowToInstall => OpenClLibrary.HowToInstall;

    /// <summary>All devices that can compile kernels; empty without a loader, a platform or a device.</summary>
    /// <exception cref="OpenClException">A driver fails.</exception>
    public static IReadOnlyList<OpenClDevice> List()
    {
        List<OpenClDevice> devices = [];
        if (!OpenClLibrary.IsPresent)
        {
            return devices;
        }

        foreach (nint platform in Platforms())
        {
            string platformName = DeviceInfoQuery.PlatformText(platform, DeviceInfoQuery.PlatformName);
            foreach (nint device in DevicesOf(platform))
            {
                if (DeviceInfoQuery.Number(device, DeviceInfoQuery.CompilerAvailable) != 0)
                {
                    devices.Add(Describe(platform, platformName, device, $"{IdPrefix}{devices.Count}"));
                }
            }
        }

        return devices;
    }

    /// <summary>
    /// The device of a name: "opencl:0", or "opencl" for the first GPU, or the first device where there is none.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">There is no OpenCL, no device, or none of that name.</exception>
    public static OpenClDevice Find(string id)
    {
        OpenClLibrary.Require();
        IReadOnlyList<OpenClDevice> devices = List();
        if (devices.Count == 0)
        {
            throw new PlatformNotSupportedException("OpenCL is on this machine, but no driver of it has a device.");
        }

        OpenClDevice? found = id + ":" == IdPrefix
            ? devices.FirstOrDefault(device => device.IsGpu) ?? devices[0]
            : devices.FirstOrDefault(device => device.Id == id);
        return found ?? throw new PlatformNotSupportedException(
            $"There is no device {id}; there are {string.Join(", ", devices.Select(device => device.Id))}.");
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
