using System.Text.Json;

namespace VemKernels.Solvers.Tests;

public class SimulationTests
{
    private static IEnumerable<TestCaseData> MultikernelCases => TestVectors.Load("himalaya_multikernel").CasesBySeed();

    [TestCaseSource(nameof(MultikernelCases))]
    public void The_multikernel_data_set_equals_himalayas(JsonElement expected)
    {
        const double SinglePrecision = 1e-6; // himalaya rounds the data set to float
        using MultikernelDataset<double> data = Simulation.GenerateMultikernelDataset<double>(
            expected.Integers("features"), expected.Integer("targets"), expected.Integer("train"),
            expected.Integer("test"),
            expected.GetProperty("noise").GetDouble(), null, expected.Seed());
        TestVectors.AssertEqual(data.XTrain.View, expected.GetProperty("XTrain"), SinglePrecision);
        TestVectors.AssertEqual(data.XTest.View, expected.GetProperty("XTest"), SinglePrecision);
        TestVectors.AssertEqual(data.YTrain.View, expected.GetProperty("YTrain"), SinglePrecision);
        TestVectors.AssertEqual(data.YTest.View, expected.GetProperty("YTest"), SinglePrecision);
        TestVectors.AssertEqual(data.KernelWeights.View, expected.GetProperty("KernelWeights"), SinglePrecision);
        Assert.That(data.Features, Is.EqualTo(expected.Integers("features")));
    }

    [Test]
    public void A_space_without_weight_does_not_drive_a_target()
    {
        using Matrix<double> weights = Matrix<double>.From(1, 2, [1.0, 0.0]);
        using MultikernelDataset<double> data = Simulation.GenerateMultikernelDataset<double>(
            [1, 1], 1, 200, 50, 0.0, weights.View, 4);
        Assert.That(Math.Abs(Correlation(data.XTrain, 0, data.YTrain, 0)), Is.EqualTo(1.0).Within(1e-12));
        Assert.That(Math.Abs(Correlation(data.XTest, 0, data.YTest, 0)), Is.EqualTo(1.0).Within(1e-12));
        Assert.That(Math.Abs(Correlation(data.XTrain, 1, data.YTrain, 0)), Is.LessThan(0.3));
    }

    [Test]
    public void The_shapes_labels_and_shares_are_as_asked()
    {
        VemSimulationOptions options = new()
        {
            Features = [4, 7], Shares = [0.5, 0.25], Targets = 40, Runs = 3, SamplesPerRun = 20, Seed = 1,
        };
        using SimulatedVem<float> data = Simulation.Vem<float>(options);
        Assert.That(
            data.Features.Select(X => (X.Rows, X.Columns)), Is.EqualTo(new (nint, nint)[] { (60, 4), (60, 7) }));
        Assert.That((data.Responses.Rows, data.Responses.Columns), Is.EqualTo(((nint)60, (nint)40)));
        Assert.That(
            data.Runs.Segments.ToArray(),
            Is.EqualTo(new RunSegment[] { new(1, 0, 20), new(2, 20, 20), new(3, 40, 20) }));
        int[] spaces = data.SpaceOfTarget.ToArray();
        Assert.That(spaces.Count(space => space == 0), Is.EqualTo(20));
        Assert.That(spaces.Count(space => space == 1), Is.EqualTo(10));
        Assert.That(spaces.Count(space => space == Simulation.NoiseOnly), Is.EqualTo(10));
        Assert.That(spaces, Is.Not.Ordered, "targets are mixed");
    }

    [Test]
    public void By_default_spaces_and_noise_share_the_targets_alike()
    {
        using SimulatedVem<double> data = Simulation.Vem<double>(new() { Targets = 8, Runs = 2, SamplesPerRun = 10 });
        Assert.That(
            data.SpaceOfTarget.ToArray().CountBy(space => space).Select(count => count.Value),
            Is.EqualTo(new[] { 2, 2, 2, 2 }));
    }

    [Test]
    public void A_seed_fixes_the_data_and_another_gives_others()
    {
        VemSimulationOptions options = new() { Targets = 5, Runs = 2, SamplesPerRun = 10, Seed = 3 };
        using SimulatedVem<double> first = Simulation.Vem<double>(options);
        using SimulatedVem<double> again = Simulation.Vem<double>(options);
        using SimulatedVem<double> other = Simulation.Vem<double>(options with { Seed = 4 });
        Assert.That(again.Responses.View.RowSpan(7).ToArray(), Is.EqualTo(first.Responses.View.RowSpan(7).ToArray()));
        Assert.That(
            other.Responses.View.RowSpan(7).ToArray(), Is.Not.EqualTo(first.Responses.View.RowSpan(7).ToArray()));
    }

