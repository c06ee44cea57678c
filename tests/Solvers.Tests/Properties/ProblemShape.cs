using FsCheck;
using FsCheck.Fluent;
using VemKernels.Solvers.Tests.RandomSearch;

namespace VemKernels.Solvers.Tests.Properties;

/// <summary>What a property draws: a seed and sizes, from which a problem follows.</summary>
/// <param name="Seed">Of data, candidates and permutations.</param>
/// <param name="Samples">Rows; fewer than the features, or more.</param>
/// <param name="Targets">Columns of Y.</param>
/// <param name="Features">Features of each space.</param>
/// <param name="Folds">Folds of cross-validation.</param>
public sealed record ProblemShape(int Seed, int Samples, int Targets, int[] Features, int Folds)
{
    /// <summary>The data of this shape.</summary>
    internal SmallProblem<double> Draw() => new(Seed, Samples, Targets, Features);

    internal Fold[] Splits => CrossValidationSplits.KFold(Samples, Folds);

    public override string ToString() =>
        $"seed {Seed}, {Samples} samples, {Targets} targets, {string.Join(" + ", Features)} features, {Folds} folds";
}

/// <summary>How FsCheck draws a <see cref="ProblemShape"/>.</summary>
public static class ProblemShapes
{
    public static Arbitrary<ProblemShape> Shape() =>
        (from seed in Gen.Choose(0, int.MaxValue - 1)
         from samples in Gen.Choose(12, 30)
         from targets in Gen.Choose(1, 9)
         from spaces in Gen.Choose(1, 3)
         from features in Gen.Choose(1, 12).ArrayOf(spaces)
         from folds in Gen.Choose(2, 5)
         select new ProblemShape(seed, samples, targets, features, folds)).ToArbitrary();
}
