using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VemKernels.Data;

namespace VemKernels.Cli.Fit;

/// <summary>Records as .json files: snake_case names, indented, written beside and renamed.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>
    /// For writing, generated code first; reflection is for types that only an option's value has. Reading stays with
    /// reflection: generated code gives an init property that a file lacks its type's default, not its own.
    /// </summary>
    private static readonly JsonSerializerOptions WriteOptions = new(Options)
    {
        TypeInfoResolver = JsonTypeInfoResolver.Combine(JsonRecords.Default, new DefaultJsonTypeInfoResolver()),
    };

    /// <summary>Writes a record.</summary>
    public static void Write<TRecord>(string path, TRecord record)
    {
        using AtomicFile file = new(path);
        JsonSerializer.Serialize(file.Stream, record, WriteOptions);
        file.Commit();
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="DataFormatException">It is not JSON, or lacks something.</exception>
    public static TRecord Read<TRecord>(string path)
        where TRecord : class
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<TRecord>(stream, Options)
                ?? throw new DataFormatException(path, "is empty");
        }
        catch (JsonException exception)
        {
            throw new DataFormatException(path, $"damaged: {exception.Message}", exception);
        }
    }
}
