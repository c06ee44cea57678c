using System.Numerics;

namespace VemKernels.Solvers;

/// <content>The data set of himalaya's examples.</content>
public static partial class Simulation
{
    /// <summary>
    /// Concentration of the Dirichlet distribution that kernel weights are drawn from: most targets favour one space.
    /// </summary>
    private const double KernelWeightConcentration = 0.3;

    /// <summary>
    /// Simulates feature spaces and targets that depend on all spaces, as himalaya's
    /// <c>generate_multikernel_dataset</c> does: a seed gives its values, to rounding.
    /// </summary>
    /// <param name="features">Features of each space; as many spaces as numbers.</param>
    /// <param name="targets">Number of targets.</param>
    /// <param name="trainSamples">Samples of the training set.</param>
    /// <param name="testSamples">Samples of the test set.</param>
    /// <param name="noise">Standard deviation of the white noise; the signal's is 1.</param>
    /// <param name="kernelWeights">targets x spaces; null to draw them.</param>
    /// <param name="seed">Seed, 0 to 2^32 - 1; null for one from the operating system.</param>
    /// <exception cref="ArgumentException">
    /// A size under 1, negative noise, or kernel weights of another shape.
    /// </exception>
    public static MultikernelDataset<T> GenerateMultikernelDataset<T>(
        ReadOnlySpan<int> features, int targets, int trainSamples, int testSamples, double noise = 0.1,
        MatrixView<double>? kernelWeights = null, long? seed = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckMultikernel(features, targets, trainSamples, testSamples, noise);
        if (kernelWeights is MatrixView<double> given)
        {
            Shapes.Require(given, targets, features.Length, nameof(kernelWeights));
        }

        Matrix<double> weights = kernelWeights is MatrixView<double> view
            ? Matrix<double>.From(view)
            : DirichletSamples.Generate(targets, features.Length, [KernelWeightConcentration], seed);
        nint total = 0;
        foreach (int count in features)
        {
            total += count;
        }

        // The generator starts again from the seed after the weights: so it does there.
        RandomState random = RandomState.FromSeed(seed);
        using Matrix<double> XTrain = Matrix<double>.Uninitialized(trainSamples, total);
        using Matrix<double> XTest = Matrix<double>.Uninitialized(testSamples, total);
        using Matrix<double> YTrain = new(trainSamples, targets);
        using Matrix<double> YTest = new(testSamples, targets);
        nint first = 0;
        for (int space = 0; space < features.Length; space++)
        {
            MatrixView<double> train = XTrain.View.SliceColumns(first, features[space]);
            MatrixView<double> test = XTest.View.SliceColumns(first, features[space]);
            DrawCentred(random, train);
            DrawCentred(random, test);
            using Matrix<double> B = DrawPrimalWeights(random, features[space], weights.View.SliceColumns(space, 1));
            DenseLoops.AddProduct(train, B.View, YTrain.View);
            DenseLoops.AddProduct(test, B.View, YTest.View);
            first += features[space];
        }

        double[] deviations = DenseLoops.StandardDeviations(YTrain.View);
        foreach (MatrixView<double> Y in (ReadOnlySpan<MatrixView<double>>)[YTrain.View, YTest.View])
        {
            DenseLoops.Divide(Y, deviations);
            AddNoise(random, Y, noise);
            DenseLoops.Center(Y);
        }

        return new MultikernelDataset<T>(
            DenseLoops.Convert<T>(XTrain.View), DenseLoops.Convert<T>(XTest.View), DenseLoops.Convert<T>(YTrain.View),
            DenseLoops.Convert<T>(YTest.View), weights, features.ToArray());
    }

    private static void CheckMultikernel(
        ReadOnlySpan<int> features, int targets, int trainSamples, int testSamples, double noise)
    {
        bool spacesHaveFeatures = !features.IsEmpty && features.IndexOfAnyInRange(int.MinValue, 0) < 0;
        Require(spacesHaveFeatures, nameof(features), "at least one space, each with features");
        Require(targets > 0, nameof(targets), "at least 1");
        Require(trainSamples > 1, nameof(trainSamples), "at least 2");
        Require(testSamples > 0, nameof(testSamples), "at least 1");
        Require(noise >= 0.0 && double.IsFinite(noise), nameof(noise), "at least 0");
    }

    private static void DrawCentred(RandomState random, MatrixView<double> X)
    {
        for (nint i = 0; i < X.Rows; i++)
        {
            random.Randn(X.RowSpan(i));
        }

        DenseLoops.Center(X);
    }

    private static Matrix<double> DrawPrimalWeights(RandomState random, int features, MatrixView<double> kernelWeights)
    {
        Matrix<double> B = random.Randn(features, kernelWeights.Rows);
        for (nint i = 0; i < features; i++)
        {
            Span<double> row = B.View.RowSpan(i);
            for (int target = 0; target < row.Length; target++)
            {
                row[target] *= Math.Sqrt(kernelWeights[target, 0]) / features;
            }
        }

        return B;
    }
}
