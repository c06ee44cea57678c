using System.Numerics;
using VemKernels.Cli.Inputs;

namespace VemKernels.Cli.Fit;

/// <summary>
/// Prepared features of all spaces, side by side in one matrix, so that all spaces as one are a view too.
/// </summary>
/// <remarks>
/// <code>
///            space 0      space 1   ...
/// train   [ n x p0      | n x p1    ... ]     centred by its own column means
/// test    [ m x p0      | m x p1    ... ]     centred by the training means
/// </code>
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class Design<T>(
    IReadOnlyList<SpaceDescription> spaces, bool isJoint, int trainSamples, int testSamples) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The spaces, in order.</summary>
    public IReadOnlyList<SpaceDescription> Spaces { get; } = spaces;

    /// <summary>The one feature matrix that all spaces are columns of; null where each has its own.</summary>
    public SpaceDescription? Source { get; init; }

    /// <summary>The constant features of each space before delays, ascending, counted from 0.</summary>
    public IReadOnlyList<int>[] Constant { get; } = [.. spaces.Select(_ => (IReadOnlyList<int>)[])];

    /// <summary>Training samples x features.</summary>
    public Matrix<T> Train { get; } = Matrix<T>.Uninitialized(trainSamples, spaces.Sum(space => space.Features));

    /// <summary>Test samples x features; no rows where nothing is tested.</summary>
    public Matrix<T> Test { get; } = Matrix<T>.Uninitialized(testSamples, spaces.Sum(space => space.Features));

    /// <summary>Mean of each feature over the training samples, before centring.</summary>
    public double[] Means { get; } = new double[spaces.Sum(space => space.Features)];

    /// <summary>
    /// The columns of a matrix of this layout that each kernel is made of: a space's, or all where spaces are one.
    /// </summary>
    public IReadOnlyList<MatrixView<T>> Blocks(MatrixView<T> features) =>
        isJoint ? [features] : [.. Enumerable.Range(0, Spaces.Count).Select(space => SpaceBlock(features, space))];

    /// <summary>How many features each kernel is made of.</summary>
    public IReadOnlyList<nint> BlockSizes =>
        isJoint ? [Means.Length] : [.. Spaces.Select(space => (nint)space.Features)];

    /// <summary>The columns of one space in a matrix of this layout.</summary>
    public MatrixView<T> SpaceBlock(MatrixView<T> features, int space) =>
        features.SliceColumns(FirstFeature(space), Spaces[space].Features);

    /// <summary>The means of one space.</summary>
    public Span<double> SpaceMeans(int space) => Means.AsSpan(FirstFeature(space), Spaces[space].Features);

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
    }

    private int FirstFeature(int space) => Spaces.Take(space).Sum(before => before.Features);
}