    [Test]
    public void Without_much_noise_a_target_is_the_delayed_feature_of_its_space()
    {
        VemSimulationOptions options = new()
        {
            Features = [1, 1], Shares = [0.5, 0.5], Targets = 6, Runs = 2, SamplesPerRun = 100, Delays = [2],
            SignalToNoise = 1e8, Seed = 9,
        };
        using SimulatedVem<double> data = Simulation.Vem<double>(options);
        for (int target = 0; target < 6; target++)
        {
            int space = data.SpaceOfTarget[target];
            using Matrix<double> delayed = Delays.Apply(data.Features[space].View, [2], data.Runs);
            using Matrix<double> otherDelayed = Delays.Apply(data.Features[1 - space].View, [2], data.Runs);
            Assert.That(Math.Abs(Correlation(delayed, 0, data.Responses, target)), Is.GreaterThan(0.9999));
            Assert.That(Math.Abs(Correlation(otherDelayed, 0, data.Responses, target)), Is.LessThan(0.3));
        }
    }

    [Test]
    public void The_signal_to_noise_ratio_is_a_ratio_of_variances()
    {
        VemSimulationOptions options = new()
        {
            Features = [1], Shares = [0.5], Targets = 2, Runs = 1, SamplesPerRun = 20_000, SignalToNoise = 4.0,
            Seed = 2,
        };
        using SimulatedVem<double> data = Simulation.Vem<double>(options);
        int driven = data.SpaceOfTarget.IndexOf(0);
        double correlation = Correlation(data.Features[0], 0, data.Responses, driven);
        Assert.That(correlation * correlation, Is.EqualTo(4.0 / 5.0).Within(0.02));
        Assert.That(Variance(data.Responses, driven), Is.EqualTo(1.25).Within(0.05));
        Assert.That(Variance(data.Responses, 1 - driven), Is.EqualTo(0.25).Within(0.02), "noise only");
    }

    [Test]
    public void Smooth_features_have_the_autocorrelation_and_begin_anew_in_each_run()
    {
        const int Samples = 20_000;
        VemSimulationOptions options = new()
        {
            Features = [1], Targets = 1, Runs = 2, SamplesPerRun = Samples, Autocorrelation = 0.8, Seed = 6,
        };
        using SimulatedVem<double> data = Simulation.Vem<double>(options);
        using Matrix<double> previous = Delays.Apply(data.Features[0].View, [1], data.Runs);
        Assert.That(Correlation(previous, 0, data.Features[0], 0), Is.EqualTo(0.8).Within(0.02));
        Assert.That(Variance(data.Features[0], 0), Is.EqualTo(1.0).Within(0.1));
        using SimulatedVem<double> white = Simulation.Vem<double>(options with { Autocorrelation = 0.0 });
        Assert.That(
            data.Features[0][Samples, 0],
            Is.EqualTo(white.Features[0][Samples, 0]), "the first sample of a run is the white one");
    }

    [Test]
    public void Options_that_make_no_sense_are_named()
    {
        VemSimulationOptions good = new() { Targets = 4, Runs = 2, SamplesPerRun = 6 };
        AssertRefused(good with { Features = [] }, "Features");
        AssertRefused(good with { Features = [3, 0] }, "Features");
        AssertRefused(good with { Targets = 0 }, "Targets");
        AssertRefused(good with { Runs = 0 }, "Runs");
        AssertRefused(good with { SamplesPerRun = 1 }, "SamplesPerRun");
        AssertRefused(good with { Autocorrelation = 1.0 }, "Autocorrelation");
        AssertRefused(good with { Delays = [5] }, "Delays");
        AssertRefused(good with { SignalToNoise = 0.0 }, "SignalToNoise");
        AssertRefused(good with { Shares = [0.5, 0.6, 0.1] }, "Shares");
        AssertRefused(good with { Shares = [0.5] }, "Shares");
        Assert.That(
            () => Simulation.GenerateMultikernelDataset<float>([2, 0], 1, 5, 5),
            Throws.ArgumentException.With.Message.Contains("features"));
        Assert.That(
            () => Simulation.GenerateMultikernelDataset<float>([2], 1, 5, 5, -1.0),
            Throws.ArgumentException.With.Message.Contains("noise"));
        using Matrix<double> weights = new(2, 2);
        Assert.That(
            () => Simulation.GenerateMultikernelDataset<float>([2, 2], 3, 5, 5, 0.1, weights.View),
            Throws.ArgumentException.With.Message.Contains("kernelWeights is 2 x 2; expected 3 x 2."));
    }

    private static void AssertRefused(VemSimulationOptions options, string name) =>
        Assert.That(
            () => Simulation.Vem<float>(options),
            Throws.ArgumentException.With.Message.Contains($"Simulation option {name}:"));

    private static double[] Column(Matrix<double> matrix, int column) =>
        [.. Enumerable.Range(0, (int)matrix.Rows).Select(i => matrix[i, column])];

    private static double Variance(Matrix<double> matrix, int column)
    {
        double[] x = Column(matrix, column);
        double mean = x.Average();
        return x.Average(value => (value - mean) * (value - mean));
    }

    private static double Correlation(Matrix<double> left, int leftColumn, Matrix<double> right, int rightColumn)
    {
        double[] x = Column(left, leftColumn);
        double[] y = Column(right, rightColumn);
        (double xMean, double yMean) = (x.Average(), y.Average());
        double product = x.Zip(y, (a, b) => (a - xMean) * (b - yMean)).Average();
        return product / Math.Sqrt(Variance(left, leftColumn) * Variance(right, rightColumn));
    }
}
