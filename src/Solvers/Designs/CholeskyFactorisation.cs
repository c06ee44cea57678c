using System.Numerics;
using VemKernels.Solvers.CrossValidation;

namespace VemKernels.Solvers.Designs;

/// <summary>
/// The kernel of one candidate as it is, for smoothers that each factor K + alpha I by themselves: n^3 flops an alpha,
/// and no eigendecomposition. Devices that are slow at those and fast at products gain.
/// </summary>
internal sealed class CholeskyFactorisation : Factorisation
{
    private readonly IBackend _backend;

    /// <param name="backend">Where to compute.</param>
    /// <param name="kernel">
    /// n x n, positive semi-definite; with an intercept centred, and the constant vector given the eigenvalue lift.
    /// </param>
    /// <param name="lambdaMax">The largest eigenvalue but for the lift.</param>
    /// <param name="lift">The eigenvalue of the constant vector; 0 without an intercept.</param>
    /// <param name="rankDeficient">Whether alphas under 1e-8 lambdaMax lose digits, or may.</param>
    public CholeskyFactorisation(
        IBackend backend, DeviceMatrix<double> kernel, double lambdaMax, double lift, bool rankDeficient)
    {
        _backend = backend;
        Kernel = kernel;
        LambdaMax = lambdaMax;
        Lift = lift;
        HasIntercept = lift > 0;
        IsRankDeficient = rankDeficient;
    }

    /// <summary>The kernel.</summary>
    public DeviceMatrix<double> Kernel { get; }

    /// <summary>The eigenvalue of the constant vector.</summary>
    public double Lift { get; }

    /// <inheritdoc/>
    public override HeldOutSmoother Smoother(IBackend backend, double alpha, CancellationToken cancellation) =>
        new CholeskySmoother(backend, this, alpha, cancellation);

    /// <summary>C = alpha (K + alpha I)^-1, without the constant vector where there is an intercept.</summary>
    /// <exception cref="NotPositiveDefiniteException">K + alpha I is not positive definite.</exception>
    public DeviceMatrix<T> ResidualMatrix<T>(double alpha, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DeviceMatrix<double> inverse = Inverse(alpha, cancellation);
        using DeviceMatrix<double> factor = _backend.Allocate<double>(inverse.Rows, 1);
        _backend.Fill(factor.View, alpha);
        _backend.Scale(inverse.View, factor.View, null, inverse.View);
        return Allocation.Filled<T>(_backend, inverse.Rows, inverse.Rows, view => _backend.Copy(inverse.View, view));
    }

    /// <summary>(K + alpha I)^-1, without the constant vector where there is an intercept.</summary>
    /// <exception cref="NotPositiveDefiniteException">K + alpha I is not positive definite.</exception>
    public DeviceMatrix<double> Inverse(double alpha, CancellationToken cancellation)
    {
        DeviceMatrix<double> inverse = Shifted(alpha, cancellation);
        try
        {
            _backend.CholeskyInverse(inverse.View, 1, cancellation);
            AddConstant(inverse.View, -1 / (Lift + alpha));
            return inverse;
        }
        catch
        {
            inverse.Dispose();
            throw;
        }
    }

    /// <summary>A += value 1 1' / n where there is an intercept.</summary>
    public void AddConstant(DeviceView<double> A, double value)
    {
        if (HasIntercept)
        {
            using DeviceMatrix<double> ones = _backend.Allocate<double>(A.Rows, 1);
            _backend.Fill(ones.View, 1);
            _backend.Gemm(value / A.Rows, ones.View, ones.View.Transposed, 1, A);
        }
    }

    /// <summary>Whether K + shift I is positive definite.</summary>
    public bool IsPositive(double shift, CancellationToken cancellation)
    {
        try
        {
            Shifted(shift, cancellation).Dispose();
            return true;
        }
        catch (NotPositiveDefiniteException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => Kernel.Dispose();

    /// <summary>The Cholesky factor of K + shift I.</summary>
    private DeviceMatrix<double> Shifted(double shift, CancellationToken cancellation) => Allocation.Filled<double>(
        _backend, Kernel.Rows, Kernel.Rows, factor =>
        {
            _backend.Copy(Kernel.View, factor);
            _backend.AddDiagonal(factor, shift);
            _backend.Cholesky(factor, 1, cancellation);
        });
}
