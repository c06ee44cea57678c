using System.Diagnostics;
using System.Numerics;

namespace VemKernels.Device;

/// <content>What the device could do at most.</content>
public abstract partial class DeviceBackend
{
    private const int PeakGroup = 64;

    /// <summary>Groups a compute unit: enough to hide latencies.</summary>
    private const int PeakGroupsPerUnit = 16;

    private const int PeakSteps = 2048;

    /// <summary>CHAINS of native/common/peak.cl.</summary>
    private const int PeakChains = 8;

    private const int PeakRounds = 5;

    private const string PeakDefinitions = "-D REAL_PEAK_VECTOR=REAL -D PEAK_FIRST(x)=(x)";

    /// <inheritdoc/>
    public double MeasurePeak<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (IsHosted<T>())
        {
            return Host.MeasurePeak<T>();
        }

        (int lanes, _) = PeakVector<T>();
        int groups = Math.Max(1, _runtime.ComputeUnits) * PeakGroupsPerUnit;
        using Scratch result = Rent<T>(1, (nint)groups * PeakGroup);
        double fastest = double.PositiveInfinity;
        for (int round = 0; round < PeakRounds; round++)
        {
            _runtime.Finish();
            long start = Stopwatch.GetTimestamp();
            MultiplyAdds<T>(result.View, groups, PeakSteps);
            _runtime.Finish();
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        const int FlopsOfMultiplyAdd = 2;
        return (double)FlopsOfMultiplyAdd * PeakChains * lanes * PeakSteps * groups * PeakGroup / fastest;
    }

    /// <summary>
    /// What the items of so many groups compute, 1 x items: for x0 = 1 + i to 8 + i, of item i, the sum of what x
    /// becomes by so many steps x = 0.999 x + 0.001.
    /// </summary>
    internal Matrix<T> MultiplyAdds<T>(int groups, int steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> host = Matrix<T>.Uninitialized(1, (nint)groups * PeakGroup);
        using Scratch result = Rent<T>(1, host.Columns);
        MultiplyAdds<T>(result.View, groups, steps);
        Download(result.View, host.View);
        return host;
    }

    private void MultiplyAdds<T>(BufferView result, int groups, int steps)
        where T : unmanaged
    {
        KernelCall call = Call<T>("peak", "multiply_adds", PeakVector<T>().Definitions);
        call.Real<T>(0.999);
        call.Real<T>(0.001);
        call.Buffer(result.Buffer);
        call.Int(steps);
        call.Run((groups, 1, 1), (PeakGroup, 1, 1));
    }

    /// <summary>
    /// The vector of peak.cl, its lanes and its definitions: one element, because a GPU's lanes are the items of a
    /// group.
    /// </summary>
    private protected virtual (int Lanes, string Definitions) PeakVector<T>()
        where T : unmanaged => (1, PeakDefinitions);
}
