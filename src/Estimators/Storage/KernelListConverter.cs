using System.Text.Json;
using System.Text.Json.Serialization;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>Lists of kernels as JSON. A single one, as version 1 wrote it, is a list of one.</summary>
internal sealed class KernelListConverter : JsonConverter<IReadOnlyList<PairwiseKernel>>
{
    public override IReadOnlyList<PairwiseKernel> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return [JsonSerializer.Deserialize<PairwiseKernel>(ref reader, options)!];
        }

        PairwiseKernel[] kernels = JsonSerializer.Deserialize<PairwiseKernel[]>(ref reader, options)!;
        return kernels.Length > 0 && !kernels.Contains(null) ? kernels
            : throw new JsonException("a list of kernels names none");
    }

    public override void Write(
        Utf8JsonWriter writer, IReadOnlyList<PairwiseKernel> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.ToArray(), options);
}
