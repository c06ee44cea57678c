using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Where a sparse group lasso writes: checked before it runs, filled after.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class LassoOutputs<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MatrixView<T>? _intercept;
    private readonly MatrixView<T>? _scores;
    private readonly MatrixView<T>? _l21;
    private readonly MatrixView<T>? _l1;
    private readonly int* _candidates;
    private readonly int* _iterations;
    private readonly int* _converged;
    private readonly double* _lipschitz;

    /// <summary>Checks the outputs.</summary>
    /// <param name="scope">The call.</param>
    /// <param name="results">The caller's structure.</param>
    /// <param name="features">Number of features.</param>
    /// <param name="targets">Number of targets.</param>
    /// <param name="pairs">Pairs of penalties that are tried; 0 without cross-validation.</param>
    /// <param name="fitsIntercept">Whether there will be an intercept.</param>
    /// <exception cref="ArgumentException">
    /// No structure, shapes that do not fit, outputs that there will not be.
    /// </exception>
    public LassoOutputs(
        CallScope scope, VemSparseGroupLassoResults* results, nint features, nint targets, nint pairs,
        bool fitsIntercept)
    {
        LibraryExports.Require(results, nameof(results));
        VemSparseGroupLassoResults given = Structures.Read(
            results, sizeof(VemSparseGroupLassoResults), nameof(results));
        if (pairs == 0 && (CallScope.IsGiven(&given.CvScores) || CallScope.IsGiven(&given.BestL21)
            || CallScope.IsGiven(&given.BestL1) || given.BestCandidates is not null))
        {
            throw new ArgumentException(
                "cv_scores, best_l21, best_l1 or best_candidates is given; expected them with cross-validation only.",
                nameof(results));
        }

        Weights = scope.OptionalOutput<T>(&given.Weights, features, targets, "weights");
        _intercept = scope.OptionalOutput<T>(&given.Intercept, 1, targets, "intercept");
        _scores = scope.OptionalOutput<T>(&given.CvScores, pairs, targets, "cv_scores");
        _l21 = scope.OptionalOutput<T>(&given.BestL21, 1, targets, "best_l21");
        _l1 = scope.OptionalOutput<T>(&given.BestL1, 1, targets, "best_l1");
        _candidates = scope.Array(given.BestCandidates, targets, "best_candidates");
        _iterations = scope.Array(given.Iterations, targets, "iterations");
        _converged = scope.Array(given.Converged, targets, "converged");
        _lipschitz = scope.Array(given.Lipschitz, 1, "lipschitz");
        WeightOutputs.RequireIntercept(_intercept is not null, fitsIntercept, WeightKind.Primal);
    }

    /// <summary>Where the weights go; null where the caller does not want them.</summary>
    public MatrixView<T>? Weights { get; }

    /// <summary>Writes what a search found; the weights are there already.</summary>
    public void Write(SparseGroupLassoCVResult<T> result)
    {
        WeightOutputs.Copy(result.CvScores, _scores);
        WeightOutputs.Copy(result.BestL21, _l21);
        WeightOutputs.Copy(result.BestL1, _l1);
        if (_candidates is not null)
        {
            result.BestCandidates.CopyTo(new Span<int>(_candidates, result.BestCandidates.Length));
        }

        Write(result.Refit);
    }

    /// <summary>Writes what a fit found; the weights are there already.</summary>
    public void Write(SparseGroupLassoResult<T> result)
    {
        WeightOutputs.Copy(result.Intercept, _intercept);
        if (_iterations is not null)
        {
            result.Iterations.CopyTo(new Span<int>(_iterations, result.Iterations.Length));
        }

        if (_converged is not null)
        {
            for (int j = 0; j < result.Converged.Length; j++)
            {
                _converged[j] = result.Converged[j] ? 1 : 0;
            }
        }

        if (_lipschitz is not null)
        {
            *_lipschitz = result.Lipschitz;
        }
    }
}
