using System.Numerics;
using VemKernels.Cli.Fit.Models;
using VemKernels.Cli.Options;
using VemKernels.Cli.Score;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit;

/// <summary>The names of the files of a fit, and writing of those that prediction needs.</summary>
/// <remarks>
/// <code>
/// deltas.npy                  spaces x targets (1 x targets for ridge and kernel)     log(gamma / alpha)
/// best_alphas.npy             targets; of a search, or after a descent 1 / sum of exp(delta)
/// best_l21.npy, best_l1.npy   targets; of a lasso
/// cv_scores.npy               candidates, iterations or pairs of penalties x targets; of what was cross-validated
/// cv_grid.npy                 what the rows of cv_scores are: candidates x spaces (gammas), or pairs x 2 (l21, l1)
/// dual.npy                    training samples x targets
/// primal.npy                  features of all spaces x targets, instead of dual.npy
/// test_*.npy, test_*.nii.gz   scores on the test runs
/// report.html                 where --report names it so
/// summary.json                sizes, options, timings, scores
/// model.json                  ModelDescription
/// model_features.npy          training samples x features of all spaces, prepared, times the root of a delay prior
/// model_feature_means.npy     features, float64
/// model_response_means.npy    targets, float64
/// model_intercept.npy         targets; where an intercept was fitted
/// model_kernel_means.npy      kernels x training samples, float64; where a kernel is not linear
/// </code>
/// </remarks>
internal static class ModelFolder
{
    /// <summary>What each row of the scores is of.</summary>
    public const string CvGrid = "cv_grid.npy";

    /// <summary>Log kernel weights.</summary>
    public const string Deltas = "deltas.npy";

    /// <summary>Chosen alphas.</summary>
    public const string BestAlphas = "best_alphas.npy";

    /// <summary>Cross-validation scores.</summary>
    public const string CvScores = "cv_scores.npy";

    /// <summary>Dual weights.</summary>
    public const string Dual = "dual.npy";

    /// <summary>Primal weights.</summary>
    public const string Primal = "primal.npy";

    /// <summary>Chosen penalties of groups.</summary>
    public const string BestL21 = "best_l21.npy";

    /// <summary>Chosen penalties of absolute weights.</summary>
    public const string BestL1 = "best_l1.npy";

    /// <summary>Sizes, options, timings and scores.</summary>
    public const string Summary = "summary.json";

    /// <summary>The report, where it was asked for in the folder.</summary>
    public const string Report = "report.html";

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

    /// <summary>What kernels other than linear are centred by.</summary>
    public const string KernelMeans = "model_kernel_means.npy";

    /// <summary>Scores on the test runs.</summary>
    public static readonly ScoreFiles Test = new("test_");

    /// <summary>All files that a fit may write, as <see cref="AtomicFolder"/> takes them.</summary>
    public static readonly string[] Files =
    [
        Deltas, BestAlphas, BestL21, BestL1, CvScores, CvGrid, Dual, Primal, .. Test.All, Summary, Report, Model,
        Features, FeatureMeans, ResponseMeans, Intercept, KernelMeans,
    ];

    /// <summary>The file of weights of a kind.</summary>
    public static string WeightsFile(WeightKind weights) => weights == WeightKind.Primal ? Primal : Dual;

    /// <summary>Writes what prediction needs besides the outputs of the fit.</summary>
    public static void Write<T>(
        AtomicFolder folder, ModelDescription description, Design<T> design, ReadOnlySpan<double> responseMeans,
        FittedModel<T> fitted)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NpyFile.Write(folder[Features], design.Train.View);
        NpyFile.WriteVector<double>(folder[FeatureMeans], design.Means);
        NpyFile.WriteVector(folder[ResponseMeans], responseMeans);
        if (fitted.Intercept is { } row)
        {
            NpyFile.WriteVector<T>(folder[Intercept], row.RowSpan(0));
        }

        if (fitted.Centerers.Any(centerer => centerer is not null))
        {
            WriteKernelMeans(folder[KernelMeans], fitted.Centerers, design.Train.Rows);
        }

        JsonFile.Write(folder[Model], description);
    }

    /// <summary>Reads what centres each kernel of a model; nulls where features are centred.</summary>
    /// <exception cref="DataFormatException">The file has another shape than the model.</exception>
    public static IReadOnlyList<KernelCenterer?> ReadCenterers(string folder, ModelDescription model)
    {
        IReadOnlyList<KernelChoice> kernels = model.KernelsInOrder();
        if (kernels.All(kernel => kernel.IsLinear()))
        {
            return new KernelCenterer?[kernels.Count];
        }

        string path = Path.Combine(folder, KernelMeans);
        using Matrix<double> means = NpyFile.Read<double>(path);
        return means.Rows == kernels.Count && means.Columns == model.TrainingSamples
            ? [.. kernels.Select((kernel, i) =>
                kernel.IsLinear() ? null : KernelCenterer.FromMeans(means.View.RowSpan(i)))]
            : throw new DataFormatException(
                path, $"{means.Rows} x {means.Columns}; {Model} says {kernels.Count} x {model.TrainingSamples}");
    }

    private static void WriteKernelMeans(string path, IReadOnlyList<KernelCenterer?> centerers, nint samples)
    {
        using Matrix<double> means = new(centerers.Count, samples);
        for (int i = 0; i < centerers.Count; i++)
        {
            centerers[i]?.ColumnMeans.CopyTo(means.View.RowSpan(i));
        }

        NpyFile.Write(path, means.View);
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
        return model is
        {
            Format: ModelDescription.FormatName,
            Version: >= ModelDescription.OldestVersion and <= ModelDescription.CurrentVersion,
        }
            ? model
            : throw new DataFormatException(
                path, $"format {model.Format} version {model.Version}; this vem reads versions "
                    + $"{ModelDescription.OldestVersion} to {ModelDescription.CurrentVersion}");
    }
}
