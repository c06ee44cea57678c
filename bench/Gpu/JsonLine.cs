using System.Text.Json;
using System.Text.Json.Serialization;

namespace VemKernels.Gpu;

/// <summary>
/// Results as lines of JSON, each written when it is known: what stops a run does not lose the lines before.
/// </summary>
internal static class JsonLine
{
    /// <summary>
    /// A score or a rate that is not finite is a result as well; the format's plain numbers cannot be one.
    /// </summary>
    private static readonly JsonSerializerOptions Options = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Prints a record.</summary>
    public static void Print(object line)
    {
        Console.WriteLine(JsonSerializer.Serialize(line, Options));
        Console.Out.Flush();
    }
}
