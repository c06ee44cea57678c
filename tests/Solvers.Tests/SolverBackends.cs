using VemKernels.Cuda;
using VemKernels.Device;
using VemKernels.OpenCL;
using VemKernels.Reference;
using VemKernels.Simd;
using VemKernels.Tests;

namespace VemKernels.Solvers.Tests;

/// <summary>A backend that solver tests run on.</summary>
public sealed record SolverBackend(string Name, Func<IBackend> Create)
{
    public override string ToString() => Name;
}

/// <summary>
/// Every solver test runs on each of these, in float and double: the reference and the processor, or the one backend
/// that VEM_TEST_BACKEND names, as the gate does for devices.
/// </summary>
public static class SolverBackends
{
    private const string Variable = "VEM_TEST_BACKEND";

    public static readonly IReadOnlyList<SolverBackend> All =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } id
            ? [new(id, () => Device(id))]
            : [new("reference", () => new ReferenceBackend()), new("simd", () => new SimdBackend())];

    public static IEnumerable<TestFixtureData> WithElementTypes =>
        from backend in All
        from type in (Type[])[typeof(float), typeof(double)]
        select new TestFixtureData(type, backend);

    private static IBackend Device(string id) => id.StartsWith(CudaDevices.IdPrefix, StringComparison.Ordinal)
        ? CudaDevice(id) : OpenClDevice(id);

    private static CudaBackend CudaDevice(string id)
    {
        if (CudaDevices.List().Count == 0)
        {
            Requirement.Missing($"There is no CUDA device: {CudaDevices.Missing}.");
        }

        return new CudaBackend(id);
    }

    private static OpenClBackend OpenClDevice(string id)
    {
        if (!id.StartsWith(OpenClDevices.IdPrefix, StringComparison.Ordinal))
        {
            throw new ArgumentException($"{Variable} is {id}; expected a device such as opencl:0 or cuda:0.");
        }

        if (OpenClDevices.List().Count == 0)
        {
            Requirement.Missing("There is no OpenCL device: install pocl-opencl-icd ocl-icd-libopencl1.");
        }

        // "opencl:0/poor": the device without double, with little local memory, small work-groups and buffers. Either
        // is sent tiles ahead, as GPUs are.
        string[] parts = id.Split('/');
        OpenClOptions usual = new() { SendsAhead = true };
        OpenClOptions options = parts is [_, "poor"]
            ? usual with
            {
                Limits = new DeviceLimits(1L << 30, 16 << 20, 8 << 10, 64, HasDouble: false), PackProducts = false,
            }
            : usual;
        return new OpenClBackend(parts[0], options);
    }
}
