using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit.Models;

/// <summary>What fitting a model gave, besides the weights.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class FittedModel<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Share of targets from which an alpha at the edge is worth a word.</summary>
    private const double NotedShare = 0.5;

    private readonly IDisposable[] _owned;

    /// <summary>Makes the result.</summary>
    /// <param name="owned">What to dispose with it.</param>
    public FittedModel(params IDisposable[] owned) => _owned = owned;

    /// <summary>Log kernel weights, kernels x targets; null where the model has none.</summary>
    public MatrixView<T>? Deltas { get; init; }

    /// <summary>Intercepts, 1 x targets; null where none was fitted.</summary>
    public MatrixView<T>? Intercept { get; init; }

    /// <summary>Scores of cross-validation, candidates x targets; null where there was none.</summary>
    public MatrixView<T>? CvScores { get; init; }

    /// <summary>
    /// What each row of the scores is of: candidates x spaces (gammas), or pairs x 2 (l21, l1 of a lasso); null where
    /// rows are iterations.
    /// </summary>
    public MatrixView<double>? CvGrid { get; init; }

    /// <summary>The row of the scores that was chosen for each target; null for the last one.</summary>
    public int[]? BestCandidates { get; init; }

    /// <summary>A number for each target, by the file to write it to, 1 x targets.</summary>
    public IReadOnlyDictionary<string, MatrixView<T>> OfTargets { get; init; } =
        new Dictionary<string, MatrixView<T>>();

    /// <summary>What centres each kernel; empty where all are linear.</summary>
    public IReadOnlyList<KernelCenterer?> Centerers { get; init; } = [];

    /// <summary>How many alphas or pairs of penalties were tried.</summary>
    public int Alphas { get; init; }

    /// <summary>What was chosen from grids of alphas or penalties; empty where nothing was.</summary>
    public IReadOnlyList<GridChoice> Choices { get; init; } = [];

    /// <summary>Seconds by stage.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Timings { get; init; } = [];

    /// <summary>What a search found.</summary>
    /// <param name="result">The search; disposed with this.</param>
    /// <param name="gammas">Its candidates.</param>
    /// <param name="alphas">The alphas it tried; told where the best lies at an end for most targets.</param>
    /// <param name="progress">Who is told.</param>
    /// <param name="centerers">What centres each kernel.</param>
    public static FittedModel<T> Of(
        RandomSearchResult<T> result, MatrixView<double> gammas, IReadOnlyList<double> alphas,
        ProgressReporter progress, IReadOnlyList<KernelCenterer?>? centerers = null)
    {
        GridChoice choice = GridChoice.Of("alpha", alphas, result.BestAlphas.View);
        NoteEdges(choice, progress);
        Matrix<double> candidates = Matrix<double>.From(gammas);
        return new(result, candidates)
        {
            CvGrid = candidates.View,
            Deltas = result.Deltas.View,
            Intercept = result.Intercept?.View,
            CvScores = result.CvScores.View,
            BestCandidates = result.BestCandidates,
            OfTargets = new Dictionary<string, MatrixView<T>> { [ModelFolder.BestAlphas] = result.BestAlphas.View },
            Centerers = centerers ?? [],
            Alphas = alphas.Count,
            Choices = [choice],
            Timings = result.Timings,
        };
    }

    /// <summary>A best alpha at the edge of the grid says that a better one may lie beyond.</summary>
    private static void NoteEdges(GridChoice choice, ProgressReporter progress)
    {
        int targets = choice.Counts.Sum();
        foreach ((string edge, double alpha, int count) in choice.Edges())
        {
            if (count > NotedShare * targets)
            {
                progress.Note(
                    $"the {edge} alpha, {alpha:G3}, is the best of {count} of {Counted.Text(targets, "target")}, and a "
                        + $"better one may lie beyond: extend --alphas to {choice.Beyond(alpha):G3}");
            }
        }
    }

    /// <summary>The score of what was chosen for each target; null without cross-validation.</summary>
    public T[]? ChosenScores()
    {
        if (CvScores is not { } scores)
        {
            return null;
        }

        T[] chosen = new T[scores.Columns];
        for (int target = 0; target < chosen.Length; target++)
        {
            chosen[target] = scores[BestCandidates?[target] ?? scores.Rows - 1, target];
        }

        return chosen;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable owned in _owned)
        {
            owned.Dispose();
        }
    }
}
