using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers;

/// <summary>
/// Tikhonov regression as a change of variables in front of any model: b ~ N(0, Sigma / alpha) with Sigma = L L'
/// becomes ridge regression on X L, whose weights c give b = L c. Sigma is the Kronecker product of a prior on delays
/// and one on features, and is never formed.
/// </summary>
/// <remarks>
/// <code>
/// X, delay by delay       X = [ X_1 | X_2 | ... ]              as Delays.Apply makes it
/// Sigma = S (x) F         X L = [ ... | (sum_d L_S(d, e) X_d) L_F | ... ]          block e
///                         b_d = L_F sum_e L_S(d, e) c_e
///                         X Sigma Z' = sum_e (X L)_e (Z L)_e'
/// </code>
/// The solution is that of (X'X + alpha Sigma^-1) b = X'y. An intercept needs nothing: what ridge regression on X L
/// finds is right for X and b. Several spaces each have a prior of their own; banded ridge then weighs gamma_i Sigma_i.
/// Source: Nunez-Elizalde, Huth and Gallant, "Voxelwise encoding models with non-spherical multivariate normal priors",
/// NeuroImage 197 (2019).
/// </remarks>
public sealed class TikhonovPrior
{
    /// <summary>Targets at a time.</summary>
    private const int Tile = 2048;

    private readonly Prior _features;
    private readonly Prior _delays;

    /// <summary>Combines priors. They stay the caller's, and must not be disposed before this is done with.</summary>
    /// <param name="features">Prior covariance of the features of a space.</param>
    /// <param name="delays">Prior covariance of the delays of a feature; null where features are not delayed.</param>
    public TikhonovPrior(Prior features, Prior? delays = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        _features = features;
        _delays = delays ?? Prior.Spherical(1);
    }

    /// <summary>Columns of the (delayed) features that this is for: delays * features.</summary>
    public nint Columns => _features.Size * _delays.Size;

    /// <summary>X L: what to fit ridge regression to, and to predict from.</summary>
    /// <param name="backend">Where to compute; in double, rounded once.</param>
    /// <param name="X">samples x (delays * features), delay by delay.</param>
    /// <returns>As X.</returns>
    /// <exception cref="ArgumentException">X has another number of columns.</exception>
    public Matrix<T> Transform<T>(IBackend backend, MatrixView<T> X)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(X, X.Rows, Columns, nameof(X));
        using DeviceMatrix<double>? factor = FeatureFactor<double>(backend);
        using DeviceMatrix<double> block = backend.Allocate<double>(X.Rows, _features.Size);
        using DeviceMatrix<T> rounded = backend.Allocate<T>(X.Rows, _features.Size);
        Matrix<T> result = Matrix<T>.Uninitialized(X.Rows, Columns);
        for (nint e = 0; e < _delays.Size; e++)
        {
            TransformBlock(backend, X, e, factor, block.View);
            backend.Copy(block.View, rounded.View);
            backend.Download(rounded.View, result.View.SliceColumns(e * _features.Size, _features.Size));
        }

