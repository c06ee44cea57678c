using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Options of a random search from the caller's structure.</summary>
internal static unsafe class SearchOptions
{
    /// <summary>The options, and which weights the caller has room for.</summary>
    /// <exception cref="ArgumentException">A structure, a list, a flag or a choice that is none.</exception>
    public static RandomSearchOptions Read(VemRandomSearchOptions* options, WeightKind weights)
    {
        VemRandomSearchOptions given = Structures.Read(
            options, sizeof(VemRandomSearchOptions), nameof(options), Defaults.RandomSearch);
        return new RandomSearchOptions
        {
            Alphas = Fields.List(given.Alphas, given.AlphasCount, "alphas", 1.0),
            Score = Fields.Choice<ScoreKind>(given.Score, "score"),
            CustomScore = Fields.Score(given.ScoreFunction, given.ScoreUser),
            FitIntercept = Fields.Flag(given.FitIntercept, "fit_intercept"),
            LocalAlpha = Fields.Flag(given.LocalAlpha, "local_alpha"),
            ShareCandidate = given.ShareCandidate == -1 ? null : Fields.Flag(given.ShareCandidate, "share_candidate"),
            Conservative = Fields.Flag(given.Conservative, "conservative"),
            JitterAlphas = Fields.Flag(given.JitterAlphas, "jitter_alphas"),
            Seed = Fields.Seed(given.Seed),
            Weights = weights,
            RedundantAlphaTolerance = Fields.Number(given.RedundantAlphaTolerance),
            Space = Fields.Choice<SearchSpace>(given.Space, "space"),
            Way = Fields.Choice<CrossValidationWay>(given.Way, "way"),
            Diagonalization = Fields.Choice<Diagonalization>(given.Diagonalization, "diagonalization"),
            Memory = Fields.Memory(given.MemoryBytes),
            CheckFinite = Fields.Flag(given.CheckFinite, "check_finite"),
        };
    }
}
