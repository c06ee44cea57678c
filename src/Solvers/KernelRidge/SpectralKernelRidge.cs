using System.Numerics;
using VemKernels.Solvers.Designs;
using VemKernels.Solvers.Weighted;

namespace VemKernels.Solvers;

/// <summary>
/// Kernel ridge by decomposition of the kernel in double. The basis is kept whole, null space included: y minus its projections would cancel
/// where alpha is small.
/// </summary>
internal sealed class SpectralKernelRidge<T>(IBackend backend, DualProblem<T> problem, KernelRidgeOptions options)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Spectral norm of the rounding of a kernel, over epsilon sqrt(n) lambda_max: rounding of n^2 entries at random.</summary>
    private const double RoundingFactor = 4;

    /// <summary>Half of the smallest alpha that a negative eigenvalue allows.</summary>
    private const double UnusableFactor = 2;

    /// <summary>n x n doubles at once: the kernel, its factors, the decomposition's own workspace.</summary>
    private const int DoubleMatrices = 6;

    /// <summary>n x n matrices of T at once: the factors, rounded.</summary>
    private const int RoundedMatrices = 2;

    public DualWeightsResult<T> Run(IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int tile = DualMemory.Tile(backend, problem, RoundedMatrices, DoubleMatrices);
        using SampleScaling scaling = new(backend, problem.Samples, options.FitIntercept, options.SampleWeights);
        using DeviceMatrix<T>? rows = options.FitIntercept ? backend.Allocate<T>(1, problem.Samples) : null;
        using SpectralFactors<T> factors = Factor(scaling, rows, cancellation);
        SolutionColumns<T> columns = new(backend, problem.Targets, scaling, problem.Samples, isDual: true, problem.Weights);
        try
        {
            SpectralSolver.Run(
                factors, columns, options.Alphas, problem.TargetCount, tile, rows?.View, progress, cancellation);
            return new DualWeightsResult<T>(columns.OwnedWeights, columns.Intercept, []);
        }
        catch
        {
            columns.Dispose();
            throw;
        }
    }

    private SpectralFactors<T> Factor(SampleScaling scaling, DeviceMatrix<T>? rows, CancellationToken cancellation)
    {
        nint n = problem.Samples;
        using DeviceMatrix<double> K = Upload.AsDouble(backend, problem.Kernels[0]);
        using (DeviceMatrix<double>? means = scaling.ApplyToKernel(K.View))
        {
            if (means is not null)
            {
                backend.Copy(means.View, rows!.View);
            }
        }

        using DeviceMatrix<double> values = backend.Allocate<double>(1, n);
        if (options.Solver == KernelRidgeSolver.Svd)
        {
            using DeviceMatrix<double> U = backend.Allocate<double>(n, n);
            using DeviceMatrix<double> Vt = backend.Allocate<double>(n, n);
            backend.ThinSvd(K.View, U.View, values.View, Vt.View, 1, cancellation);
            return new SpectralFactors<T>(
                backend, Vt.View.Transposed, U.View.Transposed, Upload.ToHost(backend, values.View), (s, alpha) => 1 / (s + alpha));
        }

        backend.SymmetricEigen(K.View, values.View, 1, cancellation);
        double[] lambda = Upload.ToHost(backend, values.View);
        double unusableBelow = HandleNegatives(lambda);
        return new SpectralFactors<T>(
            backend, K.View, K.View.Transposed, lambda,
            (eigenvalue, alpha) => alpha < unusableBelow ? double.NaN : 1 / (eigenvalue + alpha));
    }

    /// <summary>Changes negative eigenvalues (ascending) as the options say; returns the smallest alpha that may be used.</summary>
    private double HandleNegatives(double[] lambda)
    {
        double lowest = lambda[0];
        double largest = Math.Max(lambda[^1], -lowest);
        double rounding = RoundingFactor * Precision.Epsilon<T>() * Math.Sqrt(lambda.Length) * largest;
        bool indefinite = lowest < -rounding;
        if (indefinite && options.NegativeEigenvalues == NegativeEigenvalues.Error)
        {
            throw new ArgumentException(
                $"The kernel has a negative eigenvalue, {lowest:G4}; the largest is {lambda[^1]:G4}. It is not positive semi-definite.",
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
