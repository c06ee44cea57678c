using System.Numerics;
using VemKernels.Cli.Options;
using VemKernels.Data;

namespace VemKernels.Cli.Fit;

/// <summary>The names of the files of a fit, and writing of those that prediction needs.</summary>
/// <remarks>
/// <code>
/// deltas.npy                  spaces x targets (1 x targets for ridge and kernel)     log(gamma / alpha)
/// best_alphas.npy             targets
/// cv_scores.npy               candidates x targets
/// dual.npy                    training samples x targets
/// test_*.npy, test_*.nii.gz   scores on the test runs
/// summary.json                sizes, options, timings, scores
/// model.json                  ModelDescription
/// model_features.npy          training samples x features of all spaces, prepared
/// model_feature_means.npy     features, float64
/// model_response_means.npy    targets, float64
/// model_intercept.npy         targets; where an intercept was fitted
/// </code>
/// </remarks>
internal static class ModelFolder
{
    /// <summary>Log kernel weights.</summary>
    public const string Deltas = "deltas.npy";

    /// <summary>Chosen alphas.</summary>
    public const string BestAlphas = "best_alphas.npy";

    /// <summary>Cross-validation scores.</summary>
    public const string CvScores = "cv_scores.npy";

    /// <summary>Dual weights.</summary>
    public const string Dual = "dual.npy";

    /// <summary>R2 on the test samples.</summary>
    public const string TestR2 = "test_r2.npy";

    /// <summary>Correlation on the test samples.</summary>
    public const string TestCorrelation = "test_correlation.npy";

    /// <summary>R2 split over spaces.</summary>
    public const string TestR2Split = "test_r2_split.npy";

    /// <summary>Map of the R2.</summary>
    public const string TestR2Map = "test_r2.nii.gz";

    /// <summary>Map of the correlation.</summary>
    public const string TestCorrelationMap = "test_correlation.nii.gz";

    /// <summary>Sizes, options, timings and scores.</summary>
    public const string Summary = "summary.json";

    /// <summary>All of the model that is not an array.</summary>
    public const string Model = "model.json";

    /// <summary>Prepared training features.</summary>
    public const string Features = "model_features.npy";

    /// <summary>Means of the features.</summary>
    public const string FeatureMeans = "model_feature_means.npy";

    /// <summary>Means of the responses.</summary>
    public const string ResponseMeans = "model_response_means.npy";

    /// <summary>Intercepts.</summary>
    public const string Intercept = "model_intercept.npy";

    /// <summary>All files that a fit may write, as <see cref="AtomicFolder"/> takes them.</summary>
    public static readonly string[] Files =
    [
        Deltas, BestAlphas, CvScores, Dual, TestR2, TestCorrelation, TestR2Split, TestR2Map, TestCorrelationMap,
        TestR2SplitMap("*"), Summary, Model, Features, FeatureMeans, ResponseMeans, Intercept,
    ];

    /// <summary>Map of the R2 of one space.</summary>
    public static string TestR2SplitMap(string space) => $"test_r2_split_{space}.nii.gz";

    /// <summary>Writes what prediction needs besides the outputs of the fit.</summary>
    public static void Write<T>(
        AtomicFolder folder, FitOptions options, Design<T> design, ReadOnlySpan<double> responseMeans,
        MatrixView<T>? intercept)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NpyFile.Write(folder[Features], design.Train.View);
        NpyFile.WriteVector<double>(folder[FeatureMeans], design.Means);
        NpyFile.WriteVector(folder[ResponseMeans], responseMeans);
        if (intercept is { } row)
        {
            NpyFile.WriteVector<T>(folder[Intercept], row.RowSpan(0));
        }

        JsonFile.Write(folder[Model], new ModelDescription
        {
            Format = ModelDescription.FormatName,
            Version = ModelDescription.CurrentVersion,
            Model = options.Model,
            DataType = options.DataType,
            HasRuns = options.Runs is not null,
            ZScoreRuns = options.ZScoreRuns,
            FitIntercept = options.FitIntercept,
            TrainingSamples = (int)design.Train.Rows,
            Targets = responseMeans.Length,
            Spaces = design.Spaces,
        });
    }

    /// <summary>Reads model.json.</summary>
    /// <exception cref="DataFormatException">
    /// The folder or the file is missing, damaged, or of another version.
    /// </exception>
    public static ModelDescription ReadDescription(string folder)
    {
        string path = Path.Combine(folder, Model);
        if (!File.Exists(path))
        {
            throw new DataFormatException(folder, $"is not a folder that vem fit wrote (it has no {Model})");
        }

        ModelDescription model = JsonFile.Read<ModelDescription>(path);
        return model is { Format: ModelDescription.FormatName, Version: ModelDescription.CurrentVersion }
            ? model
            : throw new DataFormatException(
                path, $"format {model.Format} version {model.Version}; this vem reads version "
                    + $"{ModelDescription.CurrentVersion}");
    }
}
