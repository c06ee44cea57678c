using System.Text.Json.Serialization;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>Options of estimators that choose alphas by cross-validation.</summary>
public record CrossValidatedOptions
{
    /// <summary>Folds where no splits are given, as in the field's reference.</summary>
    public const int DefaultFolds = 5;

    /// <summary>
    /// Alphas, score, intercept, memory and so on. Which weights are made is the estimator's own choice, so
    /// <see cref="RandomSearchOptions.Weights"/> is not looked at.
    /// </summary>
    public RandomSearchOptions Search { get; init; } = new();

    /// <summary>
    /// The splits; null for <see cref="DefaultFolds"/> contiguous folds. Not saved: a fitted estimator has no use for
    /// them.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<Fold>? Folds { get; init; }
}

/// <summary>Options of estimators that search for the weights of spaces or kernels too.</summary>
public record RandomSearchCVOptions : CrossValidatedOptions
{
    /// <summary>How many candidates are drawn, at least 1. The first is equal weights.</summary>
    public int Iterations { get; init; } = 100;

    /// <summary>
    /// Concentrations of the Dirichlet distributions that candidates are drawn from in turn; see
    /// <see cref="DirichletSamples.Generate"/>.
    /// </summary>
    public IReadOnlyList<double> Concentrations { get; init; } = DirichletSamples.DefaultConcentrations.ToArray();

    /// <summary>Seed of the candidates, 0 to 2^32 - 1; null for one from the operating system.</summary>
    public long? Seed { get; init; }

    /// <summary>Candidates to use instead of drawn ones: rows of weights, one a space.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Gammas { get; init; }

    /// <summary>The candidates, candidates x spaces.</summary>
    internal Matrix<double> Candidates(int spaces)
    {
        if (Gammas is null)
        {
            Matrix<double> drawn = DirichletSamples.Generate(Iterations, spaces, [.. Concentrations], Seed);
            drawn.View.SliceRows(0, 1).Fill(1.0 / spaces);
            return drawn;
        }

        foreach (IReadOnlyList<double> candidate in Gammas)
        {
            if (candidate.Count != spaces)
            {
                throw new ArgumentException(
                    $"A candidate has {candidate.Count} weights; there are {spaces} spaces.", nameof(Gammas));
            }
        }

        return Matrix<double>.From(Gammas.Count, spaces, [.. Gammas.SelectMany(candidate => candidate)]);
    }
}

/// <summary>What kernel estimators are given.</summary>
public enum KernelInput
{
    /// <summary>
    /// Features, samples x features; kernels are X X'. The estimator keeps a copy of the training features.
    /// </summary>
    Linear,

    /// <summary>Kernels: samples x samples to fit, new samples x training samples to predict.</summary>
    Precomputed,
}

/// <summary>Options of <see cref="KernelRidgeCV{T}"/>.</summary>
public record KernelRidgeCVOptions : CrossValidatedOptions
{
    /// <summary>What <c>Fit</c> and <c>Predict</c> are given.</summary>
    public KernelInput Kernel { get; init; } = KernelInput.Linear;
}

/// <summary>Options of <see cref="MultipleKernelRidgeCV{T}"/>.</summary>
public record MultipleKernelRidgeCVOptions : RandomSearchCVOptions
{
    /// <summary>
    /// What <c>Fit</c> and <c>Predict</c> are given, one a kernel. (The field's reference defaults to features in
    /// columns; here one matrix each.)
    /// </summary>
    public KernelInput Kernels { get; init; } = KernelInput.Linear;
}
