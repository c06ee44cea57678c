using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using VemKernels.Tests;

namespace VemKernels.Cuda.Tests;

/// <summary>
/// A CUDA without a device: fake/*.cpp, built once by the machine's C++ compiler. It counts what lives, and fails the
/// call that a test names.
/// </summary>
internal static unsafe class FakeCuda
{
    private const long GigaByte = 1L << 30;

    private static readonly string Root = Path.Combine(Path.GetTempPath(), "vem-fake-cuda", Sources());

    private static readonly Lazy<CudaLibraries?> Built = new(Build);

    /// <summary>The libraries of the fake; ends the test where there is no C++ compiler.</summary>
    public static CudaLibraries Libraries
    {
        get
        {
            if (Built.Value is not { } libraries)
            {
                Requirement.Missing("There is no c++ to build the fake CUDA with: install g++.");
                throw new InvalidOperationException("A test was to end.");
            }

            return libraries;
        }
    }

    /// <summary>Where programs that the fake compiled are kept, from run to run.</summary>
    public static string CacheFolder => Path.Combine(Root, "cache");

    /// <summary>The fake's only device.</summary>
    public static CudaDevice Device => CudaDevices.Find(Libraries, "cuda:0");

    /// <summary>
    /// How many objects of a kind live: memory, pinned, streams, events, modules, programs, blas, solver.
    /// </summary>
    public static long Live(string kind) => Ask("fake_live", kind);

    /// <summary>How often a function was called since the last reset.</summary>
    public static long Calls(string function) => Ask("fake_calls", function);

    /// <summary>How often the primary context is retained.</summary>
    public static int Retained => ((delegate* unmanaged<int>)Function("fake_retained"))();

    /// <summary>How many contexts this thread has pushed and not popped.</summary>
    public static int ContextDepth => ((delegate* unmanaged<int>)Function("fake_context_depth"))();

    /// <summary>Whether something was written outside of what was allocated.</summary>
    public static bool IsCorrupted => ((delegate* unmanaged<int>)Function("fake_corrupted"))() != 0;

    /// <summary>A fresh device: nothing lost, nothing to fail.</summary>
    public static void Reset(FakeOrder order = FakeOrder.Eager, long memoryBytes = 4 * GigaByte) =>
        ((delegate* unmanaged<int, nuint, void>)Function("fake_reset"))((int)order, (nuint)memoryBytes);

    /// <summary>Lets the nth call from now on of a function return a code.</summary>
    public static void Fail(string function, long nth, int code)
    {
        fixed (byte* text = Terminated(function))
        {
            ((delegate* unmanaged<byte*, nint, int, void>)Function("fake_fail"))(text, (nint)nth, code);
        }
    }

    /// <summary>Says how many devices there are from now on.</summary>
    public static void SetDevices(int count) => ((delegate* unmanaged<int, void>)Function("fake_devices"))(count);

    /// <summary>Starts a backend on a fresh device.</summary>
    public static CudaBackend Start(
        FakeOrder order = FakeOrder.Eager, CudaOptions? options = null, long memoryBytes = 4 * GigaByte)
    {
        CudaLibraries libraries = Libraries;
        Reset(order, memoryBytes);
        return new CudaBackend(libraries, Device, (options ?? new CudaOptions()) with
        {
            CacheFolder = options?.CacheFolder ?? CacheFolder,
        });
    }

    private static long Ask(string function, string argument)
    {
        fixed (byte* text = Terminated(argument))
        {
            return ((delegate* unmanaged<byte*, nint>)Function(function))(text);
        }
    }

    private static nint Function(string name) => NativeLibrary.GetExport(Libraries.Driver!.Library.Handle, name);

    private static byte[] Terminated(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    private static CudaLibraries? Build()
    {
        string folder = Path.Combine(Root, "lib");
        if (!File.Exists(Path.Combine(folder, "libcusolver.so.11")))
        {
            string script = Path.Combine(AppContext.BaseDirectory, "fake", "build.sh");
            using Process? build = StartOrNothing("bash", [script, folder]);
            build?.WaitForExit();
            if (build is not { ExitCode: 0 })
            {
                return null;
            }
        }

        return new CudaLibraries([folder]);
    }

    private static Process? StartOrNothing(string program, string[] arguments)
    {
        try
        {
            return Process.Start(program, arguments);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>A name for what the sources are now.</summary>
    private static string Sources()
    {
        byte[] all =
        [
            .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "fake")).Order(StringComparer.Ordinal)
                .SelectMany(File.ReadAllBytes),
        ];
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(all))[..16];
    }
}
