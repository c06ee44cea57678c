namespace VemKernels.Benchmark.Workloads;

/// <summary>numpy's names of element types.</summary>
internal static class ElementName
{
    /// <summary>"float32" or "float64".</summary>
    public static string Of<T>() => typeof(T) == typeof(float) ? "float32" : "float64";
}
