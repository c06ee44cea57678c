using System.Numerics;
using VemKernels.Cli.Inputs;
using VemKernels.Data;

namespace VemKernels.Cli.Score;

/// <summary>The names of the files of scores, and writing of them: arrays, and maps where targets are voxels.</summary>
/// <param name="prefix">What the names begin with: "test_" for scores of a fit.</param>
internal sealed class ScoreFiles(string prefix)
{
    /// <summary>R2.</summary>
    public string R2 => $"{prefix}r2.npy";

    /// <summary>Correlation.</summary>
    public string Correlation => $"{prefix}correlation.npy";

    /// <summary>R2 split over spaces.</summary>
    public string R2Split => $"{prefix}r2_split.npy";

    /// <summary>Map of the R2.</summary>
    public string R2Map => $"{prefix}r2.nii.gz";

    /// <summary>Map of the correlation.</summary>
    public string CorrelationMap => $"{prefix}correlation.nii.gz";

    /// <summary>All of them, as <see cref="AtomicFolder"/> takes them.</summary>
    public IReadOnlyList<string> All => [R2, Correlation, R2Split, R2Map, CorrelationMap, R2SplitMap("*")];

    /// <summary>Map of the R2 of one space.</summary>
    public string R2SplitMap(string space) => $"{prefix}r2_split_{space}.nii.gz";

    /// <summary>Writes scores.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="scores">The scores.</param>
    /// <param name="names">The name of each part of split scores.</param>
    /// <param name="space">Where the targets lie in a brain; null for no maps.</param>
    public void Write<T>(AtomicFolder folder, ModelScores<T> scores, IReadOnlyList<string> names, NiftiSpace? space)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NpyFile.WriteVector<T>(folder[R2], scores.R2.View.RowSpan(0));
        NpyFile.WriteVector<T>(folder[Correlation], scores.Correlation.View.RowSpan(0));
        WriteMap(folder[R2Map], space, scores.R2.View.RowSpan(0));
        WriteMap(folder[CorrelationMap], space, scores.Correlation.View.RowSpan(0));
        if (scores.R2Split is not { } split)
        {
            return;
        }

        NpyFile.Write(folder[R2Split], split.View);
        for (int i = 0; i < names.Count; i++)
        {
            WriteMap(folder[R2SplitMap(names[i])], space, split.View.RowSpan(i));
        }
    }

    private static void WriteMap<T>(string path, NiftiSpace? space, ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (space is null)
        {
            return;
        }

        float[] single = new float[values.Length];
        for (int i = 0; i < single.Length; i++)
        {
            single[i] = float.CreateTruncating(values[i]);
        }

        NiftiWriter.WriteVolume(path, space.Header, space.Mask, single);
    }
}
