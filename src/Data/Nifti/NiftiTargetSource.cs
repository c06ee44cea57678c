using System.Numerics;

namespace VemKernels.Data;

/// <summary>
/// Responses (samples x masked voxels) from a NIfTI series, converted a tile at a time from the values as stored.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="image">The series; must stay undisposed as long as the source is used.</param>
/// <param name="mask">Which voxels, in which order.</param>
/// <exception cref="DataFormatException">The mask has other dimensions than the image.</exception>
public sealed class NiftiTargetSource<T>(NiftiImage image, NiftiMask mask) : TargetSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NiftiMask _mask = Fitting(mask, image);

    /// <inheritdoc/>
    public override nint Samples => image.Header.Volumes;

    /// <inheritdoc/>
    public override nint Targets => _mask.Count;

    /// <inheritdoc/>
    protected override void ReadTile(nint first, MatrixView<T> tile) =>
        image.CopyTo(_mask.FileIndices.Slice((int)first, (int)tile.Columns), tile);

    private static NiftiMask Fitting(NiftiMask mask, NiftiImage image)
    {
        mask.RequireFits(image.Header, image.Path);
        return mask;
    }
}
