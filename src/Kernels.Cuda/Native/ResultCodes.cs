namespace VemKernels.Cuda;

/// <summary>Results of the driver (CUresult of cuda.h) that the backend acts on.</summary>
internal static class ResultCodes
{
    public const int Success = 0;
    public const int InvalidValue = 1;
    public const int OutOfMemory = 2;
    public const int NoDevice = 100;
    public const int InvalidImage = 200;
    public const int NoBinaryForDevice = 209;
    public const int UnsupportedPtx = 222;
    public const int IllegalAddress = 700;
    public const int LaunchTimeout = 702;
    public const int LaunchFailed = 719;
    public const int SystemDriverMismatch = 803;
    private const int EccUncorrectable = 214;
    private const int HardwareStackError = 714;
    private const int IllegalInstruction = 715;
    private const int MisalignedAddress = 716;
    private const int InvalidAddressSpace = 717;
    private const int InvalidProgramCounter = 718;
    private const int DeviceUnavailable = 46;

    /// <summary>Whether the context is unusable from now on ("sticky" errors).</summary>
    public static bool IsDeviceLost(int code) => code is EccUncorrectable or IllegalAddress or LaunchTimeout
        or HardwareStackError or IllegalInstruction or MisalignedAddress or InvalidAddressSpace or InvalidProgramCounter
        or LaunchFailed or DeviceUnavailable;
}
