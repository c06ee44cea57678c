using System.Numerics;
using VemKernels.Solvers.Designs;
using VemKernels.Solvers.Weighted;

namespace VemKernels.Solvers;

/// <summary>
/// Kernel ridge by decomposition of the kernel in double. The basis is kept whole, null space included: y minus its
/// projections would cancel where alpha is small.
/// </summary>
internal sealed class SpectralKernelRidge<T>(IBackend backend, DualProblem<T> problem, KernelRidgeOptions options)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Spectral norm of the rounding of a kernel, over epsilon sqrt(n) lambda_max: rounding of n^2 entries at random.
    /// </summary>
    private const double RoundingFactor = 4;

    /// <summary>Half of the smallest alpha that a negative eigenvalue allows.</summary>
    private const double UnusableFactor = 2;

    /// <summary>n x n doubles at once: the kernel, its factors, the eigendecomposition's own workspace.</summary>
    private const int EigenMatrices = 6;

    /// <summary>The same by SVD: U and V', the reflectors of both, and their rotated vectors.</summary>
    private const int SvdMatrices = 9;

    /// <summary>n x n matrices of T at once: the factors, rounded.</summary>
    private const int RoundedMatrices = 2;

    public DualWeightsResult<T> Run(IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int doubles = options.Solver == KernelRidgeSolver.Svd ? SvdMatrices : EigenMatrices;
        int tile = DualMemory.Tile(backend, problem, RoundedMatrices, doubles);
        using SampleScaling scaling = new(backend, problem.Samples, options.FitIntercept, options.SampleWeights);
        using DeviceMatrix<T>? rows = options.FitIntercept ? backend.Allocate<T>(1, problem.Samples) : null;
        using SpectralFactors<T> factors = Factor(scaling, rows, cancellation);
        SolutionColumns<T> columns = new(
            backend, problem.Targets, scaling, problem.Samples, isDual: true, problem.Weights);
        try
        {
            SpectralSolver.Run(
                backend, factors, columns, options.Alphas, problem.TargetCount, tile, rows?.View, progress,
                cancellation);
            return new DualWeightsResult<T>(columns.OwnedWeights, columns.Intercept, []);
        }
        catch
        {
            columns.Dispose();
            throw;
        }
        finally
        {
            columns.EndTiles();
        }
    }

    private SpectralFactors<T> Factor(SampleScaling scaling, DeviceMatrix<T>? rows, CancellationToken cancellation)
    {
        using DeviceMatrix<double> K = Upload.AsDouble(backend, problem.Kernels[0]);
        using (DeviceLease<double> means = scaling.ApplyToKernel(K.View))
        {
            if (means.IsHeld)
            {
                backend.Copy(means.View, rows!.View);
            }
        }

        Diagonalization by = options.Solver == KernelRidgeSolver.Svd
            ? Diagonalization.Svd
            : Diagonalization.Eigenvalues;
        double[] lambda = SymmetricDecomposition.InPlace(backend, K.View, by, cancellation);
        double unusableBelow = HandleNegatives(lambda);
        return new SpectralFactors<T>(
            backend, K.View, K.View.Transposed, lambda,
            (eigenvalue, alpha) => alpha < unusableBelow ? double.NaN : 1 / (eigenvalue + alpha));
    }

    /// <summary>
    /// Changes negative eigenvalues (ascending) as the options say; returns the smallest alpha that may be used.
    /// </summary>
    private double HandleNegatives(double[] lambda)
    {
        double lowest = lambda[0];
        double largest = Math.Max(lambda[^1], -lowest);
        double rounding = RoundingFactor * Precision.Epsilon<T>() * Math.Sqrt(lambda.Length) * largest;
        bool indefinite = lowest < -rounding;
        if (indefinite && options.NegativeEigenvalues == NegativeEigenvalues.Error)
        {
            throw new ArgumentException(
                $"The kernel has a negative eigenvalue, {lowest:G4}; the largest in size is {largest:G4}."
                    + "It is not positive semi-definite.",
                "kernel");
        }

        bool keep = indefinite && options.NegativeEigenvalues == NegativeEigenvalues.NaN;
        for (int i = 0; i < lambda.Length; i++)
        {
            bool isRounding = lambda[i] < 0 && lambda[i] >= -rounding;
            lambda[i] = isRounding || (lambda[i] < 0 && !keep) ? 0 : lambda[i];
        }

        return keep ? -UnusableFactor * lowest : 0;
    }
}
