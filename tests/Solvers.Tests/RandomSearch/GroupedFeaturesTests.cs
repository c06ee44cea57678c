using System.Numerics;

namespace VemKernels.Solvers.Tests.RandomSearch;

/// <summary>Banded ridge whose spaces a label a feature names, against the spaces cut out by hand.</summary>
[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.WithElementTypes))]
internal sealed class GroupedFeaturesTests<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 24;

    /// <summary>Labels 2 and 9, interleaved; feature 3 is in no space.</summary>
    private static readonly int[] Groups = [9, 2, 9, -1, 2, 2, 9];

    private static readonly int[][] Columns = [[1, 4, 5], [0, 2, 6]];

    [Test]
    public void Labels_name_the_spaces([Values] WeightKind kind, [Values] bool memory, [Values] bool intercept)
    {
        using IBackend device = backend.Create();
        using SmallProblem<T> problem = new(seed: 61, Samples, targets: 5, [Groups.Length], offset: intercept ? 1 : 0);
        MatrixView<T> X = problem.Features[0].View;
        Matrix<T>[] spaces = [.. Columns.Select(columns => Gather(X, columns))];
        using Matrix<double> gammas = DirichletSamples.Generate(4, 2, [1.0], 3);
        using Matrix<T> given = new(kind == WeightKind.Primal ? Groups.Length : Samples, 5);
        Fold[] folds = CrossValidationSplits.KFold(Samples, 4);
        RandomSearchOptions options = new() { Alphas = [0.1, 10], Weights = kind, FitIntercept = intercept };
        bool intoMemory = memory && kind != WeightKind.None;
        using RandomSearchResult<T> expected = BandedRidge.Solve(
            device, [.. spaces.Select(space => space.View)], problem.Targets, gammas.View, folds, options);
        using RandomSearchResult<T> actual = BandedRidge.Solve(
            device, X, Groups, problem.Targets, gammas.View, folds, options, intoMemory ? given.View : null);
        Assert.That(Values(actual.Deltas.View), Is.EqualTo(Values(expected.Deltas.View)));
        Assert.That(Values(actual.CvScores.View), Is.EqualTo(Values(expected.CvScores.View)));
        Assert.That(actual.Weights is null, Is.EqualTo(intoMemory || kind == WeightKind.None));
        if (intercept && kind != WeightKind.None)
        {
            Assert.That(Values(actual.Intercept!.View), Is.EqualTo(Values(expected.Intercept!.View)));
        }

        MatrixView<T> weights = intoMemory ? given.View : actual.Weights?.View ?? default;
        if (kind == WeightKind.Dual)
        {
            Assert.That(Values(weights), Is.EqualTo(Values(expected.Weights!.View)));
        }
        else if (kind == WeightKind.Primal)
        {
            int[] order = [.. Columns.SelectMany(columns => columns)];
            for (int row = 0; row < order.Length; row++)
            {
                Assert.That(
                    Values(weights.SliceRows(order[row], 1)),
                    Is.EqualTo(Values(expected.Weights!.View.SliceRows(row, 1))));
            }

            Assert.That(Values(weights.SliceRows(3, 1)), Is.All.EqualTo(T.Zero), "a feature of no space");
        }

        Array.ForEach(spaces, space => space.Dispose());
    }

    [Test]
    public void Spaces_go_by_ascending_label_and_rows_find_their_features()
    {
        using SmallProblem<T> problem = new(seed: 62, samples: 9, targets: 2, [40]);
        RandomState random = new(4);
        int[] groups = [.. Enumerable.Range(0, 40).Select(_ => (int)(random.Rand() * 6) - 1)];
        using GroupedFeatures<T> grouped = new(problem.Features[0].View, groups);
        Assert.That(grouped.Labels, Is.EqualTo(groups.Where(label => label >= 0).Distinct().Order()));
        Assert.That(grouped.KeptFeatures, Is.EqualTo(groups.Count(label => label >= 0)).And.LessThan(40));

        // The first sample's features, stacked space by space, must come back as they were.
        using Matrix<T> rows = new(40, 1);
        rows.View.Fill(T.CreateTruncating(99));
        nint row = 0;
        foreach (MatrixView<T> space in grouped.Spaces)
        {
            space.SliceRows(0, 1).Transposed.CopyTo(rows.View.SliceRows(row, space.Columns));
            row += space.Columns;
        }

        grouped.ToFeatureOrder(rows.View);
        for (int j = 0; j < 40; j++)
        {
            Assert.That(rows[j, 0], Is.EqualTo(groups[j] < 0 ? T.Zero : problem.Features[0][0, j]), $"feature {j}");
        }
    }

    private static Matrix<T> Gather(MatrixView<T> X, int[] columns)
    {
        Matrix<T> gathered = new(X.Rows, columns.Length);
        for (int j = 0; j < columns.Length; j++)
        {
            X.SliceColumns(columns[j], 1).CopyTo(gathered.View.SliceColumns(j, 1));
        }

        return gathered;
    }

    private static T[] Values(MatrixView<T> view) =>
        [.. Enumerable.Range(0, (int)view.Rows).SelectMany(i => Enumerable.Range(0, (int)view.Columns).Select(j => view[i, j]))];
}