        return result;
    }

    /// <summary>The kernel X Sigma X': what to fit kernel ridge regression to.</summary>
    /// <param name="backend">Where to compute; in double, rounded once.</param>
    /// <param name="X">samples x (delays * features), delay by delay.</param>
    /// <returns>samples x samples, exactly symmetric.</returns>
    /// <exception cref="ArgumentException">X has another number of columns.</exception>
    public Matrix<T> Kernel<T>(IBackend backend, MatrixView<T> X)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(X, X.Rows, Columns, nameof(X));
        using DeviceMatrix<double>? factor = FeatureFactor<double>(backend);
        using DeviceMatrix<double> block = backend.Allocate<double>(X.Rows, _features.Size);
        using DeviceMatrix<double> sum = backend.Allocate<double>(X.Rows, X.Rows);
        for (nint e = 0; e < _delays.Size; e++)
        {
            TransformBlock(backend, X, e, factor, block.View);
            backend.Syrk(1, block.View, e == 0 ? 0 : 1, sum.View);
        }

        return Rounded<T>(backend, sum.View);
    }

    /// <summary>
    /// The kernel X Sigma Z' between new and training samples: what kernel ridge regression predicts from.
    /// </summary>
    /// <param name="backend">Where to compute; in double, rounded once.</param>
    /// <param name="X">new samples x (delays * features), delay by delay.</param>
    /// <param name="Z">training samples x (delays * features).</param>
    /// <returns>new samples x training samples.</returns>
    /// <exception cref="ArgumentException">X or Z has another number of columns.</exception>
    public Matrix<T> Kernel<T>(IBackend backend, MatrixView<T> X, MatrixView<T> Z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(X, X.Rows, Columns, nameof(X));
        Shapes.Require(Z, Z.Rows, Columns, nameof(Z));
        using DeviceMatrix<double>? factor = FeatureFactor<double>(backend);
        using DeviceMatrix<double> x = backend.Allocate<double>(X.Rows, _features.Size);
        using DeviceMatrix<double> z = backend.Allocate<double>(Z.Rows, _features.Size);
        using DeviceMatrix<double> sum = backend.Allocate<double>(X.Rows, Z.Rows);
        for (nint e = 0; e < _delays.Size; e++)
        {
            TransformBlock(backend, X, e, factor, x.View);
            TransformBlock(backend, Z, e, factor, z.View);
            backend.Gemm(1, x.View, z.View.Transposed, e == 0 ? 0 : 1, sum.View);
        }

        return Rounded<T>(backend, sum.View);
    }

    /// <summary>b = L c: weights for X from those found for X L.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="weights">c, (delays * features) x targets.</param>
    /// <param name="result">Receives b, as weights; may be the same memory.</param>
    /// <param name="cancellation">Stops the work before the next tile of targets.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public void MapBack<T>(
        IBackend backend, MatrixView<T> weights, MatrixView<T> result, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(weights, Columns, weights.Columns, nameof(weights));
        Shapes.Require(result, Columns, weights.Columns, nameof(result));
        nint p = _features.Size;
        using DeviceMatrix<T>? factor = FeatureFactor<T>(backend);
        using HostBuffer<T> host = new();
        new TileLoop(Tile, backend).Run(weights.Columns, (first, count) =>
        {
            // Stored only at the end: result may be the memory of the weights, which a tile done again must find.
            MatrixView<T> stored = host.View(Columns, count);
            using DeviceLease<T> c = backend.Rent<T>(Columns, count);
            using DeviceLease<T> mixed = backend.Rent<T>(p, count);
            using DeviceLease<T> product = backend.Rent<T>(p, count);
            backend.Upload(weights.SliceColumns(first, count), c.View);
            for (nint d = 0; d < _delays.Size; d++)
            {
                backend.Fill(mixed.View, 0);
                for (nint e = 0; e < _delays.Size; e++)
                {
                    AddDelay(backend, DelayFactor(d, e), c.View.SliceRows(e * p, p), mixed.View);
                }

                if (factor is not null)
                {
                    backend.Gemm(1, factor.View, mixed.View, 0, product.View);
                }

                backend.Download(factor is null ? mixed.View : product.View, stored.SliceRows(d * p, p));
            }

            stored.CopyTo(result.SliceColumns(first, count));
        }, cancellation);
    }

    /// <summary>b = L c for several spaces, whose weights are stacked by rows, each with its own prior.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="priors">One prior a space.</param>
    /// <param name="weights">Primal weights of a fit to transformed features, features of all spaces x targets.</param>
    /// <param name="result">Receives the weights for the features as they were; may be the same memory.</param>
    /// <param name="cancellation">Stops the work before the next tile of targets.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static void MapBack<T>(
        IBackend backend, IReadOnlyList<TikhonovPrior> priors, MatrixView<T> weights, MatrixView<T> result,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint rows = priors.Aggregate((nint)0, (sum, prior) => sum + prior.Columns);
        Shapes.Require(weights, rows, weights.Columns, nameof(weights));
        Shapes.Require(result, rows, weights.Columns, nameof(result));
        nint row = 0;
        foreach (TikhonovPrior prior in priors)
        {
            prior.MapBack(
                backend, weights.SliceRows(row, prior.Columns), result.SliceRows(row, prior.Columns), cancellation);
            row += prior.Columns;
        }
    }

    /// <summary>Block e of X L: (sum_d L_S(d, e) X_d) L_F.</summary>
    private void TransformBlock<T>(
        IBackend backend, MatrixView<T> X, nint e, DeviceMatrix<double>? factor, DeviceView<double> block)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint p = _features.Size;
        using DeviceMatrix<double>? mixed = factor is null ? null : backend.Allocate<double>(X.Rows, p);
        DeviceView<double> sum = mixed?.View ?? block;
        backend.Fill(sum, 0);
        for (nint d = 0; d < _delays.Size; d++)
        {
            if (DelayFactor(d, e) != 0)
            {
                using DeviceMatrix<double> part = Upload.AsDouble(backend, X.SliceColumns(d * p, p));
                AddDelay(backend, DelayFactor(d, e), part.View, sum);
            }
        }

        if (factor is not null)
        {
            backend.Gemm(1, sum, factor.View, 0, block);
        }
    }

    /// <summary>L_S(d, e) with the scales of both priors in it.</summary>
    private double DelayFactor(nint d, nint e)
    {
        double element = _delays.Factor is { } factor ? factor[d, e] : d == e ? 1 : 0;
        return element * _delays.Scale * _features.Scale;
    }

    private static void AddDelay<T>(IBackend backend, double weight, DeviceView<T> part, DeviceView<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (weight != 0)
        {
            backend.AddScaled(weight, part, sum);
        }
    }

    /// <summary>L_F on the device without its scale; null where that is the identity.</summary>
    private DeviceMatrix<T>? FeatureFactor<T>(IBackend backend)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_features.Factor is not { } factor)
        {
            return null;
        }

        using DeviceMatrix<double> exact = Upload.AsDouble(backend, factor);
        DeviceMatrix<T> rounded = backend.Allocate<T>(factor.Rows, factor.Columns);
        backend.Copy(exact.View, rounded.View);
        return rounded;
    }

    private static Matrix<T> Rounded<T>(IBackend backend, DeviceView<double> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DeviceMatrix<T> rounded = backend.Allocate<T>(matrix.Rows, matrix.Columns);
        backend.Copy(matrix, rounded.View);
        Matrix<T> result = Matrix<T>.Uninitialized(matrix.Rows, matrix.Columns);
        backend.Download(rounded.View, result.View);
        return result;
    }
}
