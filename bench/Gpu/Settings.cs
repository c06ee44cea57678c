using VemKernels.Cuda;
using VemKernels.OpenCL;
using VemKernels.Simd;

namespace VemKernels.Gpu;

/// <summary>What follows a mode on the command line.</summary>
internal sealed class Settings(string[] words)
{
    /// <summary>By what sizes shrink where only the way through the program is tried.</summary>
    private const int SmallDivisor = 30;

    /// <summary>Whether sizes are small: to try the program without a device.</summary>
    public bool IsSmall { get; } = words.Contains("--small") || Text(words, "--over") is not null;

    /// <summary>What sizes are divided by then.</summary>
    private int Divisor { get; } = int.Parse(Text(words, "--over") ?? $"{SmallDivisor}");

    /// <summary>Part of the names of the cases that are wanted.</summary>
    public string Filter { get; } = Text(words, "--filter") ?? string.Empty;

    /// <summary>Candidates of the search.</summary>
    public int Candidates { get; } = int.Parse(Text(words, "--candidates") ?? "20");

    /// <summary>A size, as it is or small.</summary>
    public int Size(int size) => IsSmall ? Math.Max(1, size / Divisor) : size;

    /// <summary>Starts the backend that is measured.</summary>
    public IBackend Start()
    {
        string id = Text(words, "--backend") ?? "cuda:0";
        return id == "simd" ? new SimdBackend()
            : id.StartsWith(CudaDevices.IdPrefix, StringComparison.Ordinal) ? new CudaBackend(id, Options(words))
            : new OpenClBackend(id);
    }

    private static string? Text(string[] words, string name)
    {
        int at = Array.IndexOf(words, name);
        return at >= 0 && at + 1 < words.Length ? words[at + 1] : null;
    }

    private static CudaOptions Options(string[] words) => new()
    {
        UseTensorCores = words.Contains("--no-tensors") ? false : words.Contains("--tensors") ? true : null,
    };
}
