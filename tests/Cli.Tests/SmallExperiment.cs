using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Tests;

/// <summary>
/// The files of a tiny experiment: 6 runs of 20 samples, a column of categories, two of motion, three features in .npy,
/// 12 voxels that depend on all of them, as .npy and as NIfTI.
/// </summary>
internal sealed class SmallExperiment : IDisposable
{
    public const int Runs = 6;
    public const int RunLength = 20;
    public const int Samples = Runs * RunLength;
    public const int Voxels = 12;

    private static readonly string[] Categories = ["rest", "house", "face", "cat"];

    private readonly TemporaryFolder _folder = new();

    public SmallExperiment()
    {
        RandomState random = new(7);
        string[] labels = [.. Enumerable.Range(0, Samples).Select(i => Categories[i / 3 % Categories.Length])];
        double[,] motion = Draw(random, 2);
        double[,] other = Draw(random, 3);
        File.WriteAllLines(
            this["samples.tsv"], ["run\tcategory", .. labels.Select((label, i) => $"{1 + (i / RunLength)}\t{label}")]);
        File.WriteAllLines(
            this["motion.tsv"],
            ["x\ty\tcomment", .. labels.Select((_, i) => $"{motion[i, 0]:R}\t{motion[i, 1]:R}\tnone")]);
        using Matrix<double> features = new(Samples, 3);
        using Matrix<float> responses = new(Samples, Voxels);
        for (int i = 0; i < Samples; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                features[i, j] = other[i, j];
            }

            for (int voxel = 0; voxel < Voxels; voxel++)
            {
                int category = i % RunLength == 0 ? 0 : Array.IndexOf(Categories, labels[i - 1]);
                double signal = (category == 1 + (voxel % 3) ? 2 : 0) + motion[i, voxel % 2] + other[i, voxel % 3];
                responses[i, voxel] = (float)(100 + signal + (0.5 * random.Randn()));
            }
        }

        NpyFile.Write(this["other.npy"], features.View);
        NpyFile.Write(this["responses.npy"], responses.View);
        NiftiHeader header = new() { Dimensions = [2, 3, 2, Samples] };
        NiftiMask mask = NiftiMask.Whole(header);
        NiftiWriter.WriteSeries(this["bold.nii.gz"], header, mask, responses.View);
        float[] chosen = new float[Voxels];
        Array.Fill(chosen, 1f, 0, Voxels - 2);
        NiftiWriter.WriteVolume(this["mask.nii"], header, mask, chosen);
    }

    /// <summary>The folder.</summary>
    public TemporaryFolder Folder => _folder;

    /// <summary>The path of a file in the folder.</summary>
    public string this[string name] => _folder[name];

    /// <summary>A fit of everything, tested on the last run, into "out".</summary>
    public string[] Fit(params string[] more) =>
    [
        "fit", "--features", $"stim={this["samples.tsv"]}:category", "--features", $"motion={this["motion.tsv"]}:x,y",
        "--features", $"other={this["other.npy"]}", "--responses", this["responses.npy"], "--runs",
        $"{this["samples.tsv"]}:run",
        "--test-runs", "6", "--delays", "stim=1,2", "--baseline", "rest", "--zscore-runs", "--iterations", "8",
        "--alphas", "1e-1:1e3:5",
        "--out", this["out"], .. more,
    ];

    /// <summary>The same fit with one option's value replaced.</summary>
    public string[] FitWith(string option, string value)
    {
        string[] arguments = Fit();
        arguments[Array.IndexOf(arguments, option) + 1] = value;
        return arguments;
    }

    /// <summary>The same fit without an option and its value.</summary>
    public string[] FitWithout(params string[] options)
    {
        List<string> arguments = [.. Fit()];
        foreach (string option in options)
        {
            int index = arguments.IndexOf(option);
            arguments.RemoveRange(index, option == "--zscore-runs" ? 1 : 2);
        }

        return [.. arguments];
    }

    public void Dispose() => _folder.Dispose();

    private static double[,] Draw(RandomState random, int columns)
    {
        double[,] values = new double[Samples, columns];
        for (int i = 0; i < Samples; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                values[i, j] = random.Randn();
            }
        }

        return values;
    }
}
