using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// The problem without sample weights that stands for one with weights s, for solvers that know none: kernels times
/// sqrt(s_i s_j) and responses times sqrt(s_i). Its dual weights, times sqrt(s_i), are those of the given problem.
/// </summary>
/// <remarks>
/// With an intercept, w = s / sum(s): kernels (I - 1 w') K (I - w 1') and responses less w'Y are scaled, and the scaled
/// problem has no intercept of its own (its constant vector would be scaled too). Dual weights a then add up to 0 and
/// the intercept is w'Y - w'K a, that of weighted ridge. Validation samples have their part in w, which is where scores
/// differ from those of folds centred one by one.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class WeightedProblem<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Cap on the responses read at once for the intercept, in bytes.</summary>
    private const long ScratchBytes = PreparedTargets<T>.ScratchBytes;

    private readonly double[] _roots;

    /// <summary>w, where there is an intercept.</summary>
    private readonly double[]? _shares;

    /// <summary>w'K of each kernel, 1 x samples; none without an intercept.</summary>
    private readonly List<Matrix<T>> _means = [];

    private readonly WeightedTargets<T> _targets;
    private readonly KernelSet<T> _kernels;

    private WeightedProblem(
        IReadOnlyList<MatrixView<T>> kernels, TargetSource<T> Y, IReadOnlyList<double> sampleWeights, bool intercept,
        CancellationToken cancellation)
    {
        double sum = sampleWeights.Sum();
        _roots = [.. sampleWeights.Select(Math.Sqrt)];
        _shares = intercept ? [.. sampleWeights.Select(weight => weight / sum)] : null;
        _targets = new WeightedTargets<T>(Y, _roots, _shares);
        try
        {
            _kernels = KernelSet<T>.Make(kernels.Count, i => Scaled(kernels[i], cancellation));
        }
        catch
        {
            _means.ForEach(mean => mean.Dispose());
            throw;
        }
    }

    /// <summary>The scaled kernels, samples x samples each.</summary>
    public IReadOnlyList<MatrixView<T>> Kernels => _kernels.Views;

    /// <summary>The scaled responses, samples x targets.</summary>
    public TargetSource<T> Targets => _targets;

    /// <summary>The scaled problem, or null where there are no weights.</summary>
    /// <param name="kernels">samples x samples, symmetric; copied.</param>
    /// <param name="Y">samples x targets; read a tile at a time, not copied.</param>
    /// <param name="sampleWeights">A weight a sample, checked; null for none.</param>
    /// <param name="intercept">Whether to centre.</param>
    /// <param name="cancellation">Stops the work before the next row of a kernel.</param>
    public static WeightedProblem<T>? Of(
        IReadOnlyList<MatrixView<T>> kernels, TargetSource<T> Y, IReadOnlyList<double>? sampleWeights, bool intercept,
        CancellationToken cancellation) =>
        sampleWeights is null ? null : new WeightedProblem<T>(kernels, Y, sampleWeights, intercept, cancellation);

    /// <summary>Dual weights of the scaled problem become those of the given one, in place.</summary>
    /// <param name="dual">samples x targets.</param>
    public void ToGiven(MatrixView<T> dual)
    {
        for (int i = 0; i < _roots.Length; i++)
        {
            T root = T.CreateTruncating(_roots[i]);
            for (nint j = 0; j < dual.Columns; j++)
            {
                dual[i, j] *= root;
            }
        }
    }

    /// <summary>w'Y - sum_i exp(delta_i) w'K_i a: 1 x targets, the caller's.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="dual">a, weights of the given problem: samples x targets.</param>
    /// <param name="deltas">Log kernel weights, kernels x targets; null for all zero.</param>
    /// <param name="cancellation">Stops the work before the next tile.</param>
    public unsafe Matrix<T> Intercept(
        IBackend backend, MatrixView<T> dual, MatrixView<T>? deltas, CancellationToken cancellation)
    {
        using DualPredictor<T> ofMeans = new(backend, [.. _means.Select(mean => mean.View)], dual, deltas);
        nint width = (nint)Math.Clamp(ScratchBytes / (dual.Rows * sizeof(T)), 1, dual.Columns);
        using Matrix<T> scratch = Matrix<T>.Uninitialized(dual.Rows, width);
        double[] memory = new double[width];
        Matrix<T> intercept = Matrix<T>.Uninitialized(1, dual.Columns);
        try
        {
            for (nint first = 0; first < dual.Columns; first += width)
            {
                cancellation.ThrowIfCancellationRequested();
                nint count = Math.Min(width, dual.Columns - first);
                MatrixView<T> tile = intercept.View.SliceColumns(first, count);
                ofMeans.Predict(first, split: false, tile);
                Span<double> means = memory.AsSpan(0, (int)count);
                _targets.ReadMeans(first, scratch.View.SliceColumns(0, count), means);
                for (int j = 0; j < means.Length; j++)
                {
                    tile[0, j] = T.CreateTruncating(means[j] - double.CreateTruncating(tile[0, j]));
                }
            }
        }
        catch
        {
            intercept.Dispose();
            throw;
        }

        return intercept;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _kernels.Dispose();
        _means.ForEach(mean => mean.Dispose());
    }

    private Matrix<T> Scaled(MatrixView<T> K, CancellationToken cancellation)
    {
        double[] means = _shares is null ? new double[_roots.Length] : KeepMeans(K, _shares);
        double grand = _shares is null ? 0 : means.Zip(_shares, (mean, share) => mean * share).Sum();
        Matrix<T> scaled = Matrix<T>.Uninitialized(K.Rows, K.Columns);
        try
        {
            MatrixView<T> values = scaled.View;
            for (int i = 0; i < _roots.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int j = 0; j < _roots.Length; j++)
                {
                    // The sum of both means first: it is the same for (j, i), so what comes out is symmetric.
                    double centred = double.CreateTruncating(K[i, j]) - (means[i] + means[j]) + grand;
                    values[i, j] = T.CreateTruncating(_roots[i] * _roots[j] * centred);
                }
            }
        }
        catch
        {
            scaled.Dispose();
            throw;
        }

        return scaled;
    }

    /// <summary>w'K, in double; a copy is kept for the intercept.</summary>
    private double[] KeepMeans(MatrixView<T> K, double[] shares)
    {
        double[] means = new double[shares.Length];
        for (int i = 0; i < shares.Length; i++)
        {
            for (int j = 0; j < means.Length; j++)
            {
                means[j] += shares[i] * double.CreateTruncating(K[i, j]);
            }
        }

        Matrix<T> kept = Matrix<T>.Uninitialized(1, means.Length);
        for (int j = 0; j < means.Length; j++)
        {
            kept[0, j] = T.CreateTruncating(means[j]);
        }

        _means.Add(kept);
        return means;
    }
}
