using System.Diagnostics;
using System.Numerics;

namespace VemKernels.OpenCL;

/// <content>What the device could do at most.</content>
public sealed partial class OpenClBackend
{
    private const int PeakGroup = 64;

    /// <summary>Groups a compute unit: enough to hide latencies.</summary>
    private const int PeakGroupsPerUnit = 16;

    private const int PeakSteps = 2048;

    /// <summary>CHAINS of native/common/peak.cl.</summary>
    private const int PeakChains = 8;

    private const int PeakRounds = 5;

    /// <inheritdoc/>
    public double MeasurePeak<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (IsHosted<T>())
        {
            return Host.MeasurePeak<T>();
        }

        // A processor's lanes are the elements of a vector; a GPU's are the items of a group.
        int lanes = Device.IsProcessor ? (typeof(T) == typeof(float) ? 16 : 8) : 1;
        string type = typeof(T) == typeof(float) ? "float" : "double";
        string definitions = lanes == 1
            ? $"-D REAL_PEAK_VECTOR={type} -D PEAK_FIRST(x)=(x)"
            : $"-D REAL_PEAK_VECTOR={type}{lanes} -D PEAK_FIRST(x)=(x).s0";
        int groups = Math.Max(1, Device.ComputeUnits) * PeakGroupsPerUnit;
        using Scratch result = Rent<T>(1, (nint)groups * PeakGroup);
        double fastest = double.PositiveInfinity;
        for (int round = 0; round < PeakRounds; round++)
        {
            _context.Finish();
            long start = Stopwatch.GetTimestamp();
            using (KernelCall call = Call<T>("peak", "multiply_adds", definitions))
            {
                call.Real<T>(0.999);
                call.Real<T>(0.001);
                call.Buffer(result.View.Buffer);
                call.Int(PeakSteps);
                call.Run((groups, 1, 1), (PeakGroup, 1, 1));
            }

            _context.Finish();
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        const int FlopsOfMultiplyAdd = 2;
        return (double)FlopsOfMultiplyAdd * PeakChains * lanes * PeakSteps * groups * PeakGroup / fastest;
    }
}
