using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.CrossValidation;

/// <summary>
/// A smoother from the Cholesky factor of K + alpha I: C = alpha (K + alpha I)^-1, over its norm, or S = K (K + alpha
/// I)^-1. Blocks are parts of the matrix: no product a fold.
/// </summary>
internal sealed class CholeskySmoother : HeldOutSmoother
{
    private readonly DeviceMatrix<double> _matrix;

    /// <param name="backend">Where to compute.</param>
    /// <param name="factors">The candidate's kernel.</param>
    /// <param name="alpha">The regularisation.</param>
    /// <param name="cancellation">Stops the factorisation.</param>
    /// <exception cref="NotPositiveDefiniteException">K + alpha I is not positive definite.</exception>
    public CholeskySmoother(
        IBackend backend, CholeskyFactorisation factors, double alpha, CancellationToken cancellation)
        : base(backend)
    {
        IsResidualForm = alpha < factors.LambdaMax;
        DeviceMatrix<double> inverse = factors.Inverse(alpha, cancellation);
        try
        {
            if (IsResidualForm)
            {
                double norm = LargestEigenvalue.Of(backend, inverse.View);
                using DeviceMatrix<double> factor = backend.Allocate<double>(inverse.Rows, 1);
                backend.Fill(factor.View, 1 / norm);
                backend.Scale(inverse.View, factor.View, null, inverse.View);
                Scale = alpha * norm;
                _matrix = inverse;
                return;
            }

            // Without the constant vector in the inverse there is none in the product; the smoother keeps it whole.
            _matrix = Allocation.Filled<double>(backend, inverse.Rows, inverse.Rows, product =>
            {
                backend.Gemm(1, factors.Kernel.View, inverse.View, 0, product);
                factors.AddConstant(product, 1);
            });
            inverse.Dispose();
        }
        catch
        {
            inverse.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void WriteMatrix(DeviceView<double> matrix) => Backend.Copy(_matrix.View, matrix);

    /// <inheritdoc/>
    public override DeviceMatrix<double> Block(ReadOnlySpan<int> rows)
    {
        using RowSelection selected = new(Backend, _matrix.View, rows);
        DeviceMatrix<double> block = Backend.Allocate<double>(rows.Length, rows.Length);
        try
        {
            Backend.GatherColumns(selected.View, rows, block.View);
            return block;
        }
        catch
        {
            block.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _matrix.Dispose();
}
