using System.Numerics;

namespace VemKernels.Solvers.Weighted;

/// <summary>An iterative method on a tile of targets; one object serves one tile after another.</summary>
internal interface IDualIteration<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Takes up the tile that the <see cref="DualTile{T}"/> has just begun.</summary>
    /// <param name="Y">Right-hand sides, n x t.</param>
    void Begin(DeviceView<T> Y);

    /// <summary>One step for all columns that work.</summary>
    void Step();
}
