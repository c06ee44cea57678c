using System.Numerics;

namespace VemKernels.Solvers.Weighted;

/// <summary>Runs all targets through a <see cref="SpectralFactors{T}"/>, a tile at a time.</summary>
internal static class SpectralSolver
{
    /// <param name="backend">Where to compute.</param>
    /// <param name="factors">The regularised inverse.</param>
    /// <param name="columns">Responses in, weights out.</param>
    /// <param name="alphas">One for all targets, or one a target.</param>
    /// <param name="targets">How many targets.</param>
    /// <param name="tile">Targets at a time.</param>
    /// <param name="meanRow">
    /// The inputs' mean as a row as wide as the weights are high, where there is an intercept.
    /// </param>
    /// <param name="progress">Told after each tile.</param>
    /// <param name="cancellation">Checked before each tile.</param>
    public static void Run<T>(
        IBackend backend, SpectralFactors<T> factors, SolutionColumns<T> columns, IReadOnlyList<double> alphas,
        int targets, int tile,
        DeviceView<T>? meanRow, IProgress<FitProgress>? progress, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        new TileLoop(tile, backend).Run(targets, (first, count) =>
        {
            using DeviceLease<T> Y = columns.Load((int)first, (int)count);
            using DeviceLease<T> weights = factors.Solve(Y.View, alphas, (int)first);
            columns.Store((int)first, weights.View, meanRow, static (_, _) => 1);
            progress?.Report(new FitProgress("weights", (double)(first + count) / targets));
        }, cancellation);
    }
}
