namespace VemKernels.Solvers;

/// <summary>
/// The prior covariance Sigma of a block of weights (those of the features of a space, or those of the delays of a
/// feature), kept as a factor L with Sigma = L L', which is all that a change of variables needs.
/// </summary>
/// <remarks>
/// Ridge regression assumes Sigma = I; Tikhonov regression, any positive definite one. Nunez-Elizalde, Huth and
/// Gallant, "Voxelwise encoding models with non-spherical multivariate normal priors", NeuroImage 197 (2019). Combine
/// the priors of features and delays with <see cref="TikhonovPrior"/>.
/// </remarks>
public sealed class Prior : IDisposable
{
    /// <summary>
    /// How far a matrix may be from symmetric, relative to its largest entry: what the roundings of a product leave.
    /// </summary>
    private const double SymmetryTolerance = 1e-12;

    private readonly Matrix<double>? _factor;

    private Prior(nint size, double scale, Matrix<double>? factor)
    {
        Size = size;
        Scale = scale;
        _factor = factor;
    }

    /// <summary>How many weights the prior is about.</summary>
    public nint Size { get; }

    /// <summary>Whether Sigma is a multiple of the identity, so that no matrix is kept.</summary>
    public bool IsSpherical => _factor is null;

    /// <summary>The number that multiplies <see cref="Factor"/>, or the identity where that is null.</summary>
    internal double Scale { get; }

    /// <summary>L / scale, size x size, triangular; null for the identity.</summary>
    internal MatrixView<double>? Factor => _factor?.View;

    /// <summary>Independent weights of equal variance: Sigma = variance I. The prior of ridge regression.</summary>
    /// <param name="size">How many weights.</param>
    /// <param name="variance">Variance of each, over 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size under 1, or a variance that is not positive and finite.
    /// </exception>
    public static Prior Spherical(nint size, double variance = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        RequirePositive(variance, nameof(variance));
        return new Prior(size, Math.Sqrt(variance), null);
    }

    /// <summary>A given covariance: Sigma itself, factored by Cholesky.</summary>
    /// <param name="backend">Where to factor.</param>
    /// <param name="covariance">Symmetric positive definite, size x size.</param>
    /// <exception cref="ArgumentException">Not square, not symmetric, not finite, or not positive definite.</exception>
    public static Prior FromCovariance(IBackend backend, MatrixView<double> covariance) =>
        new(covariance.Rows, 1, Cholesky(backend, covariance, nameof(covariance)));

    /// <summary>
    /// A given precision, the inverse of the covariance: the penalty on weights b is alpha b' P b. With P = C C' by
    /// Cholesky, L = C'^-1.
    /// </summary>
    /// <param name="backend">Where to factor.</param>
    /// <param name="precision">Symmetric positive definite, size x size.</param>
    /// <exception cref="ArgumentException">Not square, not symmetric, not finite, or not positive definite.</exception>
    public static Prior FromPrecision(IBackend backend, MatrixView<double> precision)
    {
        using Matrix<double> cholesky = Cholesky(backend, precision, nameof(precision));
        nint n = precision.Rows;
        using DeviceMatrix<double> C = backend.Allocate<double>(n, n);
        using DeviceMatrix<double> L = backend.Allocate<double>(n, n);
        backend.Upload(cholesky.View, C.View);
        backend.Fill(L.View, 0);
        backend.AddDiagonal(L.View, 1);
        backend.Trsm(Triangle.Upper, false, C.View.Transposed, L.View);
        Matrix<double> factor = Matrix<double>.Uninitialized(n, n);
        backend.Download(L.View, factor.View);
        return new Prior(n, 1, factor);
    }

    /// <summary>
    /// Smooth sequences of weights: the penalty is the squared norm of their differences, P = D'D + ridge I, where
    /// weights outside the sequence count as 0 (so a response to delays starts and ends at nothing, and P is positive
    /// definite with no ridge).
    /// </summary>
    /// <remarks>
    /// <code>
    /// order 1, three weights   D = [  1       ]      order 2   D = [  1       ]
    ///                              [ -1  1    ]                    [ -2  1    ]
    ///                              [    -1  1 ]                    [  1 -2  1 ]
    ///                              [       -1 ]                    [     1 -2 ]
    ///                                                              [        1 ]
    /// </code>
    /// </remarks>
    /// <param name="backend">Where to factor.</param>
    /// <param name="size">How many weights.</param>
    /// <param name="order">Order of the differences, 1 (slope) or 2 (curvature).</param>
    /// <param name="ridge">
    /// What is added to the diagonal of the precision, at least 0: the more, the closer to spherical.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size under 1, an order other than 1 or 2, or a negative ridge.
    /// </exception>
    public static Prior Smoothness(IBackend backend, nint size, int order, double ridge = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (order is not (1 or 2))
        {
            throw new ArgumentOutOfRangeException(nameof(order), $"Order {order} of differences; expected 1 or 2.");
        }

        if (!(ridge >= 0) || !double.IsFinite(ridge))
        {
            throw new ArgumentOutOfRangeException(
                nameof(ridge), $"ridge is {ridge:G6}; expected a finite number, at least 0.");
        }

        // Rows of D'D: what the differences of twice the order weigh their neighbours with, but for the sign.
        double[] stencil = order == 1 ? [2, -1] : [6, -4, 1];
        using Matrix<double> precision = new(size, size);
        for (nint i = 0; i < size; i++)
        {
            for (nint j = Math.Max(0, i - order); j <= Math.Min(size - 1, i + order); j++)
            {
                precision[i, j] = stencil[Math.Abs(i - j)] + (i == j ? ridge : 0);
            }
        }

        return FromPrecision(backend, precision.View);
    }

