using System.Numerics;
using VemKernels.Cli.Inputs;
using VemKernels.Cli.Options;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit.Models;

/// <summary>Sparse group lasso on features, penalties by cross-validation; spaces are groups unless given.</summary>
internal sealed class LassoModel : IFitModel
{
    /// <inheritdoc/>
    public bool IsJoint => false;

    /// <inheritdoc/>
    public bool UsesFolds => true;

    /// <inheritdoc/>
    public IReadOnlyList<WeightKind> Weights => [WeightKind.Primal];

    /// <inheritdoc/>
    public FittedModel<T> Fit<T>(FitContext<T> context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LassoOptions lasso = context.Options.Lasso;
        DescentOptions descent = context.Options.Descent;
        SparseGroupLassoCVOptions options = new()
        {
            L21 = lasso.L21.Values,
            L1 = lasso.L1.Values,
            Groups = context.Options.Groups is { } file ? Groups(file, context.Design) : Spaces(context),
            Score = context.Options.Score,
            FitIntercept = context.Options.FitIntercept,
            Memory = context.Memory,
            CheckFinite = false, // Checked before, where the name of the file is known.
        };
        options = options with
        {
            MaxIterations = descent.MaxIterations ?? options.MaxIterations,
            Tolerance = descent.Tolerance ?? options.Tolerance,
        };
        SparseGroupLassoCVResult<T> result = SparseGroupLassoCV.Solve(
            context.Backend, context.Design.Train.View, context.Targets, context.Folds, options, context.WeightMemory,
            context.Bar(), context.Cancellation);
        if (result.Refit.Converged.Count(converged => !converged) is > 0 and int count)
        {
            context.Progress.Note(
                $"{Counted.Text(count, "target")} did not meet --tolerance {options.Tolerance:G3} in "
                    + $"--max-iterations {options.MaxIterations}; {options.MaxIterations * 10L} may do");
        }

        Matrix<double> grid = Pairs(result.Grid);
        return new FittedModel<T>(result, grid)
        {
            Intercept = result.Refit.Intercept?.View,
            CvScores = result.CvScores.View,
            CvGrid = grid.View,
            BestCandidates = result.BestCandidates,
            OfTargets = new Dictionary<string, MatrixView<T>>
            {
                [ModelFolder.BestL21] = result.BestL21.View, [ModelFolder.BestL1] = result.BestL1.View,
            },
            Alphas = result.Grid.Count,
            Choices =
            [
                GridChoice.Of("l21", lasso.L21.Values, result.BestL21.View),
                GridChoice.Of("l1", lasso.L1.Values, result.BestL1.View),
            ],
            Timings = result.Refit.Timings,
        };
    }

    private static Matrix<double> Pairs(IReadOnlyList<(double L21, double L1)> grid) =>
        Matrix<double>.From(grid.Count, 2, [.. grid.SelectMany(pair => new[] { pair.L21, pair.L1 })]);

    /// <summary>
    /// The group of each prepared feature: labels of features after delays as they are, those of features before delays
    /// again for each delay.
    /// </summary>
    private static int[] Groups<T>(FileArgument file, Design<T> design)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] labels = GroupLabels.Read(file, "group").OfColumns;
        int coded = design.Spaces.Sum(space => space.CodedFeatures);
        if (labels.Length == design.Train.Columns)
        {
            return labels;
        }

        if (labels.Length != coded)
        {
            throw new DataFormatException(
                file.Path, $"{labels.Length} labels; expected one for each of {coded} features"
                    + (coded == design.Train.Columns ? "" : $", or of {design.Train.Columns} after delays"));
        }

        List<int> groups = [];
        int first = 0;
        foreach (SpaceDescription space in design.Spaces)
        {
            IEnumerable<int> ofSpace = labels.Skip(first).Take(space.CodedFeatures);
            groups.AddRange(
                Enumerable.Repeat(ofSpace, space.Features / space.CodedFeatures).SelectMany(group => group));
            first += space.CodedFeatures;
        }

        return [.. groups];
    }

    private static int[] Spaces<T>(FitContext<T> context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. context.Features.SelectMany((space, i) => Enumerable.Repeat(i, (int)space.Columns))];
}
