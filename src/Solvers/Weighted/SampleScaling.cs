using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.Weighted;

/// <summary>
/// What sample weights s and an intercept do to kernel ridge. With w = s / sum(s), the centred kernel is (I - 1 w') K
/// (I - w 1') and responses (and features) are centred by w'Y; then rows (of a kernel: rows and columns) are scaled by
/// sqrt(s), and dual weights of the scaled problem, scaled again, are those of the given one.
/// </summary>
internal sealed class SampleScaling : IDisposable
{
    private readonly IBackend _backend;

    /// <summary>n w, n x 1: the mean of its product with a column is the weighted mean; null for ones.</summary>
    private readonly DeviceMatrix<double>? _meanFactors;

    private readonly double[]? _roots;

    public SampleScaling(IBackend backend, nint samples, bool intercept, IReadOnlyList<double>? sampleWeights)
    {
        _backend = backend;
        HasIntercept = intercept;
        if (sampleWeights is null)
        {
            return;
        }

        double mean = sampleWeights.Sum() / samples;
        _meanFactors = Upload.Column<double>(backend, [.. sampleWeights.Select(weight => weight / mean)]);
        _roots = [.. sampleWeights.Select(Math.Sqrt)];
    }

    /// <summary>Whether kernels and responses are centred.</summary>
    public bool HasIntercept { get; }

    /// <summary>
    /// Centres and scales a kernel in place; returns w'K before, 1 x n, or null without an intercept.
    /// </summary>
    public DeviceMatrix<double>? ApplyToKernel(DeviceView<double> K)
    {
        DeviceMatrix<double>? rows = null;
        if (HasIntercept)
        {
            rows = WeightedMeans(K);
            _backend.SubtractRow(K, rows.View);
            using DeviceMatrix<double> remaining = WeightedMeans(K.Transposed);
            _backend.SubtractRow(K.Transposed, remaining.View);
        }

        if (_roots is not null)
        {
            using DeviceMatrix<double> roots = Upload.Column<double>(_backend, _roots);
            _backend.Scale(K, roots.View, roots.View, K);
        }

        return rows;
    }

    /// <summary>
    /// Centres and scales responses or features in place; returns their weighted means, 1 x t, or null without an
    /// intercept.
    /// </summary>
    public DeviceMatrix<T>? ApplyToColumns<T>(DeviceView<T> Y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceMatrix<T>? means = null;
        try
        {
            if (HasIntercept)
            {
                means = WeightedMeans(Y);
                _backend.SubtractRow(Y, means.View);
            }

            ScaleRows(Y, inverse: false);
            return means;
        }
        catch
        {
            means?.Dispose();
            throw;
        }
    }

    /// <summary>Dual weights of the scaled problem become those of the given one, in place.</summary>
    public void ToGiven<T>(DeviceView<T> dual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ScaleRows(dual, inverse: false);

    /// <summary>
    /// Dual weights of the given problem become those of the scaled one, in place; samples of weight 0 have none.
    /// </summary>
    public void ToScaled<T>(DeviceView<T> dual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ScaleRows(dual, inverse: true);

    public void Dispose() => _meanFactors?.Dispose();

    private void ScaleRows<T>(DeviceView<T> A, bool inverse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_roots is null)
        {
            return;
        }

        using DeviceMatrix<T> factors = Upload.Column<T>(
            _backend, Array.ConvertAll(_roots, root => T.CreateTruncating(!inverse ? root : root == 0 ? 0 : 1 / root)));
        _backend.Scale(A, factors.View, null, A);
    }

    private DeviceMatrix<T> WeightedMeans<T>(DeviceView<T> A)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_meanFactors is null)
        {
            return Allocation.Filled<T>(_backend, 1, A.Columns, means => _backend.ColumnMeans(A, means));
        }

        using DeviceMatrix<T> factors = _backend.Allocate<T>(A.Rows, 1);
        using DeviceMatrix<T> weighted = _backend.Allocate<T>(A.Rows, A.Columns);
        _backend.Copy(_meanFactors.View, factors.View);
        _backend.Scale(A, factors.View, null, weighted.View);
        return Allocation.Filled<T>(
            _backend, 1, A.Columns, means => _backend.ColumnMeans(weighted.View, means));
    }
}
