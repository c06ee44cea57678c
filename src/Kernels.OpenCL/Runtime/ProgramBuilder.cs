using System.Text;
using VemKernels.Device;

namespace VemKernels.OpenCL;

/// <summary>Builds programs from source, or from the binaries that an earlier build left in the cache.</summary>
internal sealed unsafe class ProgramBuilder(OpenClRuntime runtime, ProgramCache cache)
{
    /// <summary>The extension of cached binaries.</summary>
    public const string Extension = ".clbin";

    private const uint BuildLog = 0x1183;
    private const uint BinarySizes = 0x1165;
    private const uint Binaries = 0x1166;

    /// <summary>The name of a program: all that its binary depends on.</summary>
    public static string Key(OpenClDevice device, string source, string options) => ProgramCache.Key(
        device.Platform, device.Name, device.Vendor, device.Driver, device.Version, options, source);

    /// <summary>A built program; the caller releases it.</summary>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="source">The whole source.</param>
    /// <param name="options">Options of the compiler.</param>
    /// <exception cref="OpenClException">The compiler refuses the source: its log is in the message.</exception>
    public nint Build(string name, string source, string options)
    {
        string key = Key(runtime.Device, source, options);
        if (cache.Read(key) is { } binary)
        {
            nint cached = FromBinary(binary, options);
            if (cached != 0)
            {
                return cached;
            }
        }

        nint program = FromSource(name, source, options);
        cache.Write(key, BinaryOf(program));
        return program;
    }

    /// <summary>
    /// A program from a binary; 0 where the driver does not take it, which is no error: the source is still there.
    /// </summary>
    private nint FromBinary(byte[] binary, string options)
    {
        nint device = runtime.Device.Handle;
        nuint length = (nuint)binary.Length;
        int status;
        int error;
        fixed (byte* pointer = binary)
        {
            byte* contents = pointer;
            nint program = OpenCl.clCreateProgramWithBinary(runtime.Handle, 1, &device, &length, &contents, &status,
                &error);
            if (error != 0 || status != 0)
            {
                Release(error == 0 ? program : 0);
                return 0;
            }

            if (OpenCl.clBuildProgram(program, 1, &device, options, 0, 0) == 0)
            {
                return program;
            }

            Release(program);
            return 0;
        }
    }

    private nint FromSource(string name, string source, string options)
    {
        byte[] text = Encoding.UTF8.GetBytes(source);
        nuint length = (nuint)text.Length;
        nint device = runtime.Device.Handle;
        int error;
        nint program;
        fixed (byte* pointer = text)
        {
            byte* contents = pointer;
            program = OpenCl.clCreateProgramWithSource(runtime.Handle, 1, &contents, &length, &error);
        }

        ErrorCodes.ThrowIfFailed(error, nameof(OpenCl.clCreateProgramWithSource), name);
        int code = OpenCl.clBuildProgram(program, 1, &device, options, 0, 0);
        if (code != 0)
        {
            string log = LogOf(program, runtime.Device.Handle);
            Release(program);
            throw new OpenClException(
                nameof(OpenCl.clBuildProgram), code,
                $"kernels {name} on {runtime.Device.Name}, options {options}\n{log}");
        }

        return program;
    }

    private static string LogOf(nint program, nint device) => DeviceInfoQuery.Text(
        (size, value, needed) => OpenCl.clGetProgramBuildInfo(program, device, BuildLog, size, value, needed),
        nameof(OpenCl.clGetProgramBuildInfo));

    private static byte[] BinaryOf(nint program)
    {
        nuint size;
        ErrorCodes.ThrowIfFailed(
            OpenCl.clGetProgramInfo(program, BinarySizes, (nuint)sizeof(nuint), &size, null),
            nameof(OpenCl.clGetProgramInfo));
        byte[] binary = new byte[(int)size];
        fixed (byte* pointer = binary)
        {
            byte* contents = pointer;
            ErrorCodes.ThrowIfFailed(
                OpenCl.clGetProgramInfo(program, Binaries, (nuint)sizeof(byte*), &contents, null),
                nameof(OpenCl.clGetProgramInfo));
        }

        return binary;
    }

    private static void Release(nint program)
    {
        if (program != 0)
        {
            ErrorCodes.ThrowIfFailed(OpenCl.clReleaseProgram(program), nameof(OpenCl.clReleaseProgram));
        }
    }
}
