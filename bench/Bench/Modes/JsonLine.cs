using System.Text.Json;

namespace VemKernels.Bench.Modes;

/// <summary>Answers for scripts: one JSON value a line.</summary>
internal static class JsonLine
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Prints a value.</summary>
    public static void Write(object value)
    {
        Console.WriteLine(JsonSerializer.Serialize(value, Options));
        Console.Out.Flush();
    }
}
