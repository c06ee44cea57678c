using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.CrossValidation;

/// <summary>A smoother as Q diag(f) Q' of an eigendecomposition, f the filter that goes with its form.</summary>
internal sealed class SpectralSmoother : HeldOutSmoother
{
    private readonly SpectralFactorisation _factors;
    private readonly double[] _filter;
    private readonly DeviceMatrix<double> _scaledQ;
    private readonly bool _isGram;

    /// <param name="backend">Where to compute.</param>
    /// <param name="factors">The candidate's factorisation.</param>
    /// <param name="alpha">The regularisation.</param>
    public SpectralSmoother(IBackend backend, SpectralFactorisation factors, double alpha)
        : base(backend)
    {
        _factors = factors;
        IsResidualForm = factors.IsComplete && alpha < factors.LambdaMax;
        _filter = IsResidualForm ? factors.ResidualFilter(alpha) : factors.SmootherFilter(alpha);
        Scale = IsResidualForm ? _filter.Max() : 1;
        for (int i = 0; i < _filter.Length; i++)
        {
            _filter[i] /= Scale;
        }

        // With no negative filter value the matrix is (Q sqrt f) (Q sqrt f)': half the work, and symmetric to the bit.
        _isGram = _filter.All(value => value >= 0);
        using DeviceMatrix<double> column = Upload.Column<double>(
            backend, _isGram ? Array.ConvertAll(_filter, Math.Sqrt) : _filter);
        _scaledQ = Allocation.Filled<double>(
            backend, factors.Q.Rows, factors.Q.Columns,
            scaled => backend.Scale(factors.Q.View, null, column.View, scaled));
    }

    /// <summary>The filter that goes with the form, over <see cref="HeldOutSmoother.Scale"/>.</summary>
    public ReadOnlySpan<double> Filter => _filter;

    /// <inheritdoc/>
    public override void WriteMatrix(DeviceView<double> matrix) => Multiply(_scaledQ.View, _factors.Q.View, matrix);

    /// <inheritdoc/>
    public override DeviceMatrix<double> Block(ReadOnlySpan<int> rows)
    {
        using RowSelection scaled = new(Backend, _scaledQ.View, rows);
        using RowSelection plain = new(Backend, _factors.Q.View, rows);
        return Allocation.Filled<double>(
            Backend, rows.Length, rows.Length, block => Multiply(scaled.View, plain.View, block));
    }

    /// <inheritdoc/>
    public override void Dispose() => _scaledQ.Dispose();

    private void Multiply(DeviceView<double> scaled, DeviceView<double> plain, DeviceView<double> result)
    {
        if (_isGram)
        {
            Backend.Syrk(1, scaled, 0, result);
        }
        else
        {
            Backend.Gemm(1, scaled, plain.Transposed, 0, result);
        }
    }
}
