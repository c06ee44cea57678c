namespace VemKernels.Solvers.Tests.RandomSearch;

internal sealed class RandomCandidatesTests
{
    [Test]
    public void The_first_candidate_is_equal_weights_and_the_others_are_as_drawn()
    {
        using Matrix<double> drawn = DirichletSamples.Generate(5, 4, [1.0, 10.0], 3);
        using Matrix<double> candidates = RandomCandidates.Draw(5, 4, 3, [1.0, 10.0]);
        Assert.That(candidates.View.RowSpan(0).ToArray(), Is.All.EqualTo(0.25));
        for (int i = 1; i < 5; i++)
        {
            Assert.That(candidates.View.RowSpan(i).ToArray(), Is.EqualTo(drawn.View.RowSpan(i).ToArray()), $"candidate {i}");
        }
    }

    [Test]
    public void Concentrations_have_the_usual_defaults()
    {
        using Matrix<double> usual = RandomCandidates.Draw(4, 2, 9, DirichletSamples.DefaultConcentrations);
        using Matrix<double> candidates = RandomCandidates.Draw(4, 2, 9);
        Assert.That(candidates.View.RowSpan(3).ToArray(), Is.EqualTo(usual.View.RowSpan(3).ToArray()));
        Assert.That(() => RandomCandidates.Draw(0, 2, 9), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
