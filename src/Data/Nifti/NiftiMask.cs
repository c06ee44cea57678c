namespace VemKernels.Data;

/// <summary>
/// Which voxels of a volume are worked on, in C order of the volume: that of a numpy array of shape (x, y, z), z
/// fastest. Responses and maps list voxels in this order.
/// </summary>
public sealed class NiftiMask
{
    private readonly nint[] _indices;
    private readonly nint[] _fileIndices;

    /// <summary>Makes a mask.</summary>
    /// <param name="name">Where it comes from, for messages.</param>
    /// <param name="shape">Dimensions of the volume.</param>
    /// <param name="indices">The chosen voxels, (x * Y + y) * Z + z each, ascending.</param>
    /// <exception cref="ArgumentException">An index is outside the volume, or the order is another.</exception>
    public NiftiMask(string name, (nint X, nint Y, nint Z) shape, ReadOnlySpan<nint> indices)
    {
        nint previous = -1;
        _fileIndices = new nint[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            nint index = indices[i];
            if (index <= previous || index >= shape.X * shape.Y * shape.Z)
            {
                throw new ArgumentException(
                    $"Index {index} comes after {previous}, or is outside the volume.", nameof(indices));
            }

            previous = index;
            (nint xy, nint z) = Math.DivRem(index, shape.Z);
            (nint x, nint y) = Math.DivRem(xy, shape.Y);
            _fileIndices[i] = x + (shape.X * (y + (shape.Y * z)));
        }

        Name = name;
        Shape = shape;
        _indices = indices.ToArray();
    }

    /// <summary>Where it comes from, for messages.</summary>
    public string Name { get; }

    /// <summary>Dimensions of the volume.</summary>
    public (nint X, nint Y, nint Z) Shape { get; }

    /// <summary>How many voxels are chosen.</summary>
    public int Count => _indices.Length;

    /// <summary>The chosen voxels, (x * Y + y) * Z + z each, ascending.</summary>
    public ReadOnlySpan<nint> Indices => _indices;

    /// <summary>The same voxels as positions in a file, whose fastest index is x.</summary>
    internal ReadOnlySpan<nint> FileIndices => _fileIndices;

    /// <summary>All voxels of the volumes that a header describes.</summary>
    public static NiftiMask Whole(NiftiHeader header)
    {
        nint[] indices = new nint[checked((int)header.VolumeVoxels)];
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = i;
        }

        return new("whole volume", header.VolumeShape, indices);
    }

    /// <summary>Requires that the mask fits an image.</summary>
    /// <exception cref="DataFormatException">Their dimensions differ; the message gives both.</exception>
    internal void RequireFits(NiftiHeader header, string image)
    {
        if (Shape != header.VolumeShape)
        {
            string own = ShapeText.Of([Shape.X, Shape.Y, Shape.Z]);
            throw new DataFormatException(Name, $"the mask has {own} voxels, {image} has {header.VolumeText}");
        }
    }
}
