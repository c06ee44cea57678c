namespace VemKernels.Cuda;

/// <summary>What a compiler makes for a device: machine code, or what the driver turns into it.</summary>
/// <param name="Number">70 for compute capability 7.0.</param>
/// <param name="IsMachineCode">Whether the compiler makes machine code; else PTX.</param>
internal readonly record struct Architecture(int Number, bool IsMachineCode)
{
    /// <summary>The compiler's option.</summary>
    public string Option => $"--gpu-architecture={(IsMachineCode ? "sm" : "compute")}_{Number}";

    /// <summary>
    /// Machine code for the device itself where the compiler knows it; for a newer device PTX of the newest
    /// architecture that it knows, which the driver compiles when it loads it.
    /// </summary>
    /// <param name="capability">The device's compute capability.</param>
    /// <param name="known">The architectures of the compiler, ascending.</param>
    /// <exception cref="PlatformNotSupportedException">The device is older than all that the compiler
    /// knows.</exception>
    public static Architecture For(int capability, IReadOnlyList<int> known)
    {
        if (known.Contains(capability))
        {
            return new Architecture(capability, IsMachineCode: true);
        }

        int newest = known.Where(number => number < capability).DefaultIfEmpty().Max();
        return newest == 0
            ? throw new PlatformNotSupportedException(
                $"The device has compute capability {capability / 10}.{capability % 10}; this NVRTC compiles for "
                + $"{string.Join(", ", known.Select(number => $"{number / 10}.{number % 10}"))}.")
            : new Architecture(newest, IsMachineCode: false);
    }
}
