using System.Globalization;

namespace VemKernels.Simd;

/// <summary>Sizes of the processor's caches, as Linux tells them; elsewhere those of a common server.</summary>
internal static class CacheSizes
{
    private const string Folder = "/sys/devices/system/cpu/cpu0/cache";

    private const int DefaultSecondLevel = 1 << 20;

    private const int DefaultThirdLevel = 32 << 20;

    /// <summary>Bytes of a line: of x86 and of most Arm processors. Only speed depends on it.</summary>
    public const int Line = 64;

    /// <summary>Bytes of the second level, a core's own.</summary>
    public static int SecondLevel { get; } = Read(2) ?? DefaultSecondLevel;

    /// <summary>Bytes of the third level, which cores share; the second's where there is none.</summary>
    public static int ThirdLevel { get; } = Read(3) ?? (Read(2) ?? DefaultThirdLevel);

    /// <summary>The largest data or unified cache of that level.</summary>
    private static int? Read(int level)
    {
        if (!Directory.Exists(Folder))
        {
            return null;
        }

        int? largest = null;
        foreach (string index in Directory.EnumerateDirectories(Folder, "index*"))
        {
            string levelFile = Path.Combine(index, "level");
            string sizeFile = Path.Combine(index, "size");
            if (File.Exists(levelFile) && File.Exists(sizeFile)
                && File.ReadAllText(levelFile).Trim() == level.ToString(CultureInfo.InvariantCulture))
            {
                largest = Math.Max(largest ?? 0, Bytes(File.ReadAllText(sizeFile).Trim()));
            }
        }

        return largest is > 0 ? largest : null;
    }

    /// <summary>"1024K" or "32M" in bytes; 0 where it is something else.</summary>
    private static int Bytes(string size)
    {
        int shift = size.EndsWith('K') ? 10 : size.EndsWith('M') ? 20 : 0;
        bool isNumber = long.TryParse(
            size.TrimEnd('K', 'M'), NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        return isNumber ? (int)Math.Min(number << shift, 1 << 30) : 0;
    }
}
