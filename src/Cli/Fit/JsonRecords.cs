using System.Text.Json.Serialization;
using VemKernels.Benchmark.Reports;
using VemKernels.Cli.Score;

namespace VemKernels.Cli.Fit;

/// <summary>
/// How the records of .json files are written, generated when this is compiled: to find it out by reflection was half
/// of the methods that a small fit compiled at run time.
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
