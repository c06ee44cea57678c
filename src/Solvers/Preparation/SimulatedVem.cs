namespace VemKernels.Solvers;

/// <summary>A simulated voxelwise-encoding data set with its ground truth; owns its matrices.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class SimulatedVem<T> : IDisposable
    where T : unmanaged
{
    private readonly Matrix<T>[] _features;
    private readonly int[] _spaceOfTarget;

    internal SimulatedVem(Matrix<T>[] features, Matrix<T> responses, RunLabels runs, int[] spaceOfTarget)
    {
        _features = features;
        Responses = responses;
        Runs = runs;
        _spaceOfTarget = spaceOfTarget;
    }

    /// <summary>For each space, samples x features, not delayed.</summary>
    public IReadOnlyList<Matrix<T>> Features => _features;

    /// <summary>samples x targets.</summary>
    public Matrix<T> Responses { get; }

    /// <summary>The run of each sample.</summary>
    public RunLabels Runs { get; }

    /// <summary>For each target the space that drives it, or <see cref="Simulation.NoiseOnly"/>.</summary>
    public ReadOnlySpan<int> SpaceOfTarget => _spaceOfTarget;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Matrix<T> features in _features)
        {
            features.Dispose();
        }

        Responses.Dispose();
    }
}
