using System.Numerics;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>A random search as the caller states it, checked.</summary>
internal sealed class Problem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Problem(
        Inputs<T> inputs, TargetSource<T> targets, MatrixView<double> gammas, IReadOnlyList<Fold> folds,
        RandomSearchOptions options,
        bool shareCandidate, MatrixView<T>? weights)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(options);
        Inputs = inputs;
        Targets = targets;
        Gammas = gammas;
        Folds = folds;
        Options = options;
        ShareCandidate = shareCandidate;
        Weights = weights;
        Check();
    }

    public Inputs<T> Inputs { get; }

    public TargetSource<T> Targets { get; }

    /// <summary>Candidates x spaces.</summary>
    public MatrixView<double> Gammas { get; }

    public IReadOnlyList<Fold> Folds { get; }

    public RandomSearchOptions Options { get; }

    public bool ShareCandidate { get; }

    /// <summary>The caller's memory for the weights.</summary>
    public MatrixView<T>? Weights { get; }

    public int Samples => (int)Inputs.Samples;

    public int TargetCount => (int)Targets.Targets;

    /// <summary>Rows of the weights that are asked for.</summary>
    public nint WeightRows => Options.Weights switch
    {
        WeightKind.Dual => Inputs.Samples,
        WeightKind.Primal => Inputs.TotalFeatures,
        _ => 0,
    };

    private void Check()
    {
        if (Targets.Samples != Inputs.Samples)
        {
            throw new ArgumentException(
                $"targets have {Targets.Samples} samples; the inputs have {Inputs.Samples}.", "targets");
        }

        if (Targets.Targets == 0 || Targets.Targets > int.MaxValue || Inputs.Samples > int.MaxValue)
        {
            throw new ArgumentException(
                $"targets are {Targets.Samples} x {Targets.Targets}; expected 1 to 2^31 - 1 of both.", "targets");
        }

        CheckAlphas();
        CheckGammas();
        if (Folds.Count == 0)
        {
            throw new ArgumentException("No split for cross-validation was given.", "folds");
        }

        foreach (Fold fold in Folds)
        {
            if (fold.Samples != Samples)
            {
                throw new ArgumentException(
                    $"A split indexes {fold.Samples} samples; the inputs have {Samples}.", "folds");
            }
        }

        if (Options.Conservative && !Options.LocalAlpha)
        {
            throw new ArgumentException("Conservative needs LocalAlpha: it is a choice of each target.", "options");
        }

        if (Options.Weights == WeightKind.Primal && Inputs.FeatureViews is null)
        {
            throw new ArgumentException("Primal weights need the features behind the kernels.", "features");
        }

        if (Options.Space == SearchSpace.Features && Inputs.KernelViews is not null)
        {
            throw new ArgumentException("Space is Features; a search over kernels works with kernels.", "options");
        }

        if (Options.Way == CrossValidationWay.Triangular && !SupportsTriangular)
        {
            throw new ArgumentException(
                "The triangular way serves the squared error, not conservative choices, and disjoint held-out sets.",
                "options");
        }

        if (Options.Way == CrossValidationWay.Residual && !SupportsResidual)
        {
            throw new ArgumentException(
                "The residual way needs validation rows that are held out, and no intercept with correlation or a CustomScore.", "options");
        }

        if (Options.Way == CrossValidationWay.Residual && Options.Factoring == Factoring.Cholesky)
        {
            throw new ArgumentException(
                "The residual way needs eigenvectors; Factoring is Cholesky.", "options");
        }

        if (Weights is { } memory)
        {
            Shapes.Require(memory, WeightRows, Targets.Targets, "weights");
        }
    }

    /// <summary>
    /// Whether every split obeys the identity: nothing is trained on twice, and what is left out is the smaller part.
    /// </summary>
    public bool AllFoldsByIdentity => Folds.All(ByIdentity);

    public bool SupportsTriangular =>
        Options.CustomScore is null && Options.Score == ScoreKind.NegativeSquaredError
            && !Options.Conservative && SupportsResidual;

    public bool SupportsResidual =>
        AllFoldsByIdentity && Folds.All(fold => !fold.ValidationOverlapsTraining)
        && !(Options.FitIntercept && ScoresPredictions);

    /// <summary>
    /// Whether the score looks at predictions themselves rather than at residuals: then they are formed without
    /// cancellation, and without the training mean.
    /// </summary>
    public bool ScoresPredictions => Options.CustomScore is not null || Options.Score == ScoreKind.Correlation;

    /// <summary>Whether the choice looks at the scores of all alphas, not at each target's best one alone.</summary>
    public bool NeedsAllAlphas => Options.CustomScore is not null || Options.Conservative || !Options.LocalAlpha;

    /// <summary>
    /// Whether leaving a fold out through the factorisation of all samples is right and worth it: no repeated training
    /// rows, and no more than half of the samples left out (else factoring the fold by itself is cheaper).
    /// </summary>
    public static bool ByIdentity(Fold fold) => !fold.HasRepeats && 2 * fold.HeldOut.Length <= fold.Samples;

    /// <summary>A candidate's weights, rounded to the data's type as deltas report them.</summary>
    public double[] Candidate(int candidate)
    {
        double[] gamma = new double[Inputs.Spaces];
        for (int i = 0; i < gamma.Length; i++)
        {
            gamma[i] = double.CreateTruncating(T.CreateTruncating(Gammas[candidate, i]));
        }

        return gamma;
    }

    private void CheckAlphas()
    {
        if (Options.Alphas.Count == 0)
        {
            throw new ArgumentException("No alpha was given.", "alphas");
        }

        foreach (double alpha in Options.Alphas)
        {
            if (!(alpha > 0) || !double.IsFinite(alpha))
            {
                throw new ArgumentException($"alpha {alpha:G6} is not a positive finite number.", "alphas");
            }
        }
    }

    private void CheckGammas()
    {
        if (Gammas.Rows == 0 || Gammas.Columns != Inputs.Spaces)
        {
            throw new ArgumentException(
                $"gammas are {Gammas.Rows} x {Gammas.Columns}; expected candidates x {Inputs.Spaces} spaces.",
                "gammas");
        }

        for (nint i = 0; i < Gammas.Rows; i++)
        {
            double sum = 0;
            for (nint j = 0; j < Gammas.Columns; j++)
            {
                double gamma = Gammas[i, j];
                if (!(gamma >= 0) || !double.IsFinite(gamma))
                {
                    throw new ArgumentException(
                        $"gammas({i}, {j}) is {gamma:G6}; expected a finite number, at least 0.", "gammas");
                }

                sum += gamma;
            }

            if (sum == 0)
            {
                throw new ArgumentException($"gammas row {i} has no positive weight.", "gammas");
            }
        }
    }
}
