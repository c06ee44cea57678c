using VemKernels.Cli.Options;
using VemKernels.Data;
using VemKernels.Simd;
using VemKernels.Solvers;

namespace VemKernels.Cli.Tests;

/// <summary>
/// What a fit in float64 without z-scores was made on, so that a test can call the solver by itself, and what it wrote.
/// </summary>
internal sealed class TrainingData : IDisposable
{
    /// <summary>Samples of the runs that do not test.</summary>
    public const int Samples = (SmallExperiment.Runs - 1) * SmallExperiment.RunLength;

    private static readonly int[] Sizes = [6, 2, 3];

    private readonly string _folder;
    private readonly Matrix<double> _features;
    private readonly Matrix<double> _responses;
    private readonly List<Matrix<double>> _kernels = [];

    public TrainingData(SmallExperiment data, string output = "out")
    {
        _folder = data[output];
        _features = Read("model_features.npy");
        using Matrix<double> all = NpyFile.Read<double>(data["responses.npy"]);
        int[] rows = [.. Enumerable.Range(0, Samples)];
        PreparedTargets<double> targets = new(new MatrixTargetSource<double>(all.View), null, rows, rows);
        _responses = Matrix<double>.Uninitialized(Samples, SmallExperiment.Voxels);
        targets.Read(0, _responses.View);
        targets.ReadMeans(0, Means);
    }

    public SimdBackend Backend { get; } = new(threads: 1);

    public double[] Means { get; } = new double[SmallExperiment.Voxels];

    public MatrixView<double> Features => _features.View;

    public MatrixTargetSource<double> Targets => new(_responses.View);

    public Fold[] Folds => CrossValidationSplits.LeaveOneRunOut(
        [.. Enumerable.Range(0, Samples).Select(i => i / SmallExperiment.RunLength)]);

    /// <summary>The features of each space.</summary>
    public MatrixView<double>[] Spaces =>
        [.. Sizes.Select((size, i) => Features.SliceColumns(Sizes.Take(i).Sum(), size))];

    /// <summary>
    /// The centred kernel of some training features. Solvers that stop by a tolerance are compared to many digits, so
    /// its last bits matter: linear ones need no centring, and the upper half is the lower one.
    /// </summary>
    public MatrixView<double> Kernel(string kernel, MatrixView<double> features)
    {
        Matrix<double> K = kernel == "linear" ? Predictions.LinearKernel(Backend, features, features)
            : PairwiseKernels.Compute(Backend, KernelChoice.Parse(kernel).ToKernel(), features);
        _kernels.Add(K);
        if (kernel != "linear")
        {
            KernelCenterer.Fit(Backend, K.View).TransformInPlace(Backend, K.View);
        }

        for (int i = 0; i < K.Rows; i++)
        {
            for (int j = 0; j < i; j++)
            {
                K[j, i] = K[i, j];
            }
        }

        return K.View;
    }

    /// <summary>The centred kernels of all spaces.</summary>
    public MatrixView<double>[] Kernels(params string[] kernels) =>
        [.. kernels.Select((kernel, i) => Kernel(kernel, Spaces[i]))];

    /// <summary>An array that the fit wrote; the caller disposes it.</summary>
    public Matrix<double> Read(string file) => NpyFile.Read<double>(Path.Combine(_folder, file));

    /// <summary>Requires a file to hold these numbers (a row is written as a vector).</summary>
    public void RequireFile(string file, MatrixView<double> expected, double within = 1e-8)
    {
        using Matrix<double> found = Read(file);
        MatrixView<double> view = expected.Rows == 1 && found.Columns == 1 ? found.View.Transposed : found.View;
        Require(view, expected, within, file);
    }

    /// <summary>Requires predictions of the training samples to be those of dual weights.</summary>
    public void RequirePredictions(
        string path, IReadOnlyList<MatrixView<double>> kernels, MatrixView<double> dual, MatrixView<double> deltas,
        MatrixView<double>? intercept = null, double within = 1e-8)
    {
        using Matrix<double> expected = Matrix<double>.Uninitialized(Samples, SmallExperiment.Voxels);
        using Matrix<double> offset = Offset(intercept);
        Predictions.Predict(Backend, kernels, dual, deltas, offset.View, expected.View);
        RequirePredictions(path, expected.View, within);
    }

    /// <summary>Requires predictions of the training samples to be those of primal weights.</summary>
    public void RequirePredictions(string path, MatrixView<double> primal, MatrixView<double>? intercept = null)
    {
        using Matrix<double> expected = Matrix<double>.Uninitialized(Samples, SmallExperiment.Voxels);
        using Matrix<double> offset = Offset(intercept);
        Predictions.PredictPrimal(Backend, Features, primal, offset.View, expected.View);
        RequirePredictions(path, expected.View, 1e-8);
    }

    public static void Require(
        MatrixView<double> found, MatrixView<double> expected, double within, string what = "numbers")
    {
        Assert.That((found.Rows, found.Columns), Is.EqualTo((expected.Rows, expected.Columns)), what);
        for (nint i = 0; i < expected.Rows; i++)
        {
            for (nint j = 0; j < expected.Columns; j++)
            {
                Assert.That(found[i, j], Is.EqualTo(expected[i, j]).Within(within), $"{what} ({i}, {j})");
            }
        }
    }

    public void Dispose()
    {
        _features.Dispose();
        _responses.Dispose();
        _kernels.ForEach(kernel => kernel.Dispose());
        Backend.Dispose();
    }

    private static void RequirePredictions(string path, MatrixView<double> expected, double within)
    {
        using Matrix<double> found = NpyFile.Read<double>(path);
        Require(found.View.SliceRows(0, Samples), expected, within, "predictions");
    }

    private Matrix<double> Offset(MatrixView<double>? intercept)
    {
        Matrix<double> offset = Matrix<double>.From(1, Means.Length, Means);
        for (nint j = 0; j < Means.Length && intercept is not null; j++)
        {
            offset[0, j] += intercept.Value[0, j];
        }

        return offset;
    }
}
