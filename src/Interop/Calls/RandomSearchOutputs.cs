using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Where a random search writes: checked before it runs, filled after.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class RandomSearchOutputs<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MatrixView<T>? _deltas;
    private readonly MatrixView<T>? _alphas;
    private readonly MatrixView<T>? _scores;
    private readonly MatrixView<T>? _intercept;
    private readonly int* _candidates;

    /// <summary>Checks the outputs of a search over so many spaces and candidates.</summary>
    /// <exception cref="ArgumentException">
    /// No structure, shapes that do not fit, dual and primal weights at once.
    /// </exception>
    public RandomSearchOutputs(
        CallScope scope, VemRandomSearchResults* results, nint spaces, nint candidates, TargetSource<T> targets,
        nint features)
    {
        LibraryExports.Require(results, nameof(results));
        VemRandomSearchResults given = Structures.Read(results, sizeof(VemRandomSearchResults), nameof(results));
        nint t = targets.Targets;
        _deltas = scope.OptionalOutput<T>(&given.Deltas, spaces, t, "deltas");
        _alphas = scope.OptionalOutput<T>(&given.BestAlphas, 1, t, "best_alphas");
        _scores = scope.OptionalOutput<T>(&given.CvScores, candidates, t, "cv_scores");
        _intercept = scope.OptionalOutput<T>(&given.Intercept, 1, t, "intercept");
        _candidates = scope.Array(given.BestCandidates, t, "best_candidates");
        (Kind, Weights) = WeightOutputs.Choose<T>(scope, &given.DualWeights, &given.PrimalWeights, targets, features);
    }

    /// <summary>Which weights the caller has room for.</summary>
    public WeightKind Kind { get; }

    /// <summary>That room.</summary>
    public MatrixView<T>? Weights { get; }

    /// <summary>Requires that there will be an intercept where there is room for one.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public void RequireIntercept(RandomSearchOptions options) =>
        WeightOutputs.RequireIntercept(_intercept is not null, options.FitIntercept, Kind);

    /// <summary>Writes what was found; the weights are there already.</summary>
    public void Write(RandomSearchResult<T> result)
    {
        WeightOutputs.Copy(result.Deltas, _deltas);
        WeightOutputs.Copy(result.BestAlphas, _alphas);
        WeightOutputs.Copy(result.CvScores, _scores);
        WeightOutputs.Copy(result.Intercept, _intercept);
        if (_candidates is not null)
        {
            result.BestCandidates.CopyTo(new Span<int>(_candidates, result.BestCandidates.Length));
        }
    }
}
