namespace VemKernels.Solvers.Tests;

public class DelaysTests
{
    [Test]
    public void Delays_stay_inside_runs_and_go_delay_by_delay()
    {
        using Matrix<double> X = Matrix<double>.From(5, 2, [1, 10, 2, 20, 3, 30, 4, 40, 5, 50]);
        using Matrix<double> delayed = Delays.Apply(X.View, [1, 0, -1], new RunLabels([1, 1, 1, 2, 2]));
        double[][] rows = [.. Enumerable.Range(0, 5).Select(i => delayed.View.RowSpan(i).ToArray())];
        Assert.That(rows, Is.EqualTo(new double[][]
        {
            [0, 0, 1, 10, 2, 20],
            [1, 10, 2, 20, 3, 30],
            [2, 20, 3, 30, 0, 0],
            [0, 0, 4, 40, 5, 50],
            [4, 40, 5, 50, 0, 0],
        }));
    }

    [Test]
    public void Each_element_is_the_sample_of_its_delay_or_zero()
    {
        RandomState random = new(8);
        int[] labels = [1, 1, 1, 2, 2, 2, 2, 2, 5, 4, 4];
        int[] delays = [3, -2, 0, 1, 100, -100];
        using Matrix<double> X = random.Randn(labels.Length, 3);
        using Matrix<double> delayed = Delays.Apply(X.View, delays, new RunLabels(labels));
        MatrixView<double>[] byDelay = Delays.Split(delayed.View, delays.Length);
        for (int d = 0; d < delays.Length; d++)
        {
            for (int i = 0; i < labels.Length; i++)
            {
                int from = i - delays[d];
                bool inside = from >= 0 && from < labels.Length && labels[from] == labels[i];
                for (int j = 0; j < 3; j++)
                {
                    Assert.That(byDelay[d][i, j], Is.EqualTo(inside ? X[from, j] : 0.0));
                }
            }
        }
    }

    [Test]
    public void Without_runs_all_samples_are_one_run_and_strided_views_are_read()
    {
        using Matrix<float> transposed = Matrix<float>.From(2, 3, [1, 2, 3, 10, 20, 30]);
        using Matrix<float> delayed = Delays.Apply(transposed.View.Transposed, [2], null);
        Assert.That(delayed.View.RowSpan(1).ToArray(), Is.EqualTo(new float[] { 0, 0 }));
        Assert.That(delayed.View.RowSpan(2).ToArray(), Is.EqualTo(new float[] { 1, 10 }));
    }

    [Test]
    public void Splitting_shows_the_same_memory()
    {
        using Matrix<double> weights = new(6, 2);
        Delays.Split(weights.View.Transposed, 3)[1][0, 1] = 4.0;
        Assert.That(weights[3, 0], Is.EqualTo(4.0), "row 3 is feature 1 of delay 1");
    }

    [Test]
    public void Bad_delays_are_refused()
    {
        using Matrix<double> X = new(4, 2);
        Assert.That(() => Delays.Apply(X.View, [], null), Throws.ArgumentException.With.Message.Contains("No delay"));
        Assert.That(
            () => Delays.Apply(X.View, [1, 2, 1], null),
            Throws.ArgumentException.With.Message.Contains("Delay 1 is named twice"));
        Assert.That(
            () => Delays.Apply(X.View, [1], new RunLabels([1, 1, 2])),
            Throws.ArgumentException.With.Message.Contains("X has 4 samples; the run labels have 3."));
        Assert.That(
            () => Delays.Split(X.View, 3),
            Throws.ArgumentException.With.Message.Contains("2 columns cannot be shared out to 3"));
    }
}
