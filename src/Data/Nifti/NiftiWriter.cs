using System.IO.Compression;
using System.Runtime.InteropServices;

namespace VemKernels.Data;

/// <summary>
/// Writes float32 maps and series in the space of an image that was read: its affine (both forms), voxel sizes and
/// units. Compressed where the name ends with .gz; written beside and renamed.
/// </summary>
public static class NiftiWriter
{
    private const int RepetitionTimeEntry = 4;

    private const string Description = "VemKernels";

    /// <summary>Writes one volume.</summary>
    /// <param name="path">A .nii or .nii.gz file.</param>
    /// <param name="like">Header of an image in the same space.</param>
    /// <param name="mask">The voxels that have values.</param>
    /// <param name="values">Their values, in the order of the mask.</param>
    /// <param name="outside">The value of all other voxels; 0, or NaN for tools that then show nothing.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than voxels.</exception>
    /// <exception cref="DataFormatException">The mask has other dimensions than the header.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static unsafe void WriteVolume(
        string path, NiftiHeader like, NiftiMask mask, ReadOnlySpan<float> values, float outside = 0)
    {
        fixed (float* first = values)
        {
            MatrixView<float> series = new(first, 1, values.Length, values.Length);
            Write(path, like, mask, series, outside, [mask.Shape.X, mask.Shape.Y, mask.Shape.Z]);
        }
    }

    /// <summary>Writes a volume for each row.</summary>
    /// <param name="path">A .nii or .nii.gz file.</param>
    /// <param name="like">Header of an image in the same space.</param>
    /// <param name="mask">The voxels that have values.</param>
    /// <param name="series">samples x voxels, in the order of the mask.</param>
    /// <param name="repetitionTime">
    /// Time from one volume to the next in the header's unit; null for that of <paramref name="like"/>.
    /// </param>
    /// <param name="outside">The value of all other voxels.</param>
    /// <exception cref="ArgumentException">There are more or fewer columns than voxels, or no row.</exception>
    /// <exception cref="DataFormatException">The mask has other dimensions than the header.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteSeries(
        string path,
        NiftiHeader like,
        NiftiMask mask,
        MatrixView<float> series,
        double? repetitionTime = null,
        float outside = 0)
    {
        if (series.Rows == 0)
        {
            throw new ArgumentException("A series needs at least one sample.", nameof(series));
        }

        double[] sizes = [.. like.PixelSizes];
        sizes[RepetitionTimeEntry] = repetitionTime ?? sizes[RepetitionTimeEntry];
        NiftiHeader timed = like with { PixelSizes = sizes };
        Write(path, timed, mask, series, outside, [mask.Shape.X, mask.Shape.Y, mask.Shape.Z, series.Rows]);
    }

    private static void Write(
        string path, NiftiHeader like, NiftiMask mask, MatrixView<float> series, float outside, nint[] dimensions)
    {
        mask.RequireFits(like, "the header");
        if (series.Columns != mask.Count)
        {
            throw new ArgumentException(
                $"{series.Columns} values a volume for a mask of {mask.Count} voxels.", nameof(series));
        }

        NiftiHeader header = like with
        {
            Dimensions = dimensions,
            DataType = ElementType.Float32,
            Description = Description,
        };
        using AtomicFile file = new(path);
        if (path.EndsWith(GzipMagic.Extension, StringComparison.OrdinalIgnoreCase))
        {
            using GZipStream stream = new(file.Stream, CompressionLevel.Optimal, leaveOpen: true);
            WriteContents(stream, header, mask, series, outside);
        }
        else
        {
            WriteContents(file.Stream, header, mask, series, outside);
        }

        file.Commit();
    }

    private static void WriteContents(
        Stream stream, NiftiHeader header, NiftiMask mask, MatrixView<float> series, float outside)
    {
        stream.Write(header.ToBytes());
        float[] volume = new float[header.VolumeVoxels];
        volume.AsSpan().Fill(outside);
        for (nint sample = 0; sample < series.Rows; sample++)
        {
            for (int voxel = 0; voxel < mask.Count; voxel++)
            {
                volume[mask.FileIndices[voxel]] = series[sample, voxel];
            }

            stream.Write(MemoryMarshal.AsBytes(volume.AsSpan()));
        }
    }
}
