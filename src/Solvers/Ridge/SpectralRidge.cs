using System.Numerics;
using VemKernels.Solvers.Designs;
using VemKernels.Solvers.Weighted;

namespace VemKernels.Solvers;

/// <summary>
/// Ridge from one decomposition in double: of X'X = V diag(l) V' (b = V ((X V)'y / (l + alpha))), of X = U diag(s) V'
/// (b = V (s / (s^2 + alpha) . U'y)), or of XX' = Q diag(l) Q' (b = X'Q (Q'y / (l + alpha))).
/// </summary>
internal sealed class SpectralRidge<T>(
    IBackend backend, InputMatrix<T> features, TargetSource<T> targets, RidgeOptions options)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Float64 data with an alpha under this times lambda_max: X'X and XX' have lost too many digits.
    /// </summary>
    private const double GramAlphaLimit = 1e-7;

    /// <summary>Matrices of the decomposition's order, in double, that it works with.</summary>
    private const int DecompositionMatrices = 5;

    private const int SmallestTile = 16;

    /// <summary>What packing and other small needs take, in bytes.</summary>
    private const long Overhead = 16L << 20;

    private RidgeSolver _solver = options.Solver;

    public RidgeResult<T> Run(MatrixView<T>? memory, IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int tile = Tile();
        using SampleScaling scaling = new(backend, features.Rows, options.FitIntercept, options.SampleWeights);
        using DeviceMatrix<T>? means = options.FitIntercept ? backend.Allocate<T>(1, features.Columns) : null;
        using SpectralFactors<T> factors = Factor(scaling, means, cancellation);
        SolutionColumns<T> columns = new(backend, targets, scaling, features.Columns, isDual: false, memory);
        try
        {
            SpectralSolver.Run(
                backend, factors, columns, options.Alphas, (int)targets.Targets, tile, means?.View, progress, cancellation);
            return new RidgeResult<T>(columns.OwnedWeights, columns.Intercept, _solver);
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

    private SpectralFactors<T> Factor(SampleScaling scaling, DeviceMatrix<T>? means, CancellationToken cancellation)
    {
        using DeviceMatrix<double> X = Upload.AsDouble(backend, features);
        using (DeviceLease<double> row = scaling.ApplyToColumns(X.View))
        {
            if (row.IsHeld)
            {
                backend.Copy(row.View, means!.View);
            }
        }

        if (_solver == RidgeSolver.Svd)
        {
            return BySvd(X.View, cancellation);
        }

        bool ofFeatures =
            _solver == RidgeSolver.Gram || (_solver == RidgeSolver.Automatic && features.Columns < features.Rows);
        DeviceView<double> A = ofFeatures ? X.View.Transposed : X.View;
        using DeviceMatrix<double> V = backend.Allocate<double>(A.Rows, A.Rows);
        using DeviceMatrix<double> values = backend.Allocate<double>(1, A.Rows);
        backend.Syrk(1, A, 0, V.View);
        backend.SymmetricEigen(V.View, values.View, 1, cancellation);
        double[] lambda = Array.ConvertAll(Upload.ToHost(backend, values.View), value => Math.Max(value, 0));
        bool losesDigits = typeof(T) == typeof(double) && options.Alphas.Min() < GramAlphaLimit * lambda[^1];
        if (_solver == RidgeSolver.Automatic && losesDigits)
        {
            return BySvd(X.View, cancellation);
        }

        _solver = ofFeatures ? RidgeSolver.Gram : RidgeSolver.Kernel;
        using DeviceMatrix<double> image = backend.Allocate<double>(A.Columns, A.Rows);
        backend.Gemm(1, A.Transposed, V.View, 0, image.View);
        return ofFeatures
            ? new SpectralFactors<T>(backend, V.View, image.View.Transposed, lambda, (l, alpha) => 1 / (l + alpha))
            : new SpectralFactors<T>(backend, image.View, V.View.Transposed, lambda, (l, alpha) => 1 / (l + alpha));
    }

    private SpectralFactors<T> BySvd(DeviceView<double> X, CancellationToken cancellation)
    {
        _solver = RidgeSolver.Svd;
        nint k = Math.Min(X.Rows, X.Columns);
        using DeviceMatrix<double> U = backend.Allocate<double>(X.Rows, k);
        using DeviceMatrix<double> s = backend.Allocate<double>(1, k);
        using DeviceMatrix<double> Vt = backend.Allocate<double>(k, X.Columns);
        backend.ThinSvd(X, U.View, s.View, Vt.View, 1, cancellation);
        return new SpectralFactors<T>(
            backend, Vt.View.Transposed, U.View.Transposed, Upload.ToHost(backend, s.View),
            (value, alpha) => value / ((value * value) + alpha));
    }

    /// <summary>Targets at a time within the memory budget.</summary>
    private int Tile()
    {
        long n = features.Rows;
        long p = features.Columns;
        long size = typeof(T) == typeof(float) ? sizeof(float) : sizeof(double);
        long order = _solver switch { RidgeSolver.Gram => p, RidgeSolver.Kernel => n, _ => Math.Min(n, p) };
        long shared = Overhead + (sizeof(double) * ((2 * n * p) + (DecompositionMatrices * order * order)))
            + (size * order * (n + p));
        long perTarget = size * ((2 * n) + (2 * order) + p);
        long wanted = Math.Min(backend.Info.TileOf<T>(Math.Max(n, p)), targets.Targets);
        long smallest = Math.Min(SmallestTile, wanted);
        long affordable = (options.Memory.Bytes - shared) / perTarget;
        if (affordable < smallest)
        {
            throw new MemoryBudgetException(options.Memory, shared + (smallest * perTarget));
        }

        return (int)Math.Min(wanted, affordable);
    }
}
