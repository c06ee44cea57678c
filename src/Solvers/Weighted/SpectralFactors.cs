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
    private readonly HostBuffer<T> _host = new();
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

    /// <summary>Weights of a tile of targets. Dispose them.</summary>
    /// <param name="Y">Samples x t.</param>
    /// <param name="alphas">One alpha for all targets, or one a target.</param>
    /// <param name="first">The tile's first target.</param>
    public DeviceLease<T> Solve(DeviceView<T> Y, IReadOnlyList<double> alphas, int first)
    {
        using DeviceLease<T> Z = _backend.Rent<T>(_right.Rows, Y.Columns);
        _backend.Gemm(1, _right.View, Y, 0, Z.View);
        using (DeviceLease<T> filters = Filters(alphas, first, (int)Y.Columns))
        {
            if (alphas.Count == 1)
            {
                _backend.Scale(Z.View, filters.View, null, Z.View);
            }
            else
            {
                _backend.Multiply(Z.View, filters.View, Z.View);
            }
        }

        return Rented.Filled<T, (SpectralFactors<T> Factors, DeviceView<T> Z)>(
            _backend, _left.Rows, Y.Columns, (this, Z.View), static (on, weights) =>
                on.Factors._backend.Gemm(1, on.Factors._left.View, on.Z, 0, weights));
    }

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
        _host.Dispose();
    }

    /// <summary>f for each entry of the spectrum (a row) and alpha (a column).</summary>
    private DeviceLease<T> Filters(IReadOnlyList<double> alphas, int first, int count)
    {
        bool shared = alphas.Count == 1;
        MatrixView<T> host = _host.View(_spectrum.Length, shared ? 1 : count);
        for (int i = 0; i < _spectrum.Length; i++)
        {
            for (int j = 0; j < host.Columns; j++)
            {
                host[i, j] = T.CreateTruncating(_filter(_spectrum[i], alphas[shared ? 0 : first + j]));
            }
        }

        return _host.Upload(_backend);
    }
}
