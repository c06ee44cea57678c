using System.Numerics;

namespace VemKernels.Estimators;

/// <summary>
/// Responses scaled by the roots of sample weights as they are read, after their weighted means are subtracted where
/// there is an intercept: responses larger than memory need no scaled copy.
/// </summary>
/// <param name="source">samples x targets; must stay valid as long as this one is used.</param>
/// <param name="roots">Factors of the rows, one a sample.</param>
/// <param name="shares">Shares of the samples in the mean that is subtracted; null to subtract nothing.</param>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class WeightedTargets<T>(TargetSource<T> source, double[] roots, double[]? shares) : TargetSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private double[]? _idleMeans;

    /// <inheritdoc/>
    public override nint Samples => source.Samples;

    /// <inheritdoc/>
    public override nint Targets => source.Targets;

    /// <summary>The weighted means that reading subtracts.</summary>
    /// <param name="first">The first target.</param>
    /// <param name="tile">samples x some targets: receives the responses as they are in the source.</param>
    /// <param name="means">Receives a mean a target of the tile.</param>
    public void ReadMeans(nint first, MatrixView<T> tile, Span<double> means)
    {
        source.Read(first, tile);
        means.Clear();
        if (shares is null)
        {
            return;
        }

        for (int i = 0; i < shares.Length; i++)
        {
            for (int j = 0; j < means.Length; j++)
            {
                means[j] += shares[i] * double.CreateTruncating(tile[i, j]);
            }
        }
    }

    /// <inheritdoc/>
    protected override void ReadTile(nint first, MatrixView<T> tile)
    {
        // Taken while it is in use: a second reader makes its own.
        double[]? idle = Interlocked.Exchange(ref _idleMeans, null);
        double[] memory = idle is not null && idle.Length >= tile.Columns ? idle : new double[tile.Columns];
        Span<double> means = memory.AsSpan(0, (int)tile.Columns);
        ReadMeans(first, tile, means);
        for (int i = 0; i < roots.Length; i++)
        {
            for (int j = 0; j < means.Length; j++)
            {
                tile[i, j] = T.CreateTruncating(roots[i] * (double.CreateTruncating(tile[i, j]) - means[j]));
            }
        }

        _idleMeans = memory;
    }
}
