using System.Text.Json.Serialization;
using VemKernels.Benchmark.Reports;
using VemKernels.Cli.Score;

namespace VemKernels.Cli.Fit;

/// <summary>
/// How the records of .json files are read and written, generated when this is compiled: to find it out by reflection took a quarter of
/// the time of a small fit.
/// </summary>
[JsonSerializable(typeof(BenchmarkReport))]
[JsonSerializable(typeof(FitSummary))]
[JsonSerializable(typeof(ModelDescription))]
[JsonSerializable(typeof(ScoreReport))]
[JsonSerializable(typeof(bool))] // From here on: values of options in FitSummary.
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(double[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class JsonRecords : JsonSerializerContext;
