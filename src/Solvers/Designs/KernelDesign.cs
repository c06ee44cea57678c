using System.Numerics;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers.Designs;

/// <summary>
/// Kernels on all samples, sum_i gamma_i K_i, in double. With features and little memory the weighted sum is
/// accumulated anew for each candidate instead of keeping one kernel a space.
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

    /// <summary>Share of zero eigenvalues from which a kernel counts as one of low rank.</summary>
    private const double LowRankShare = 0.1;

    private readonly DeviceMatrix<double>[]? _kernels;
    private readonly DeviceMatrix<double> _ones;

    /// <param name="backend">Where to compute.</param>
    /// <param name="inputs">Kernels or features.</param>
    /// <param name="intercept">Whether kernels are centred.</param>
    /// <param name="keepKernels">Whether to keep one kernel a space; needed where kernels were given.</param>
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

    public override Factorisation Factor(
        ReadOnlySpan<double> gamma, double smallestAlpha, CancellationToken cancellation)
    {
        DeviceMatrix<double> q = Combine(gamma, cancellation);
        nint n = Samples;
        if (Intercept)
        {
            // The constant vector has eigenvalue 0 and may mix with others of the null space. Lifted above all others
            // it stands alone.
            double lift = ConstantShift * Backend.FrobeniusNorm(q.View);
            Backend.Gemm((lift > 0 ? lift : 1) / n, _ones.View, _ones.View.Transposed, 1, q.View);
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
            return new Factorisation(q, lambda, complete: true, constant, rounding);
        }

        // Low rank: C = I - Q (I - d) Q' from the range alone costs less, and as the null space has c = 1 it loses no
        // digits.
        DeviceMatrix<double> range = Backend.Allocate<double>(n, n - nullity);
        Backend.Copy(q.View.SliceColumns(nullity, n - nullity), range.View);
        q.Dispose();
        return new Factorisation(
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

            if (_kernels is null)
            {
                AddGram(gamma[i], i, sum.View, cancellation);
            }
            else
            {
                Backend.AddScaled(gamma[i], _kernels[i].View, sum.View);
            }
        }

        if (_kernels is null && Intercept)
        {
            Backend.CenterKernel(sum.View);
        }

        return sum;
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
