using System.Numerics;
using System.Text.Json;
using VemKernels.Data;
using VemKernels.Tests;

namespace VemKernels.Solvers.Tests.Golden;

/// <summary>One case of the shared golden values: inputs, options, results.</summary>
internal sealed class GoldenCase
{
    private readonly NpzFile _file;

    public GoldenCase(string name)
    {
        _file = NpzFile.Open(SharedData.PathOf("golden", name + ".npz"));
        Meta = JsonDocument.Parse(_file["meta"].ToText()).RootElement;
    }

    public JsonElement Meta { get; }

    /// <summary>Relative tolerance of the golden values' README.</summary>
    public static double Tolerance<T>() => typeof(T) == typeof(float) ? 1e-3 : 1e-8;

    public bool Has(string name) => _file.Contains(name);

    public Matrix<T> Matrix<T>(string name, params nint[] leading)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => _file[name].ToMatrix<T>(leading);

    /// <summary>A one-dimensional array as a row.</summary>
    public Matrix<double> Row(string name)
    {
        double[] values = _file[name].ToDoubles();
        return VemKernels.Matrix<double>.From(1, values.Length, values);
    }

    public double[] Doubles(string name) => _file[name].ToDoubles();

    public int[] Ints(string name) => Array.ConvertAll(_file[name].ToInts(), value => (int)value);

    public int Count(string name) => (int)_file[name].Shape[0];

    /// <summary>The splits that the case names: a number of folds, "kfold5", "runs", or lists of indices.</summary>
    public Fold[] Folds(int samples)
    {
        if (Meta.TryGetProperty("train", out JsonElement train))
        {
            JsonElement validation = Meta.GetProperty("val");
            return
            [
                .. Enumerable.Range(0, train.GetArrayLength()).Select(f =>
                    new Fold(train[f].Deserialize<int[]>(), validation[f].Deserialize<int[]>(), samples)),
            ];
        }

        JsonElement cv = Meta.GetProperty("cv");
        return cv.ValueKind == JsonValueKind.Number ? CrossValidationSplits.KFold(samples, cv.GetInt32())
            : cv.GetString() == "kfold5" ? CrossValidationSplits.KFold(samples, 5)
            : CrossValidationSplits.FromRunOnsets(Ints("in_run_onsets"), samples);
    }

    /// <summary>The options that the case names.</summary>
    public RandomSearchOptions Options(WeightKind weights) => new()
    {
        Alphas = Doubles("in_alphas"),
        FitIntercept = Flag("fit_intercept"),
        LocalAlpha = Flag("local_alpha", otherwise: true),
        Conservative = Flag("conservative"),
        JitterAlphas = Flag("jitter_alphas"),
        Seed = Meta.TryGetProperty("random_state", out JsonElement seed) ? seed.GetInt32() : null,
        Score = !Meta.TryGetProperty("score", out JsonElement score) ? ScoreKind.NegativeSquaredError : score.GetString() switch
        {
            "r2" or "r2_score" => ScoreKind.R2,
            "correlation" or "correlation_score" => ScoreKind.Correlation,
            _ => ScoreKind.NegativeSquaredError,
        },
        Weights = weights,
    };

    private bool Flag(string name, bool otherwise = false) =>
        Meta.TryGetProperty(name, out JsonElement value) ? value.GetBoolean() : otherwise;
}
