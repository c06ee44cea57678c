using VemKernels.OpenCL;
using VemKernels.Reference;
using VemKernels.Tests;

namespace VemKernels.Solvers.Tests.Memory;

/// <summary>A backend whose memory runs out when a test says so.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="Create">Starts it; the function refuses allocations of so many bytes.</param>
/// <param name="BytesInUse">Bytes that solvers hold, or have lost.</param>
internal sealed record ScarceBackend(
    string Name, Func<Func<long, bool>, IBackend> Create, Func<IBackend, long> BytesInUse)
{
    /// <summary>The reference, which sees every matrix.</summary>
    public static readonly ScarceBackend Reference = new(
        "reference", refuses => new ReferenceBackend { Refuses = refuses }, b => ((ReferenceBackend)b).LiveBytes);

    /// <summary>A device, whose operations borrow scratch memory too.</summary>
    public static readonly ScarceBackend Device = new("opencl:0", StartDevice, b => ((OpenClBackend)b).BytesInUse);

    public override string ToString() => Name;

    private static OpenClBackend StartDevice(Func<long, bool> refuses)
    {
        if (OpenClDevices.List().Count == 0)
        {
            Requirement.Missing("There is no OpenCL device: install pocl-opencl-icd ocl-icd-libopencl1.");
        }

        return new OpenClBackend("opencl:0", new OpenClOptions { RefusesBuffer = refuses, SendsAhead = true });
    }
}
