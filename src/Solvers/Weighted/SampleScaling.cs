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

    /// <summary>
    /// Square roots of the weights, n x 1, and one over them (0 over 0): in double, rounded where they are used.
    /// </summary>
    private readonly DeviceMatrix<double>? _roots;
    private readonly DeviceMatrix<double>? _inverseRoots;

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
        double[] roots = [.. sampleWeights.Select(Math.Sqrt)];
        _roots = Upload.Column<double>(backend, roots);
        _inverseRoots = Upload.Column<double>(backend, Array.ConvertAll(roots, root => root == 0 ? 0 : 1 / root));
    }

    /// <summary>Whether kernels and responses are centred.</summary>
    public bool HasIntercept { get; }

    /// <summary>
    /// Centres and scales a kernel in place; returns w'K before, 1 x n, or nothing without an intercept.
    /// </summary>
    public DeviceLease<double> ApplyToKernel(DeviceView<double> K)
    {
        DeviceLease<double> rows = default;
        if (HasIntercept)
        {
            rows = WeightedMeans(K);
            _backend.SubtractRow(K, rows.View);
            using DeviceLease<double> remaining = WeightedMeans(K.Transposed);
            _backend.SubtractRow(K.Transposed, remaining.View);
        }

        if (_roots is not null)
        {
            _backend.Scale(K, _roots.View, _roots.View, K);
        }

        return rows;
    }

    /// <summary>
    /// Centres and scales responses or features in place; returns their weighted means, 1 x t, or nothing without an
    /// intercept.
    /// </summary>
    public DeviceLease<T> ApplyToColumns<T>(DeviceView<T> Y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceLease<T> means = default;
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
            means.Dispose();
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

    public void Dispose()
    {
        _meanFactors?.Dispose();
        _roots?.Dispose();
        _inverseRoots?.Dispose();
    }

    private void ScaleRows<T>(DeviceView<T> A, bool inverse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_roots is null)
        {
            return;
        }

        using DeviceLease<T> factors = _backend.Rent<T>(A.Rows, 1);
        _backend.Copy((inverse ? _inverseRoots! : _roots).View, factors.View);
        _backend.Scale(A, factors.View, null, A);
    }

    private DeviceLease<T> WeightedMeans<T>(DeviceView<T> A)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Rented.Filled<T, (SampleScaling Scaling, DeviceView<T> A)>(
            _backend, 1, A.Columns, (this, A), static (on, means) => on.Scaling.WriteMeans(on.A, means));

    private void WriteMeans<T>(DeviceView<T> A, DeviceView<T> means)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_meanFactors is null)
        {
            _backend.ColumnMeans(A, means);
            return;
        }

        using DeviceLease<T> factors = _backend.Rent<T>(A.Rows, 1);
        using DeviceLease<T> weighted = _backend.Rent<T>(A.Rows, A.Columns);
        _backend.Copy(_meanFactors.View, factors.View);
        _backend.Scale(A, factors.View, null, weighted.View);
        _backend.ColumnMeans(weighted.View, means);
    }
}
