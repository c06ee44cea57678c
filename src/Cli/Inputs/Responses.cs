using System.Numerics;
using VemKernels.Cli.Options;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Cli.Inputs;

/// <summary>
/// Measured responses in a file, samples x targets: a .npy array (mapped, not loaded) or the masked voxels of a NIfTI
/// series.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class Responses<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IDisposable _file;

    private Responses(string path, TargetSource<T> source, IDisposable file, NiftiSpace? space)
    {
        Path = path;
        Source = source;
        _file = file;
        Space = space;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its values.</summary>
    public TargetSource<T> Source { get; }

    /// <summary>Where the targets lie in a brain; null for .npy.</summary>
    public NiftiSpace? Space { get; }

    /// <summary>How many samples there are.</summary>
    public int Samples => checked((int)Source.Samples);

    /// <summary>Opens responses.</summary>
    /// <param name="argument">A .npy, .nii or .nii.gz file.</param>
    /// <param name="mask">Mask of a NIfTI series; null for all voxels.</param>
    /// <exception cref="IOException">A file is missing, damaged, empty, or the mask has another shape.</exception>
    /// <exception cref="OptionException">A mask with .npy responses.</exception>
    public static Responses<T> Open(FileArgument argument, string? mask)
    {
        string path = argument.Path;
        if (argument.Columns.Count > 0)
        {
            throw new OptionException($"--responses {argument}", "responses have no named columns");
        }

        Responses<T> responses = argument.IsNifti ? OpenNifti(path, mask)
            : argument.IsNpy ? OpenNpy(path, mask)
            : throw new DataFormatException(path, "responses are .npy, .nii or .nii.gz files");
        if (responses.Source.Samples > 0 && responses.Source.Targets > 0)
        {
            return responses;
        }

        (nint samples, nint targets) = (responses.Source.Samples, responses.Source.Targets);
        responses.Dispose();
        throw new DataFormatException(path, $"the responses are empty: {samples} samples x {targets} targets");
    }

    /// <summary>Requires responses without NaN and infinity.</summary>
    /// <exception cref="DataFormatException">
    /// There are some; the message says how many, and where the first is.
    /// </exception>
    public void RequireFinite(CancellationToken cancellation)
    {
        FiniteReport report = FiniteCheck.Scan(Source, cancellation);
        if (!report.IsFinite)
        {
            throw new DataFormatException(
                Path, report.Describe("sample", Space is null ? "target" : "voxel of the mask"));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static Responses<T> OpenNpy(string path, string? mask)
    {
        if (mask is not null)
        {
            throw new OptionException($"--mask {mask}", $"a mask is for NIfTI responses; {path} is a .npy file");
        }

        NpyTargetSource<T> source = new(path);
        return new(path, source, source, null);
    }

    private static Responses<T> OpenNifti(string path, string? maskPath)
    {
        NiftiImage image = NiftiImage.Read(path);
        try
        {
            NiftiMask mask = maskPath is null ? NiftiMask.Whole(image.Header) : ReadMask(maskPath);
            return new(path, new NiftiTargetSource<T>(image, mask), image, new NiftiSpace(image.Header, mask));
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    private static NiftiMask ReadMask(string path)
    {
        using NiftiImage mask = NiftiImage.Read(path);
        return mask.ReadMask();
    }
}

/// <summary>Where targets lie in a brain.</summary>
/// <param name="Header">Header of the responses, for the affine of maps.</param>
/// <param name="Mask">The voxel of each target.</param>
internal sealed record NiftiSpace(NiftiHeader Header, NiftiMask Mask);
