using System.Text.Json;
using System.Text.Json.Serialization;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Kernels as JSON: a name, or an object of a name and parameters: "linear", { "name": "rbf", "gamma": 0.1 }. A
/// parameter that is absent has its default.
/// </summary>
internal sealed class PairwiseKernelConverter : JsonConverter<PairwiseKernel>
{
    private const string NameField = "name";

    public override PairwiseKernel Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement root = document.RootElement;
        try
        {
            return root.ValueKind == JsonValueKind.String
                ? PairwiseKernel.FromName(root.GetString()!)
                : FromObject(root);
        }
        catch (Exception exception)
            when (exception is ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            throw new JsonException($"{root.GetRawText()} is not a kernel: {exception.Message}", exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, PairwiseKernel value, JsonSerializerOptions options)
    {
        bool polynomial = value.Name == "polynomial";
        if (!polynomial && value.Name is not ("rbf" or "sigmoid"))
        {
            writer.WriteStringValue(value.Name);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString(NameField, value.Name);
        if (polynomial)
        {
            writer.WriteNumber("degree", value.Degree);
        }

        if (value.Gamma is { } gamma)
        {
            writer.WriteNumber("gamma", gamma);
        }

        if (value.Name != "rbf")
        {
            writer.WriteNumber("coef0", value.Coef0);
        }

        writer.WriteEndObject();
    }

    private static PairwiseKernel FromObject(JsonElement root)
    {
        string name = root.GetProperty(NameField).GetString() ?? throw new ArgumentException("it has no name");
        return PairwiseKernel.FromName(
            name,
            root.EnumerateObject()
                .Where(field => field.Name != NameField)
                .ToDictionary(field => field.Name, field => field.Value.GetDouble()));
    }
}
