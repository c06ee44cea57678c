using System.Numerics;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers.Designs;

/// <summary>
/// Features, where all spaces together have fewer than there are samples (or the caller wants it so): lambda and Q come
/// from the p x p Gram matrix, computed once and scaled by sqrt(gamma) on both sides for each candidate; X'X = V
/// diag(lambda) V', Q = X V diag(lambda)^-1/2. Where alphas are so small that the Gram matrix's rounding shows, the
/// thin SVD of the scaled features takes its place.
/// </summary>
internal sealed class FeatureDesign<T> : Design<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Eigenvalues under this times p lambda_max are rounding of the Gram matrix.</summary>
    private const double GramRounding = 2e-16;

    /// <summary>
    /// Float64 data with an alpha under this times lambda_max: the Gram matrix has lost too many digits.
    /// </summary>
    private const double GramAlphaLimit = 1e-7;

    private readonly DeviceMatrix<double> _features;
    private readonly DeviceMatrix<double> _gram;
    private readonly int[] _spaceOfFeature;

    public FeatureDesign(IBackend backend, Inputs<T> inputs, bool intercept, CancellationToken cancellation)
        : base(backend, inputs, intercept)
    {
        nint p = inputs.TotalFeatures;
        _features = backend.Allocate<double>(Samples, p);
        _gram = backend.Allocate<double>(p, p);
        _spaceOfFeature = new int[p];
        nint column = 0;
        for (int i = 0; i < inputs.Spaces; i++)
        {
            InputMatrix<T> X = inputs.FeatureViews![i];
            Upload.AsDouble(backend, X, _features.View.SliceColumns(column, X.Columns));
            _spaceOfFeature.AsSpan((int)column, (int)X.Columns).Fill(i);
            column += X.Columns;
        }

        if (intercept)
        {
            using DeviceMatrix<double> means = backend.Allocate<double>(1, p);
            backend.ColumnMeans(_features.View, means.View);
            backend.SubtractRow(_features.View, means.View);
        }

        cancellation.ThrowIfCancellationRequested();
        backend.Syrk(1, _features.View.Transposed, 0, _gram.View);
    }

    public override Factorisation Factor(
        ReadOnlySpan<double> gamma, double smallestAlpha, CancellationToken cancellation)
    {
        nint p = _gram.Rows;
        using DeviceMatrix<double> scales = Scales(gamma);
        using DeviceMatrix<double> v = Backend.Allocate<double>(p, p);
        using DeviceMatrix<double> w = Backend.Allocate<double>(1, p);
        Backend.Scale(_gram.View, scales.View, scales.View, v.View);
        Backend.SymmetricEigen(v.View, w.View, 1, cancellation);
        double[] eigenvalues = Upload.ToHost(Backend, w.View);
        double largest = eigenvalues[^1];
        if (typeof(T) == typeof(double) && smallestAlpha < GramAlphaLimit * largest)
        {
            return FactorBySvd(scales.View, cancellation);
        }

        double threshold = p * GramRounding * largest;
        int dropped = Array.FindIndex(eigenvalues, value => value > threshold);
        dropped = dropped < 0 ? (int)p : dropped;
        double[] kept = eigenvalues[dropped..];
        DeviceMatrix<double> primal = Backend.Allocate<double>(p, kept.Length);
        using (DeviceMatrix<double> inverseRoots = Column(Array.ConvertAll(kept, value => 1 / Math.Sqrt(value))))
        {
            Backend.Scale(v.View.SliceColumns(dropped, kept.Length), scales.View, inverseRoots.View, primal.View);
        }

        return Assemble(kept, primal, q => Backend.Gemm(1, _features.View, primal.View, 0, q));
    }

    public override FoldFactorisation FactorFold(ReadOnlySpan<double> gamma, Fold fold, CancellationToken cancellation)
    {
        nint p = _gram.Rows;
        nint train = fold.Train.Length;
        nint validation = fold.Validation.Length;
        nint k = Math.Min(train, p);
        using DeviceMatrix<double> scales = Scales(gamma);
        using DeviceMatrix<double> trainRows = Backend.Allocate<double>(train, p);
        using DeviceMatrix<double> validationRows = Backend.Allocate<double>(validation, p);
        Backend.GatherRows(_features.View, fold.Train, trainRows.View);
        Backend.GatherRows(_features.View, fold.Validation, validationRows.View);
        if (Intercept)
        {
            using DeviceMatrix<double> means = Backend.Allocate<double>(1, p);
            Backend.ColumnMeans(trainRows.View, means.View);
            Backend.SubtractRow(trainRows.View, means.View);
            Backend.SubtractRow(validationRows.View, means.View);
        }

        Backend.Scale(trainRows.View, null, scales.View, trainRows.View);
        Backend.Scale(validationRows.View, null, scales.View, validationRows.View);
        using DeviceMatrix<double> u = Backend.Allocate<double>(train, k);
        using DeviceMatrix<double> s = Backend.Allocate<double>(1, k);
        using DeviceMatrix<double> vt = Backend.Allocate<double>(k, p);
        Backend.ThinSvd(trainRows.View, u.View, s.View, vt.View, 1, cancellation);
        DeviceMatrix<double> left = Backend.Allocate<double>(validation, k);
        Backend.Gemm(1, validationRows.View, vt.View.Transposed, 0, left.View);
        Backend.Scale(left.View, null, s.View, left.View);
        DeviceMatrix<double> right = Backend.Allocate<double>(k, train);
        Backend.Copy(u.View.Transposed, right.View);
        return new FoldFactorisation(
            left, Array.ConvertAll(Upload.ToHost(Backend, s.View), value => value * value), right);
    }

    public override void Dispose()
    {
        _features.Dispose();
        _gram.Dispose();
    }

    private SpectralFactorisation FactorBySvd(DeviceView<double> scales, CancellationToken cancellation)
    {
        nint p = _gram.Rows;
        nint k = Math.Min(Samples, p);
        using DeviceMatrix<double> scaled = Backend.Allocate<double>(Samples, p);
        using DeviceMatrix<double> u = Backend.Allocate<double>(Samples, k);
        using DeviceMatrix<double> s = Backend.Allocate<double>(1, k);
        using DeviceMatrix<double> vt = Backend.Allocate<double>(k, p);
        Backend.Scale(_features.View, null, scales, scaled.View);
        Backend.ThinSvd(scaled.View, u.View, s.View, vt.View, 1, cancellation);
        double[] singular = Upload.ToHost(Backend, s.View);
        double threshold = Samples * Precision.Epsilon<double>() * singular[0];
        int rank = Array.FindIndex(singular, value => value <= threshold);
        rank = rank < 0 ? singular.Length : rank;
        double[] kept = singular[..rank];
        DeviceMatrix<double> primal = Backend.Allocate<double>(p, rank);
        using (DeviceMatrix<double> inverse = Column(Array.ConvertAll(kept, value => 1 / value)))
        {
            Backend.Scale(vt.View.SliceRows(0, rank).Transposed, scales, inverse.View, primal.View);
        }

        return Assemble(
            Array.ConvertAll(kept, value => value * value), primal, q => Backend.Copy(u.View.SliceColumns(0, rank), q));
    }

    /// <summary>
    /// Q with, where there is an intercept, the constant vector as its last column; primal gets a column of zeros for
    /// it.
    /// </summary>
    private SpectralFactorisation Assemble(
        double[] lambda, DeviceMatrix<double> primal, Action<DeviceView<double>> writeQ)
    {
        int rank = lambda.Length;
        DeviceMatrix<double> q = Backend.Allocate<double>(Samples, rank + (Intercept ? 1 : 0));
        writeQ(q.View.SliceColumns(0, rank));
        if (!Intercept)
        {
            return new SpectralFactorisation(q, lambda, complete: false, constantColumn: -1, rounding: 0, primal);
        }

        Backend.Fill(q.View.SliceColumns(rank, 1), 1 / Math.Sqrt(Samples));
        DeviceMatrix<double> widened = Backend.Allocate<double>(primal.Rows, rank + 1);
        Backend.Copy(primal.View, widened.View.SliceColumns(0, rank));
        Backend.Fill(widened.View.SliceColumns(rank, 1), 0);
        primal.Dispose();
        return new SpectralFactorisation(
            q, [.. lambda, 0], complete: false, constantColumn: rank, rounding: 0, widened);
    }

    /// <summary>sqrt(gamma) of each feature's space, p x 1.</summary>
    private DeviceMatrix<double> Scales(ReadOnlySpan<double> gamma)
    {
        double[] scales = new double[_spaceOfFeature.Length];
        for (int j = 0; j < scales.Length; j++)
        {
            scales[j] = Math.Sqrt(gamma[_spaceOfFeature[j]]);
        }

        return Column(scales);
    }
}
