using System.Text;

namespace VemKernels.OpenCL;

/// <summary>What a platform or a device says about itself, by the numbers of cl.h.</summary>
internal static unsafe class DeviceInfoQuery
{
    public const uint PlatformName = 0x0902;
    public const uint DeviceType = 0x1000;
    public const uint ComputeUnits = 0x1002;
    public const uint MaxWorkGroupSize = 0x1004;
    public const uint MaxWorkItemSizes = 0x1005;
    public const uint MaxAllocationBytes = 0x1010;
    public const uint GlobalMemoryBytes = 0x101F;
    public const uint LocalMemoryBytes = 0x1023;
    public const uint CompilerAvailable = 0x1028;
    public const uint Name = 0x102B;
    public const uint Vendor = 0x102C;
    public const uint DriverVersion = 0x102D;
    public const uint Version = 0x102F;
    public const uint Extensions = 0x1030;
    public const uint NativeFloats = 0x103A;

    /// <summary>A number or a bit field.</summary>
    public static long Number(nint device, uint name)
    {
        long value = 0;
        ErrorCodes.ThrowIfFailed(OpenCl.clGetDeviceInfo(device, name, sizeof(long), &value, null),
            nameof(OpenCl.clGetDeviceInfo));
        return value;
    }

    /// <summary>A text, without what some drivers put around it.</summary>
    public static string Text(nint device, uint name) => Text(
        (size, value, needed) => OpenCl.clGetDeviceInfo(device, name, size, value, needed),
        nameof(OpenCl.clGetDeviceInfo));

    public static string PlatformText(nint platform, uint name) => Text(
        (size, value, needed) => OpenCl.clGetPlatformInfo(platform, name, size, value, needed),
        nameof(OpenCl.clGetPlatformInfo));

    /// <summary>Asks for the length, then for the text.</summary>
    public static string Text(Ask ask, string call)
    {
        nuint bytes = 0;
        ErrorCodes.ThrowIfFailed(ask(0, null, &bytes), call);
        byte[] text = new byte[(int)bytes];
        fixed (byte* pointer = text)
        {
            ErrorCodes.ThrowIfFailed(ask(bytes, pointer, null), call);
        }

        return Encoding.UTF8.GetString(text).TrimEnd('\0').Trim();
    }

    /// <summary>One of the functions that write a value of a size that they are asked for first.</summary>
    public delegate int Ask(nuint size, void* value, nuint* needed);
}
