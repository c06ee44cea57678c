using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.CrossValidation;

/// <summary>
/// For one alpha, what the Woodbury identity needs of the smoother S = K (K + alpha I)^-1 and of C = I - S, in double:
/// a matrix from which both follow without cancellation, and M_D = (C_DD)^-1 for held-out sets D.
/// </summary>
/// <remarks>
/// The matrix kept is C over its largest filter value c_max where alpha is under lambda_max and Q is complete (form C):
/// entries of I - S would cancel there. Otherwise it is S (form S): entries of I - C would cancel there. M_D is then
/// times c_max in form C, and 1 in form S. docs/algorithms.md, "Precision".
/// </remarks>
internal sealed class HeldOutSmoother : IDisposable
{
    private readonly IBackend _backend;
    private readonly Factorisation _factors;
    private readonly double[] _filter;
    private readonly DeviceMatrix<double> _scaledQ;
    private readonly bool _isGram;

    /// <param name="backend">Where to compute.</param>
    /// <param name="factors">The candidate's factorisation.</param>
    /// <param name="alpha">The regularisation.</param>
    public HeldOutSmoother(IBackend backend, Factorisation factors, double alpha)
    {
        _backend = backend;
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

    /// <summary>Whether the form is C / c_max rather than S.</summary>
    public bool IsResidualForm { get; }

    /// <summary>c_max in form C, 1 in form S.</summary>
    public double Scale { get; }

    /// <summary>The filter that goes with the form, over <see cref="Scale"/>.</summary>
    public ReadOnlySpan<double> Filter => _filter;

    /// <summary>Writes the whole n x n matrix in its form.</summary>
    public void WriteMatrix(DeviceView<double> matrix) => Multiply(_scaledQ.View, _factors.Q.View, matrix);

    /// <summary>The rows x rows block in its form.</summary>
    public DeviceMatrix<double> Block(ReadOnlySpan<int> rows)
    {
        using RowSelection scaled = new(_backend, _scaledQ.View, rows);
        using RowSelection plain = new(_backend, _factors.Q.View, rows);
        return Allocation.Filled<double>(
            _backend, rows.Length, rows.Length, block => Multiply(scaled.View, plain.View, block));
    }

    /// <summary>
    /// M_D from the block that it overwrites, and kappa = |M_D|_F / sqrt(|D|): by how much rounding in T grows on its
    /// way through it.
    /// </summary>
    /// <exception cref="NotPositiveDefiniteException">The block has no digits left.</exception>
    public double Invert(DeviceView<double> block, CancellationToken cancellation)
    {
        if (!IsResidualForm)
        {
            using DeviceMatrix<double> ones = _backend.Allocate<double>(block.Rows, 1);
            _backend.Fill(ones.View, -1);
            _backend.Scale(block, ones.View, null, block);
            _backend.AddDiagonal(block, 1);
        }

        _backend.Cholesky(block, 1, cancellation);
        _backend.CholeskyInverse(block, 1, cancellation);
        return _backend.FrobeniusNorm(block) / Math.Sqrt(block.Rows);
    }

    public void Dispose() => _scaledQ.Dispose();

    private void Multiply(DeviceView<double> scaled, DeviceView<double> plain, DeviceView<double> result)
    {
        if (_isGram)
        {
            _backend.Syrk(1, scaled, 0, result);
        }
        else
        {
            _backend.Gemm(1, scaled, plain.Transposed, 0, result);
        }
    }
}
