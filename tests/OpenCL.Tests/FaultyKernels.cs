using NUnit.Framework;
using VemKernels.Device;

namespace VemKernels.OpenCL.Tests;

/// <summary>
/// Kernels with one fault each, and one without, for <see cref="OclgrindTests"/>: that the simulator's findings reach
/// the test. Each runs in a context of its own, the sound one last: its context must not wipe out what came before.
/// </summary>
public sealed class FaultyKernels
{
    /// <summary>What the simulator is to run.</summary>
    public const string Category = "Faulty";

    /// <summary>Sound kernels that the simulator complains about.</summary>
    public const string ReusedPlace = "ReusedPlace";

    private const int Items = 4;

    private const string ReusedSource = """
        __kernel void write(__global int *a) { a[get_global_id(0)] = 1; }
        __kernel void read(__global int *a, __global int *b) { b[get_global_id(0)] = a[get_global_id(0)]; }
        """;

    private const string Source = """
        __kernel void out_of_bounds(__global int *a) { a[get_global_id(0) + 1] = 1; }
        __kernel void uninitialised(__global int *a)
        {
            int b[2]; b[0] = 1; a[get_global_id(0)] = b[get_local_size(0) / 4];
        }
        __kernel void unwritten(__global int *a, __global int *b) { a[get_global_id(0)] = b[get_global_id(0)]; }
        __kernel void racing(__global int *a) { a[0] = (int)get_global_id(0); }
        __kernel void sound(__global int *a) { a[get_global_id(0)] += 1; }
        """;

    /// <summary>The faulty kernels, and how the log calls what is wrong with them.</summary>
    public static IReadOnlyList<(string Kernel, string Finding)> Findings { get; } =
    [
        ("out_of_bounds", "Invalid write"), ("uninitialised", "Uninitialized value"),
        ("unwritten", "Uninitialized value"), ("racing", "data race"),
    ];

    [Test]
    [Category(Category)]
    public unsafe void All_run()
    {
        Assume.That(Simulator.IsHere, "Only a simulated device survives them.");
        int* zeros = stackalloc int[Items];
        new Span<int>(zeros, Items).Clear();
        foreach (string name in Findings.Select(f => f.Kernel).Append("sound"))
        {
            using OpenClRuntime runtime = OpenClRuntime.Open(Devices.First, new OpenClOptions());
            using DeviceProgram program = runtime.Build("faulty", Source, string.Empty);
            using DeviceKernel kernel = program.Kernel(name);
            using DeviceBuffer written = runtime.CreateBuffer(Items * sizeof(int));
            using DeviceBuffer unwritten = runtime.CreateBuffer(Items * sizeof(int));
            runtime.Transfer(
                true, written, 0, Items * sizeof(int), zeros, Items * sizeof(int), Items * sizeof(int), 1);
            DeviceBuffer[] buffers = name == "unwritten" ? [written, unwritten] : [written];
            Launch(runtime, kernel, Items, buffers);
        }
    }

    /// <summary>
    /// What oclgrind 21.10 gets wrong: it keeps no more of what was written to a buffer than to the smaller, disposed
    /// one whose place it takes, and calls the rest uninitialised.
    /// </summary>
    [Test]
    [Category(ReusedPlace)]
    public void A_buffer_takes_the_place_of_a_smaller_one()
    {
        Assume.That(Simulator.IsHere, "About a simulated device.");
        using OpenClRuntime runtime = OpenClRuntime.Open(Devices.First, new OpenClOptions());
        using DeviceProgram program = runtime.Build("reused", ReusedSource, string.Empty);
        using DeviceKernel write = program.Kernel("write");
        using DeviceKernel read = program.Kernel("read");
        using DeviceBuffer target = runtime.CreateBuffer(Items * sizeof(int));
        using (DeviceBuffer small = runtime.CreateBuffer(sizeof(int)))
        {
            Launch(runtime, write, items: 1, small);
        }

        using DeviceBuffer large = runtime.CreateBuffer(Items * sizeof(int));
        Launch(runtime, write, Items, large);
        Launch(runtime, read, Items, large, target);
    }

    private static void Launch(DeviceRuntime runtime, DeviceKernel kernel, int items, params DeviceBuffer[] buffers)
    {
        KernelArguments arguments = default;
        foreach (DeviceBuffer buffer in buffers)
        {
            arguments.Add(buffer);
        }

        runtime.Launch(kernel, arguments, (1, 1, 1), (items, 1, 1));
        runtime.Finish();
    }
}