    /// <summary>
    /// Weights over delays that look like a haemodynamic response: Sigma = h h' + d d' + w w' + ridge I, with the
    /// canonical response h and its derivatives d and w by time and by width (see <see cref="HaemodynamicResponse"/>),
    /// all over the norm of h at these delays.
    /// </summary>
    /// <param name="backend">Where to factor.</param>
    /// <param name="delays">In samples, as for <see cref="Delays.Apply"/>.</param>
    /// <param name="repetitionTime">Seconds a sample.</param>
    /// <param name="ridge">
    /// Variance that is left to shapes other than these, over 0: the shapes alone do not span the delays. The response
    /// itself has variance 1 in all.
    /// </param>
    /// <exception cref="ArgumentException">No delay, or none at which the response is other than 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A repetition time or ridge that is not positive and finite.
    /// </exception>
    public static Prior Haemodynamic(IBackend backend, ReadOnlySpan<int> delays, double repetitionTime, double ridge)
    {
        RequirePositive(repetitionTime, nameof(repetitionTime));
        RequirePositive(ridge, nameof(ridge));
        double[][] shapes = HaemodynamicResponse.Basis(delays, repetitionTime);
        double norm = Math.Sqrt(shapes[0].Sum(value => value * value));
        if (norm == 0)
        {
            throw new ArgumentException(
                "The haemodynamic response is 0 at every delay; expected one over 0.", nameof(delays));
        }

        int n = delays.Length;
        using Matrix<double> covariance = new(n, n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                covariance[i, j] = (shapes.Sum(shape => shape[i] * shape[j]) / (norm * norm)) + (i == j ? ridge : 0);
            }
        }

        return FromCovariance(backend, covariance.View);
    }

    /// <summary>
    /// The same prior scaled so that the variances average to 1, as those of ridge regression's do: one grid of alphas
    /// then suits both.
    /// </summary>
    public Prior WithUnitMeanVariance()
    {
        if (_factor is null)
        {
            return new Prior(Size, 1, null);
        }

        double sum = 0;
        for (nint i = 0; i < Size; i++)
        {
            for (nint j = 0; j < Size; j++)
            {
                sum += _factor.View[i, j] * _factor.View[i, j];
            }
        }

        return new Prior(Size, Math.Sqrt(Size / sum), Matrix<double>.From(_factor.View));
    }

    /// <summary>Sigma = L L', size x size.</summary>
    public Matrix<double> Covariance(IBackend backend)
    {
        using DeviceMatrix<double> sigma = backend.Allocate<double>(Size, Size);
        if (_factor is null)
        {
            backend.Fill(sigma.View, 0);
            backend.AddDiagonal(sigma.View, Scale * Scale);
        }
        else
        {
            using DeviceMatrix<double> L = backend.Allocate<double>(Size, Size);
            backend.Upload(_factor.View, L.View);
            backend.Syrk(Scale * Scale, L.View, 0, sigma.View);
        }

        Matrix<double> result = Matrix<double>.Uninitialized(Size, Size);
        backend.Download(sigma.View, result.View);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _factor?.Dispose();

    private static Matrix<double> Cholesky(IBackend backend, MatrixView<double> matrix, string name)
    {
        RequireSymmetric(matrix, name);
        using DeviceMatrix<double> device = backend.Allocate<double>(matrix.Rows, matrix.Columns);
        backend.Upload(matrix, device.View);
        try
        {
            backend.Cholesky(device.View);
        }
        catch (NotPositiveDefiniteException exception)
        {
            throw new ArgumentException(
                $"{name} is not positive definite: pivot {exception.Pivot} of its Cholesky "
                    + $"factorisation is {exception.Value:G6}.",
                name, exception);
        }

        Matrix<double> factor = Matrix<double>.Uninitialized(matrix.Rows, matrix.Columns);
        backend.Download(device.View, factor.View);
        return factor;
    }

    private static void RequireSymmetric(MatrixView<double> matrix, string name)
    {
        if (matrix.Rows != matrix.Columns || matrix.Rows == 0)
        {
            throw new ArgumentException($"{name} is {matrix.Rows} x {matrix.Columns}; expected a square matrix.", name);
        }

        FiniteCheck.Require(matrix, name);
        double largest = 0;
        for (nint i = 0; i < matrix.Rows; i++)
        {
            for (nint j = 0; j < matrix.Rows; j++)
            {
                largest = Math.Max(largest, Math.Abs(matrix[i, j]));
            }
        }

        for (nint i = 0; i < matrix.Rows; i++)
        {
            for (nint j = 0; j < i; j++)
            {
                double difference = Math.Abs(matrix[i, j] - matrix[j, i]);
                if (difference > SymmetryTolerance * largest)
                {
                    throw new ArgumentException(
                        $"{name} is not symmetric: entries ({i}, {j}) and ({j}, {i}) differ by {difference:G3}.", name);
                }
            }
        }
    }

    private static void RequirePositive(double value, string name)
    {
        if (!(value > 0) || !double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, $"{name} is {value:G6}; expected a finite number over 0.");
        }
    }
}
