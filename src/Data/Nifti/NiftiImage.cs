using System.IO.Compression;
using System.Numerics;

namespace VemKernels.Data;

/// <summary>
/// A NIfTI-1 or NIfTI-2 image: its header, and its values as the file holds them. An uncompressed file is mapped, a
/// compressed one is decompressed into memory; values are converted as they are asked for.
/// </summary>
public sealed unsafe class NiftiImage : IDisposable
{
    /// <summary>
    /// How many times smaller deflate can make a file, rounded up (RFC 1951: 258 bytes from two bits).
    /// </summary>
    private const long MaxDeflateRatio = 1040;

    private const int SkipBytes = 4096;

    private readonly NativeBytes _bytes;
    private readonly long _offset;

    private NiftiImage(string path, NiftiHeader header, NativeBytes bytes, long offset)
    {
        Path = path;
        Header = header;
        _bytes = bytes;
        _offset = offset;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its header.</summary>
    public NiftiHeader Header { get; }

    /// <summary>Opens a .nii or .nii.gz file; which of the two is told by its contents.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Stops a decompression.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">
    /// It is not a NIfTI file that we read, is cut short, or its checksum is wrong.
    /// </exception>
    public static NiftiImage Read(string path, CancellationToken cancellation = default)
    {
        using FileStream file = InputFile.Open(path);
        bool compressed = GzipMagic.Begins(file);
        if (!compressed && path.EndsWith(GzipMagic.Extension, StringComparison.OrdinalIgnoreCase)
            && !LooksLikeNifti(file))
        {
            throw new DataFormatException(path, "not a gzip file, whatever its name says");
        }

        return compressed ? Decompress(file, path, cancellation) : Map(file, path);
    }

    /// <summary>The voxels whose value is neither 0 nor NaN.</summary>
    /// <exception cref="DataFormatException">There is none, or the image is a series.</exception>
    public NiftiMask ReadMask()
    {
        if (Header.Volumes != 1)
        {
            throw new DataFormatException(
                Path, $"a mask has one volume, this image has {ShapeText.Of(Header.Dimensions)}");
        }

        NiftiMask whole = NiftiMask.Whole(Header);
        using Matrix<double> values = ReadSeries<double>(whole);
        List<nint> chosen = [];
        foreach (nint index in whole.Indices)
        {
            double value = values[0, index];
            if (value != 0 && !double.IsNaN(value))
            {
                chosen.Add(index);
            }
        }

        return chosen.Count == 0
            ? throw new DataFormatException(Path, "the mask has no voxel that is not zero")
            : new(Path, Header.VolumeShape, [.. chosen]);
    }

    /// <summary>
    /// The values of masked voxels: samples (volumes) x voxels, in the order of the mask, scaled as the header says.
    /// </summary>
    /// <exception cref="DataFormatException">The mask has other dimensions.</exception>
    public Matrix<T> ReadSeries<T>(NiftiMask mask)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        mask.RequireFits(Header, Path);
        Matrix<T> series = Matrix<T>.Uninitialized(Header.Volumes, mask.Count);
        CopyTo(mask.FileIndices, series.View);
        return series;
    }

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();

    /// <summary>Converts voxels, given by their positions in a volume of the file, into samples x voxels.</summary>
    internal void CopyTo<T>(ReadOnlySpan<nint> fileIndices, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (double slope, double intercept) = Header.Scaling;
        bool swapped = Header.IsBigEndian == BitConverter.IsLittleEndian;
        long volumeBytes = (long)Header.VolumeVoxels * Header.DataType.Size();
        fixed (nint* offsets = fileIndices)
        {
            for (nint sample = 0; sample < destination.Rows; sample++)
            {
                byte* volume = _bytes.Pointer + _offset + (sample * volumeBytes);
                T* row = destination.Pointer + (sample * destination.RowStride);
                ElementDispatch.Run(Header.DataType, new ScaledGather<T>(
                    volume, swapped, offsets, fileIndices.Length, slope, intercept, row, destination.ColumnStride));
            }
        }

        GC.KeepAlive(this);
    }

    private static NiftiImage Map(FileStream file, string path)
    {
        NiftiHeader header = NiftiHeader.Read(file, path);
        RequireData(header, file.Length - header.DataOffset, path);
        return new(path, header, NativeBytes.Map(path), header.DataOffset);
    }

    private static NiftiImage Decompress(FileStream file, string path, CancellationToken cancellation)
    {
        try
        {
            using EndGuardStream guarded = new(file);
            using GZipStream stream = new(guarded, CompressionMode.Decompress);
            NiftiHeader header = NiftiHeader.Read(stream, path);
            if (header.DataBytes / MaxDeflateRatio > file.Length)
            {
                throw new DataFormatException(
                    path,
                    $"truncated: the header says {Claim(header)}, which {file.Length:N0} compressed bytes cannot hold");
            }

            Skip(stream, header);
            return new(path, header, ReadData(stream, header, path, cancellation), offset: 0);
        }
        catch (EndOfStreamException exception)
        {
            throw new DataFormatException(path, $"cut short: {exception.Message}", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new DataFormatException(path, $"damaged or cut short: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the values, and on to the end of the stream, where gzip has its checksum.</summary>
    private static NativeBytes ReadData(
        Stream stream, NiftiHeader header, string path, CancellationToken cancellation)
    {
        NativeBytes bytes = NativeBytes.Allocate(header.DataBytes);
        try
        {
            RequireData(header, bytes.FillFrom(stream, cancellation), path);
            ReadOnlyStream.Drain(stream);
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Passes over extensions between header and data.</summary>
    private static void Skip(Stream stream, NiftiHeader header)
    {
        Span<byte> buffer = stackalloc byte[SkipBytes];
        long left = header.DataOffset - (header.IsNifti2 ? NiftiLayout.Two : NiftiLayout.One).HeaderSize;
        int read = 1;
        while (left > 0 && read > 0)
        {
            read = stream.Read(buffer[..(int)Math.Min(SkipBytes, left)]);
            left -= read;
        }
    }

    private static void RequireData(NiftiHeader header, long available, string path)
    {
        if (available < header.DataBytes)
        {
            throw new DataFormatException(
                path, $"truncated: the header says {Claim(header)}, the file holds {Math.Max(0, available):N0}");
        }
    }

    private static string Claim(NiftiHeader header) =>
        $"{ShapeText.Of(header.Dimensions)} {header.DataType.Name()} ({header.DataBytes:N0} bytes)";

    private static bool LooksLikeNifti(FileStream file)
    {
        byte[] first = new byte[NiftiLayout.HeaderSizeWidth];
        file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        file.Position = 0;
        foreach (bool bigEndian in (ReadOnlySpan<bool>)[false, true])
        {
            long size = new NiftiFields(first, bigEndian).Integer(0, first.Length);
            if (size == NiftiLayout.One.HeaderSize || size == NiftiLayout.Two.HeaderSize)
            {
                return true;
            }
        }

        return false;
    }
}
