namespace VemKernels.Solvers.Weighted;

/// <summary>An iterative solver at work on a tile.</summary>
internal interface IDualIteration
{
    /// <summary>One step of all columns that work; ends with <see cref="DualTile{T}.EndStep"/>.</summary>
    void Step();
}
