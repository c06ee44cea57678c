using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.Weighted;

/// <summary>
/// A regularised inverse that is diagonal in some basis: weights = Left (f(alpha) . (Right y)), with one number f for
/// each entry of the spectrum. Factored in double, rounded once; then two products a target, whatever its alpha.
/// </summary>
internal sealed class SpectralFactors<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly DeviceMatrix<T> _left;
    private readonly DeviceMatrix<T> _right;
    private readonly double[] _spectrum;
    private readonly Func<double, double, double> _filter;

    /// <param name="backend">Where to compute.</param>
    /// <param name="left">Weights x r.</param>
    /// <param name="right">r x samples.</param>
    /// <param name="spectrum">r numbers.</param>
    /// <param name="filter">f(entry of the spectrum, alpha).</param>
    public SpectralFactors(
        IBackend backend, DeviceView<double> left, DeviceView<double> right, double[] spectrum,
        Func<double, double, double> filter)
    {
        _backend = backend;
        _spectrum = spectrum;
        _filter = filter;
        _left = backend.Allocate<T>(left.Rows, left.Columns);
        _right = backend.Allocate<T>(right.Rows, right.Columns);
        backend.Copy(left, _left.View);
        backend.Copy(right, _right.View);
    }

    /// <summary>Weights of a tile of targets.</summary>
    /// <param name="Y">Samples x t.</param>
    /// <param name="alphas">One alpha, or t.</param>
    public DeviceMatrix<T> Solve(DeviceView<T> Y, ReadOnlySpan<double> alphas)
    {
        using DeviceMatrix<T> Z = _backend.Allocate<T>(_right.Rows, Y.Columns);
        _backend.Gemm(1, _right.View, Y, 0, Z.View);
        using (DeviceMatrix<T> filters = Filters(alphas))
        {
            if (alphas.Length == 1)
            {
                _backend.Scale(Z.View, filters.View, null, Z.View);
            }
            else
            {
                _backend.Multiply(Z.View, filters.View, Z.View);
            }
        }

        return Allocation.Filled<T>(
            _backend, _left.Rows, Y.Columns, weights => _backend.Gemm(1, _left.View, Z.View, 0, weights));
    }

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
    }

    /// <summary>f for each entry of the spectrum (a row) and alpha (a column).</summary>
    private DeviceMatrix<T> Filters(ReadOnlySpan<double> alphas)
    {
        using Matrix<T> host = Matrix<T>.Uninitialized(_spectrum.Length, alphas.Length);
        for (int i = 0; i < _spectrum.Length; i++)
        {
            Span<T> row = host.View.RowSpan(i);
            for (int j = 0; j < row.Length; j++)
            {
                row[j] = T.CreateTruncating(_filter(_spectrum[i], alphas[j]));
            }
        }

        return Allocation.Of(_backend, host.View);
    }
}
