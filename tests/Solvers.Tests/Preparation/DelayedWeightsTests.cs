namespace VemKernels.Solvers.Tests;

public class DelayedWeightsTests
{
    [Test]
    public void Weights_split_by_delay_show_the_same_memory()
    {
        using Matrix<double> weights = Matrix<double>.From(6, 1, [1, 2, 3, 4, 5, 6]);
        MatrixView<double>[] byDelay = DelayedWeights.Split(weights.View, 3);
        Assert.That(byDelay.Select(view => view[1, 0]), Is.EqualTo(new double[] { 2, 4, 6 }));
        byDelay[2][0, 0] = 50;
        Assert.That(weights[4, 0], Is.EqualTo(50));
    }

    [Test]
    public void Delayed_features_times_weights_are_the_sum_over_delays()
    {
        RandomState random = new(2);
        int[] delays = [-1, 0, 2];
        using Matrix<double> X = random.Randn(10, 4);
        using Matrix<double> weights = random.Randn(12, 1);
        using Matrix<double> delayed = Delays.Apply(X.View, delays, null);
        MatrixView<double>[] byDelay = DelayedWeights.Split(weights.View, delays.Length);
        for (int i = 0; i < 10; i++)
        {
            double whole = Enumerable.Range(0, 12).Sum(k => delayed[i, k] * weights[k, 0]);
            double parts = 0;
            for (int d = 0; d < delays.Length; d++)
            {
                int from = i - delays[d];
                parts += from is < 0 or >= 10 ? 0 : Enumerable.Range(0, 4).Sum(k => X[from, k] * byDelay[d][k, 0]);
            }

            Assert.That(parts, Is.EqualTo(whole).Within(1e-12));
        }
    }

    [Test]
    public void Stacked_spaces_split_by_space_and_delay()
    {
        using Matrix<float> weights = Matrix<float>.From(7, 1, [1, 2, 3, 4, 5, 6, 7]);
        MatrixView<float>[][] spaces = DelayedWeights.Split(weights.View, [4, 3], [2, 3]);
        Assert.That(spaces[0].Select(view => view[0, 0]), Is.EqualTo(new float[] { 1, 3 }));
        Assert.That(spaces[1].Select(view => view[0, 0]), Is.EqualTo(new float[] { 5, 6, 7 }));
    }

    [Test]
    public void The_mean_over_delays_is_taken_feature_by_feature()
    {
        using Matrix<float> weights = Matrix<float>.From(4, 2, [1, 10, 2, 20, 3, 30, 4, 40]);
        using Matrix<float> mean = DelayedWeights.Mean(weights.View, 2);
        Assert.That(mean.View.RowSpan(0).ToArray(), Is.EqualTo(new float[] { 2, 20 }));
        Assert.That(mean.View.RowSpan(1).ToArray(), Is.EqualTo(new float[] { 3, 30 }));
    }

    [Test]
    public void Counts_that_do_not_fit_are_refused()
    {
        using Matrix<double> weights = new(7, 1);
        Assert.That(
            () => DelayedWeights.Split(weights.View, 2),
            Throws.ArgumentException.With.Message.Contains("7 rows"));
        Assert.That(() => DelayedWeights.Split(weights.View, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => DelayedWeights.Split(weights.View, [4, 4], [2, 2]),
            Throws.ArgumentException.With.Message.Contains("7 x 1; expected 8 x 1"));
        Assert.That(
            () => DelayedWeights.Split(weights.View, [4, 3], [2]),
            Throws.ArgumentException.With.Message.Contains("there are 2"));
        Assert.That(
            () => DelayedWeights.Split(weights.View, [4, 3], [2, 2]),
            Throws.ArgumentException.With.Message.Contains("weights of space 1"));
    }
}
