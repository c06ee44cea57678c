namespace VemKernels.Cuda;

/// <summary>Results of the driver (CUresult of cuda.h) that the backend acts on.</summary>
internal static class ResultCodes
{
    public const int Success = 0;
    public const int OutOfMemory = 2;
    public const int StubLibrary = 34;
    private const int InvalidImage = 200;
    private const int NoBinaryForDevice = 209;
    private const int UnsupportedPtx = 222;
    private const int IllegalAddress = 700;
    private const int LaunchTimeout = 702;
    private const int LaunchFailed = 719;
    private const int InvalidPtx = 218;
    private const int CompilerNotFound = 221;
    private const int EccUncorrectable = 214;
    private const int HardwareStackError = 714;
    private const int IllegalInstruction = 715;
    private const int MisalignedAddress = 716;
    private const int InvalidAddressSpace = 717;
    private const int InvalidProgramCounter = 718;
    private const int DeviceUnavailable = 46;

    /// <summary>Whether the driver does not take an image, which another might replace.</summary>
    public static bool IsBadImage(int code) =>
        code is InvalidImage or NoBinaryForDevice or InvalidPtx or CompilerNotFound or UnsupportedPtx;

    /// <summary>Whether the context is unusable from now on ("sticky" errors).</summary>
    public static bool IsDeviceLost(int code) => code is EccUncorrectable or IllegalAddress or LaunchTimeout
        or HardwareStackError or IllegalInstruction or MisalignedAddress or InvalidAddressSpace or InvalidProgramCounter
        or LaunchFailed or DeviceUnavailable;
}
