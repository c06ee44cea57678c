using System.Text;

namespace VemKernels.Cuda;

/// <summary>Compiles sources.</summary>
internal sealed unsafe class NvrtcCompiler(Nvrtc nvrtc)
{
    /// <summary>
    /// What every source is compiled with: what is written is what is computed, as on OpenCL (fused multiply-adds stand
    /// in the sources where they are wanted).
    /// </summary>
    private const string CommonOptions = "--fmad=false --std=c++17";

    /// <summary>The options of a program, in their order: part of its name in the cache.</summary>
    public static string Options(Architecture architecture, string definitions) =>
        $"{architecture.Option} {CommonOptions} {definitions}".TrimEnd();

    /// <summary>Compiles a source.</summary>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="source">The whole source.</param>
    /// <param name="options">Options, separated by spaces; see <see cref="Options"/>.</param>
    /// <param name="isMachineCode">Whether a cubin is wanted; else PTX.</param>
    /// <exception cref="CudaException">The source does not compile: the log is in the message.</exception>
    public CompiledProgram Compile(string name, string source, string options, bool isMachineCode)
    {
        nint program = Create(name, source);
        try
        {
            int code = Compile(program, options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            string log = LogOf(program);
            nvrtc.ThrowIfFailed(code, nameof(nvrtc.nvrtcCompileProgram), $"kernels {name}, options {options}\n{log}");
            return new CompiledProgram(isMachineCode ? CubinOf(program) : PtxOf(program), log);
        }
        finally
        {
            nvrtc.ThrowIfFailed(nvrtc.nvrtcDestroyProgram(&program), nameof(nvrtc.nvrtcDestroyProgram), name);
        }
    }

    private nint Create(string name, string source)
    {
        nint program;
        fixed (byte* text = Terminated(source))
        fixed (byte* title = Terminated(name))
        {
            nvrtc.ThrowIfFailed(
                nvrtc.nvrtcCreateProgram(&program, text, title, 0, null, null), nameof(nvrtc.nvrtcCreateProgram), name);
        }

        return program;
    }

    private int Compile(nint program, string[] options)
    {
        byte[] texts = [.. options.SelectMany(Terminated)];
        fixed (byte* start = texts)
        {
            byte** pointers = stackalloc byte*[options.Length];
            byte* next = start;
            for (int i = 0; i < options.Length; i++)
            {
                pointers[i] = next;
                next += Encoding.UTF8.GetByteCount(options[i]) + 1;
            }

            return nvrtc.nvrtcCompileProgram(program, options.Length, pointers);
        }
    }

    private string LogOf(nint program)
    {
        nuint size;
        nvrtc.ThrowIfFailed(nvrtc.nvrtcGetProgramLogSize(program, &size), nameof(nvrtc.nvrtcGetProgramLogSize));
        byte[] log = new byte[(int)size];
        fixed (byte* pointer = log)
        {
            nvrtc.ThrowIfFailed(nvrtc.nvrtcGetProgramLog(program, pointer), nameof(nvrtc.nvrtcGetProgramLog));
        }

        return Encoding.UTF8.GetString(log).TrimEnd('\0').Trim();
    }

    private byte[] CubinOf(nint program)
    {
        nuint size;
        nvrtc.ThrowIfFailed(nvrtc.nvrtcGetCUBINSize(program, &size), nameof(nvrtc.nvrtcGetCUBINSize));
        byte[] image = new byte[(int)size];
        fixed (byte* pointer = image)
        {
            nvrtc.ThrowIfFailed(nvrtc.nvrtcGetCUBIN(program, pointer), nameof(nvrtc.nvrtcGetCUBIN));
        }

        return image;
    }

    private byte[] PtxOf(nint program)
    {
        nuint size;
        nvrtc.ThrowIfFailed(nvrtc.nvrtcGetPTXSize(program, &size), nameof(nvrtc.nvrtcGetPTXSize));
        byte[] image = new byte[(int)size];
        fixed (byte* pointer = image)
        {
            nvrtc.ThrowIfFailed(nvrtc.nvrtcGetPTX(program, pointer), nameof(nvrtc.nvrtcGetPTX));
        }

        return image;
    }

    private static byte[] Terminated(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}
