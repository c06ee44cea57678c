using System.Numerics;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers.Designs;

/// <summary>
/// Kernels on all samples, sum_i gamma_i K_i, in double. With little memory the weighted sum is accumulated anew for
/// each candidate, from features or from the kernels on the host, instead of keeping one kernel a space.
/// </summary>
internal sealed class KernelDesign<T> : Design<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Spectral norm of the rounding of a kernel, over epsilon sqrt(n) lambda_max: rounding of n^2 entries at random.
    /// </summary>
    private const double RoundingFactor = 4;

    /// <summary>Where the constant vector's eigenvalue is put, over a bound of all others: safely apart.</summary>
    private const double ConstantShift = 1.5;

    /// <summary>
    /// Under this times lambda_max an alpha needs the eigenvalues: the inverse of K + alpha I loses eight digits there.
    /// </summary>
    private const double SmallestCholeskyAlpha = 1e-8;

    /// <summary>Share of zero eigenvalues from which a kernel counts as one of low rank.</summary>
    private const double LowRankShare = 0.1;

    private readonly DeviceMatrix<double>[]? _kernels;
    private readonly DeviceMatrix<double> _ones;

    /// <param name="backend">Where to compute.</param>
    /// <param name="inputs">Kernels or features.</param>
    /// <param name="intercept">Whether kernels are centred.</param>
    /// <param name="keepKernels">Whether to keep one kernel a space on the device.</param>
    /// <param name="cancellation">Checked between spaces.</param>
    public KernelDesign(
        IBackend backend, Inputs<T> inputs, bool intercept, bool keepKernels, CancellationToken cancellation)
        : base(backend, inputs, intercept)
    {
        _ones = backend.Allocate<double>(inputs.Samples, 1);
        backend.Fill(_ones.View, 1);
        if (!keepKernels)
        {
            return;
        }

        _kernels = new DeviceMatrix<double>[inputs.Spaces];
        for (int i = 0; i < inputs.Spaces; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            _kernels[i] = backend.Allocate<double>(Samples, Samples);
            if (inputs.KernelViews is { } kernels)
            {
                Upload.AsDouble(backend, kernels[i], _kernels[i].View);
            }
            else
            {
                backend.Fill(_kernels[i].View, 0);
                AddGram(1, i, _kernels[i].View, cancellation);
            }

            if (intercept)
            {
                backend.CenterKernel(_kernels[i].View);
            }
        }
    }

    /// <summary>How the kernel on all samples is diagonalised.</summary>
    public Diagonalization Diagonalization { get; init; }

    /// <summary>What of a kernel is factored.</summary>
    public Factoring Factoring { get; init; }

    public override Factorisation Factor(
        ReadOnlySpan<double> gamma, double smallestAlpha, CancellationToken cancellation)
    {
        DeviceMatrix<double> q = Combine(gamma, cancellation);
        Factorisation? byCholesky =
            Factoring == Factoring.Cholesky ? TryCholesky(q, smallestAlpha, cancellation) : null;
        return byCholesky ?? Diagonalize(q, cancellation);
    }

    /// <summary>
    /// The kernel for Cholesky factorisations of K + alpha I; null where the smallest alpha is too near to its lowest
    /// eigenvalue, or to rounding: eigenvalues then tell what is to be done. The kernel is lifted, or as it was.
    /// </summary>
    private CholeskyFactorisation? TryCholesky(
        DeviceMatrix<double> kernel, double smallestAlpha, CancellationToken cancellation)
    {
        double lambdaMax = LargestEigenvalue.Of(Backend, kernel.View);
        if (!(lambdaMax > 0) || smallestAlpha < SmallestCholeskyAlpha * lambdaMax)
        {
            return null;
        }

        // With half of the smallest alpha it is positive definite: no eigenvalue is under minus that half.
        double lift = Intercept ? Lift(kernel.View) : 0;
        CholeskyFactorisation factors = new(Backend, kernel, lambdaMax, lift, rankDeficient: false);
        if (factors.IsPositive(smallestAlpha / 2, cancellation))
        {
            return factors;
        }

        factors.AddConstant(kernel.View, -lift);
        return null;
    }

    /// <summary>
    /// Gives the constant vector, whose eigenvalue is 0 and which may mix with others of the null space, one above all
    /// others: it then stands alone.
    /// </summary>
    private double Lift(DeviceView<double> kernel)
    {
        double bound = ConstantShift * Backend.FrobeniusNorm(kernel);
        double lift = bound > 0 ? bound : 1;
        Backend.Gemm(lift / Samples, _ones.View, _ones.View.Transposed, 1, kernel);
        return lift;
    }

    /// <summary>Takes the kernel over and overwrites it.</summary>
    private SpectralFactorisation Diagonalize(DeviceMatrix<double> q, CancellationToken cancellation)
    {
        nint n = Samples;
        if (Intercept)
        {
            Lift(q.View);
        }

        double[] lambda = SymmetricDecomposition.InPlace(Backend, q.View, Diagonalization, cancellation);
        int constant = Intercept ? (int)n - 1 : -1;
        double largest = lambda.Where((_, i) => i != constant).DefaultIfEmpty(0).Max();
        double unit = Inputs.KernelViews is null ? Precision.Epsilon<double>() : Precision.Epsilon<T>();
        double rounding = RoundingFactor * unit * Math.Sqrt(n) * largest;
        double zero = n * Precision.Epsilon<double>() * largest;
        int nullity = lambda[0] < -rounding ? 0 : lambda.Count(value => value <= zero);
        if (nullity < LowRankShare * n)
        {
            return new SpectralFactorisation(q, lambda, complete: true, constant, rounding);
        }

        // Low rank: C = I - Q (I - d) Q' from the range alone costs less, and as the null space has c = 1 it loses no
        // digits.
        DeviceMatrix<double> range = Backend.Allocate<double>(n, n - nullity);
        Backend.Copy(q.View.SliceColumns(nullity, n - nullity), range.View);
        q.Dispose();
        return new SpectralFactorisation(
            range, lambda[nullity..], complete: false, Intercept ? (int)n - 1 - nullity : -1, rounding);
    }

    public override FoldFactorisation FactorFold(ReadOnlySpan<double> gamma, Fold fold, CancellationToken cancellation)
    {
        using DeviceMatrix<double> K = Combine(gamma, cancellation);
        nint train = fold.Train.Length;
        nint validation = fold.Validation.Length;
        using DeviceMatrix<double> trainRows = Backend.Allocate<double>(train, Samples);
        using DeviceMatrix<double> validationRows = Backend.Allocate<double>(validation, Samples);
        using DeviceMatrix<double> cross = Backend.Allocate<double>(train, validation);
        DeviceMatrix<double> q = Backend.Allocate<double>(train, train);
        Backend.GatherRows(K.View, fold.Train, trainRows.View);
        Backend.GatherColumns(trainRows.View, fold.Train, q.View);
        Backend.GatherRows(K.View, fold.Validation, validationRows.View);
        Backend.GatherColumns(validationRows.View, fold.Train, cross.View.Transposed);
        if (Intercept)
        {
            CenterByTraining(q.View, cross.View);
        }

        using DeviceMatrix<double> w = Backend.Allocate<double>(1, train);
        Backend.SymmetricEigen(q.View, w.View, 1, cancellation);
        double[] mu = Upload.ToHost(Backend, w.View);
        double rounding = RoundingFactor * Precision.Epsilon<double>() * Math.Sqrt(train) * mu.Max();
        for (int i = 0; i < mu.Length; i++)
        {
            mu[i] = mu[i] < 0 && mu[i] >= -rounding ? 0 : mu[i];
        }

        DeviceMatrix<double> left = Backend.Allocate<double>(validation, train);
        Backend.Gemm(1, cross.View.Transposed, q.View, 0, left.View);
        DeviceMatrix<double> right = Backend.Allocate<double>(train, train);
        Backend.Copy(q.View.Transposed, right.View);
        q.Dispose();
        return new FoldFactorisation(left, mu, right);
    }

    public override void Dispose()
    {
        _ones.Dispose();
        foreach (DeviceMatrix<double>? kernel in _kernels ?? [])
        {
            kernel?.Dispose();
        }
    }

    /// <summary>sum_i gamma_i K_i, centred where there is an intercept.</summary>
    private DeviceMatrix<double> Combine(ReadOnlySpan<double> gamma, CancellationToken cancellation)
    {
        DeviceMatrix<double> sum = Backend.Allocate<double>(Samples, Samples);
        Backend.Fill(sum.View, 0);
        for (int i = 0; i < gamma.Length; i++)
        {
            if (gamma[i] == 0)
            {
                continue;
            }

            if (_kernels is not null)
            {
                Backend.AddScaled(gamma[i], _kernels[i].View, sum.View);
            }
            else if (Inputs.KernelViews is { } kernels)
            {
                AddKernel(gamma[i], kernels[i], sum.View, cancellation);
            }
            else
            {
                AddGram(gamma[i], i, sum.View, cancellation);
            }
        }

        if (_kernels is null && Intercept)
        {
            Backend.CenterKernel(sum.View);
        }

        return sum;
    }

    /// <summary>K += gamma kernel, some columns at a time.</summary>
    private void AddKernel(double gamma, InputMatrix<T> kernel, DeviceView<double> K, CancellationToken cancellation)
    {
        for (nint first = 0; first < kernel.Columns; first += FeatureChunk)
        {
            cancellation.ThrowIfCancellationRequested();
            nint columns = Math.Min(FeatureChunk, kernel.Columns - first);
            using DeviceMatrix<double> strip = Upload.AsDouble(Backend, kernel.SliceColumns(first, columns));
            Backend.AddScaled(gamma, strip.View, K.SliceColumns(first, columns));
        }
    }

    /// <summary>
    /// K += gamma X_i X_i', a chunk of features at a time, in double; centred features where there is an intercept.
    /// </summary>
    private void AddGram(double gamma, int space, DeviceView<double> K, CancellationToken cancellation)
    {
        InputMatrix<T> X = Inputs.FeatureViews![space];
        for (nint first = 0; first < X.Columns; first += FeatureChunk)
        {
            cancellation.ThrowIfCancellationRequested();
            using DeviceMatrix<double> chunk =
                Upload.AsDouble(Backend, X.SliceColumns(first, Math.Min(FeatureChunk, X.Columns - first)));
            if (Intercept)
            {
                using DeviceMatrix<double> means = Backend.Allocate<double>(1, chunk.Columns);
                Backend.ColumnMeans(chunk.View, means.View);
                Backend.SubtractRow(chunk.View, means.View);
            }

            Backend.Syrk(gamma, chunk.View, 1, K);
        }
    }

    /// <summary>
    /// Centres the training kernel, and the cross kernel (train x validation) by the training samples' means.
    /// </summary>
    private void CenterByTraining(DeviceView<double> kernel, DeviceView<double> cross)
    {
        // Column means of K_train by training rows; those of the cross kernel likewise.
        using DeviceMatrix<double> trainMeans = Backend.Allocate<double>(1, kernel.Columns);
        using DeviceMatrix<double> crossMeans = Backend.Allocate<double>(1, cross.Columns);
        Backend.ColumnMeans(kernel, trainMeans.View);
        Backend.ColumnMeans(cross, crossMeans.View);
        double overall = Upload.ToHost(Backend, trainMeans.View).Average();
        Backend.SubtractRow(cross, crossMeans.View);
        Backend.SubtractRow(cross.Transposed, trainMeans.View);
        using DeviceMatrix<double> ones = Backend.Allocate<double>(1, cross.Columns);
        Backend.Fill(ones.View, -overall);
        Backend.SubtractRow(cross, ones.View);
        Backend.CenterKernel(kernel);
    }
}
