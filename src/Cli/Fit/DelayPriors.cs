using System.Numerics;
using VemKernels.Cli.Inputs;
using VemKernels.Cli.Options;
using VemKernels.Solvers;

namespace VemKernels.Cli.Fit;

/// <summary>Priors on delays, a change of variables in front of any model: see <see cref="TikhonovPrior"/>.</summary>
internal static class DelayPriors
{
    /// <summary>Turns the features X of spaces that have a prior into X L, in place.</summary>
    /// <exception cref="OptionException">A prior that the delays of its space do not allow.</exception>
    public static void Transform<T>(IBackend backend, Design<T> design)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ForSpaces(backend, design, (i, prior) =>
    {
        foreach (Matrix<T> features in (Matrix<T>[])[design.Train, design.Test])
        {
            if (features.Rows > 0)
            {
                MatrixView<T> block = design.SpaceBlock(features.View, i);
                using Matrix<T> transformed = prior.Transform(backend, block);
                transformed.View.CopyTo(block);
            }
        }
    });

    /// <summary>Turns primal weights for X L into those for X, in place.</summary>
    public static void MapBack<T>(IBackend backend, Design<T> design, MatrixView<T> primal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ForSpaces(backend, design, (i, prior) =>
    {
        MatrixView<T> block = design.SpaceBlock(primal.Transposed, i).Transposed;
        prior.MapBack(backend, block, block);
    });

    private static void ForSpaces<T>(IBackend backend, Design<T> design, Action<int, TikhonovPrior> action)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < design.Spaces.Count; i++)
        {
            SpaceDescription space = design.Spaces[i];
            if (space.DelayPrior is { } choice)
            {
                using Prior features = Prior.Spherical(space.CodedFeatures);
                using Prior delays = OptionException.Guard(
                    $"--delay-prior {space.Name}={choice}", () => choice.Of(backend, space.Delays!));
                action(i, new TikhonovPrior(features, delays));
            }
        }
    }
}
