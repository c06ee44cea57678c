using VemKernels.Device;
using VemKernels.Tests;

namespace VemKernels.OpenCL.Tests;

/// <summary>Starts the backend on this machine's first device, or ends the test.</summary>
internal static class Devices
{
    /// <summary>The first device.</summary>
    public static OpenClDevice First
    {
        get
        {
            IReadOnlyList<OpenClDevice> devices = OpenClDevices.List();
            if (devices.Count == 0)
            {
                Requirement.Missing("There is no OpenCL device: install pocl-opencl-icd ocl-icd-libopencl1.");
            }

            return devices[0];
        }
    }

    /// <summary>
    /// A device without double precision, 8 KB of local memory, work-groups of 64 items and small buffers.
    /// </summary>
    public static OpenClOptions Poor => new()
    {
        Limits = new DeviceLimits(
            MemoryBytes: 1L << 30, LargestAllocationBytes: 16 << 20, LocalMemoryBytes: 8 << 10, WorkGroupSize: 64,
            HasDouble: false),
        PackProducts = false,
    };

    /// <summary>A device that factorises by itself, as GPUs do.</summary>
    public static OpenClOptions Alone => new() { FactoriseOnHost = false };

    /// <summary>The first device, made to work like one of a kind, whatever it is.</summary>
    public static OpenClBackend Start(DeviceKind kind) => Start(kind switch
    {
        DeviceKind.Processor => Alone with { PackProducts = true },
        DeviceKind.Gpu => Alone with { PackProducts = false },
        DeviceKind.Poor => Poor with { FactoriseOnHost = false },
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    });

    public static OpenClBackend Start(OpenClOptions? options = null) => new(First, options);
}
