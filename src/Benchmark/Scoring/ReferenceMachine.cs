using System.Text.Json;

namespace VemKernels.Benchmark.Scoring;

/// <summary>The rates of the machine that scores 100.</summary>
/// <param name="Processor">Its processor.</param>
/// <param name="Threads">Threads that were used.</param>
/// <param name="Date">When it was measured.</param>
/// <param name="Version">Of the workloads.</param>
/// <param name="Rates">By workload, in the unit of each.</param>
internal sealed record ReferenceMachine(
    string Processor, int Threads, string Date, int Version, IReadOnlyDictionary<string, double> Rates)
{
    private const string Resource = "reference.json";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>What it is called.</summary>
    public string Name => $"{Processor}, {Threads} threads, {Date}";

    /// <summary>Reads what was measured and is embedded here.</summary>
    public static ReferenceMachine Load()
    {
        using Stream stream = typeof(ReferenceMachine).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks the resource {Resource}.");
        return JsonSerializer.Deserialize<ReferenceMachine>(stream, Options)
            ?? throw new InvalidOperationException($"The resource {Resource} is empty.");
    }

    /// <summary>A workload's rate; null where it was not measured.</summary>
    public double? RateOf(string workload) => Rates.TryGetValue(workload, out double rate) ? rate : null;
}
