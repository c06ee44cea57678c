using System.Numerics;

namespace VemKernels.Solvers.Tests.Golden;

/// <summary>Scores and split scores against the golden values.</summary>
[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class ScoringGoldenTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Spaces = 4;

    private IBackend _backend = null!;
    private GoldenCase _golden = null!;

    [SetUp]
    public void Start()
    {
        _golden = new GoldenCase("scoring");
        _backend = backend.Create();
    }

    [TearDown]
    public void Stop() => _backend?.Dispose();

    [TestCase(ScoreKind.NegativeSquaredError, "in_Y", "out_l2")]
    [TestCase(ScoreKind.R2, "in_Y", "out_r2")]
    [TestCase(ScoreKind.Correlation, "in_Y", "out_corr")]
    [TestCase(ScoreKind.R2, "in_Y_constant", "out_r2_constant")]
    [TestCase(ScoreKind.Correlation, "in_Y_constant", "out_corr_constant")]
    public void Scores_of_several_predictions(ScoreKind kind, string truth, string expectedName)
    {
        using Matrix<T> Y = _golden.Matrix<T>(truth);
        using Matrix<double> expected = _golden.Matrix<double>(expectedName);
        using Matrix<T> all = new(Spaces, Y.Columns);
        for (int i = 0; i < Spaces; i++)
        {
            using Matrix<T> P = _golden.Matrix<T>("in_P", i);
            using Matrix<T> scores = Scores.Of(_backend, kind, Y.View, P.View);
            scores.View.CopyTo(all.View.SliceRows(i, 1));
        }

        GoldenFit.Close(all.View, expected.View, GoldenCase.Tolerance<T>(), expectedName);
    }

    [Test]
    public void Split_scores()
    {
        using Matrix<T> Y = _golden.Matrix<T>("in_Y");
        using Matrix<T> P = new(Spaces * Y.Rows, Y.Columns);
        for (int i = 0; i < Spaces; i++)
        {
            using Matrix<T> part = _golden.Matrix<T>("in_P", i);
            part.View.CopyTo(P.View.SliceRows(i * Y.Rows, Y.Rows));
        }

        Compare(Scores.R2Split(_backend, Y.View, P.View, Spaces), "out_r2_split");
        Compare(Scores.R2Split(_backend, Y.View, P.View, Spaces, includeCorrelation: false), "out_r2_split_no_corr");
        Compare(Scores.CorrelationSplit(_backend, Y.View, P.View, Spaces), "out_corr_split");
        Compare(Scores.R2SplitByRelativeWeights(_backend, Y.View, P.View, Spaces), "out_r2_split_svd");
    }

    private void Compare(Matrix<T> actual, string name)
    {
        using Matrix<double> expected = _golden.Matrix<double>(name);
        GoldenFit.Close(actual.View, expected.View, GoldenCase.Tolerance<T>(), name);
        actual.Dispose();
    }
}
