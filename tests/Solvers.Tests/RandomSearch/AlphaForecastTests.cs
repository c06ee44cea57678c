using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers.Tests.RandomSearch;

/// <summary>Forecasts of scores from a few alphas.</summary>
internal sealed class AlphaForecastTests
{
    private static readonly double[] Alphas = [.. Enumerable.Range(0, 20).Select(i => Math.Pow(10, (i * 0.5) - 3))];

    private static readonly double[] Slopes = new double[Alphas.Length];

    private static AlphaForecast Choose(double[,] scores, double contenderCost) => AlphaForecast.Choose(
        scores, 200, Alphas.Length - 1, hasUnits: true, new double[Alphas.Length], 1e-6,
        [.. Alphas.Select(_ => new ForecastCost(0, 1))], [.. Alphas.Select(_ => new ForecastCost(0, contenderCost))]);

    [Test]
    public void Contenders_hold_the_best_alpha_of_targets_that_were_not_in_the_sample()
    {
        AlphaForecast forecast = Choose(Scores(300, seed: 1, noise: 1), contenderCost: 1.5);
        Assert.That(forecast.Skeleton, Has.Length.InRange(3, 12).And.Contains(Alphas.Length - 1));
        double[,] others = Scores(500, seed: 2, noise: 1);
        int contenders = 0;
        for (int t = 0; t < 500; t++)
        {
            double[] row = [.. Enumerable.Range(0, Alphas.Length).Select(j => others[t, j])];
            double[] known = [.. forecast.Skeleton.Select(j => row[j])];
            double[] foretold = new double[row.Length];
            double scale = forecast.ScaleOf(known, hasUnits: true);
            forecast.Predict(known, foretold);
            double reach = forecast.ToReach(foretold, Slopes, scale);
            int best = Array.IndexOf(row, row.Max());
            bool[] contends = [.. Enumerable.Range(0, row.Length).Select(
                j => !forecast.Trusted[j] && foretold[j] + forecast.Margin(j, scale) >= reach)];
            Assert.That(contends[best] || forecast.Trusted[best] || forecast.IsStranger(known, scale), $"target {t}, alpha {best}");
            contenders += contends.Count(value => value);
        }

        Assert.That(contenders / 500.0, Is.LessThan(4), "few contenders a target");
    }

    [Test]
    public void Where_contenders_cost_much_more_alphas_are_in_the_skeleton()
    {
        double[,] scores = Scores(300, seed: 1, noise: 1);
        Assert.That(Choose(scores, 100).Skeleton, Has.Length.GreaterThan(Choose(scores, 0.01).Skeleton.Length));
    }

    [Test]
    public void A_target_unlike_the_sample_is_a_stranger()
    {
        AlphaForecast forecast = Choose(Scores(300, seed: 1, noise: 1), contenderCost: 1.5);
        double[,] clean = Scores(5, seed: 3, noise: 0);
        for (int t = 0; t < 5; t++)
        {
            double[] known = [.. forecast.Skeleton.Select(j => clean[t, j])];
            Assert.That(forecast.IsStranger(known, forecast.ScaleOf(known, hasUnits: true)));
        }

        double[] zeros = new double[forecast.Skeleton.Length];
        Assert.That(forecast.IsStranger(zeros, 0), Is.False, "a target of zeros, known to score 0");
    }

    /// <summary>Minus squared bias and variance of a ridge: one falls with alpha, the other grows.</summary>
    private static double[,] Scores(int targets, int seed, double noise)
    {
        Random random = new(seed);
        double[] lambdas = [.. Enumerable.Range(0, 40).Select(i => Math.Pow(10, i * 0.1))];
        double[,] scores = new double[targets, Alphas.Length];
        for (int t = 0; t < targets; t++)
        {
            double strength = noise * (0.5 + random.NextDouble());
            foreach (double lambda in lambdas)
            {
                double signal = random.NextDouble() * random.NextDouble();
                for (int a = 0; a < Alphas.Length; a++)
                {
                    double c = Alphas[a] / (lambda + Alphas[a]);
                    scores[t, a] -= (signal * c * c) + (strength * (1 + ((1 - c) * (1 - c))));
                }
            }
        }

        return scores;
    }
}
