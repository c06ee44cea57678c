using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.Lasso;

/// <summary>
/// The features of the samples that a model is trained on, and what a gradient needs of them: step size and, in Gram
/// form, X'X. With an intercept the features are centred over these samples.
/// </summary>
internal sealed class TrainingSet<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly DeviceMatrix<T> _features;
    private readonly DeviceMatrix<T>? _gram;
    private readonly DeviceMatrix<T>? _means;
    private readonly int[] _rows;

    /// <param name="backend">Where to compute.</param>
    /// <param name="allFeatures">Features of all samples, in the order of the groups.</param>
    /// <param name="rows">The samples to train on.</param>
    /// <param name="useGram">Whether to form X'X.</param>
    /// <param name="intercept">Whether to centre.</param>
    /// <param name="lipschitz">The Lipschitz constant, where the caller knows it.</param>
    /// <param name="cancellation">Checked between steps.</param>
    public TrainingSet(
        IBackend backend, DeviceView<T> allFeatures, ReadOnlySpan<int> rows, bool useGram, bool intercept,
        double? lipschitz,
        CancellationToken cancellation)
    {
        _backend = backend;
        _rows = rows.ToArray();
        _features = backend.Allocate<T>(rows.Length, allFeatures.Columns);
        try
        {
            backend.GatherRows(allFeatures, rows, _features.View);
            using DeviceMatrix<double> wide = backend.Allocate<double>(_features.Rows, _features.Columns);
            backend.Copy(_features.View, wide.View);
            if (intercept)
            {
                _means = backend.Allocate<T>(1, _features.Columns);
                Centre(wide.View, _means.View);
            }

            cancellation.ThrowIfCancellationRequested();
            bool needsGram = useGram || (lipschitz is null && wide.Columns <= wide.Rows);
            using DeviceMatrix<double>? gram = needsGram ? Square(wide.View.Transposed) : null;
            if (useGram)
            {
                _gram = backend.Allocate<T>(wide.Columns, wide.Columns);
                backend.Copy(gram!.View, _gram.View);
            }

            Lipschitz = lipschitz ?? LargestEigenvalue(wide.View, gram, cancellation);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// The Lipschitz constant of the gradient: the largest eigenvalue of X'X; 1 where X is zero, since any serves.
    /// </summary>
    public double Lipschitz { get; }

    /// <summary>The step of proximal gradient descent.</summary>
    public double Step => 1 / Lipschitz;

    public int Samples => _rows.Length;

    public nint Features => _features.Columns;

    /// <summary>Whether gradients are (X'X) w - X'y.</summary>
    public bool UsesGram => _gram is not null;

    /// <summary>Means of the features, 1 x features, where there is an intercept.</summary>
    public DeviceView<T>? Means => _means?.View;

    /// <summary>
    /// The responses of the samples trained on; centred, and their means kept, where there is an intercept.
    /// </summary>
    /// <param name="all">Responses of all samples, samples x targets.</param>
    /// <param name="means">Receives the means, 1 x targets; nothing without an intercept. Dispose them.</param>
    public DeviceLease<T> Responses(DeviceView<T> all, out DeviceLease<T> means)
    {
        DeviceLease<T> responses = default, subtracted = default;
        try
        {
            responses = _backend.Rent<T>(Samples, all.Columns);
            _backend.GatherRows(all, _rows, responses.View);
            if (_means is not null)
            {
                subtracted = _backend.Rent<T>(1, all.Columns);
                _backend.ColumnMeans(responses.View, subtracted.View);
                _backend.SubtractRow(responses.View, subtracted.View);
            }

            means = subtracted;
            return responses;
        }
        catch
        {
            responses.Dispose();
            subtracted.Dispose();
            throw;
        }
    }

    /// <summary>In Gram form X'Y, which the descent works with; else nothing: it works with Y.</summary>
    public DeviceLease<T> Projections(DeviceView<T> Y) => UsesGram
        ? Rented.Filled<T, (TrainingSet<T> Set, DeviceView<T> Y)>(
            _backend, Features, Y.Columns, (this, Y), static (on, result) =>
                on.Set._backend.Gemm(1, on.Set._features.View.Transposed, on.Y, 0, result))
        : default;

    /// <summary>In Gram form gradient = X'X point, from which X'Y is yet to be subtracted.</summary>
    public void GradientByGram(DeviceView<T> point, DeviceView<T> gradient) =>
        _backend.Gemm(1, _gram!.View, point, 0, gradient);

    /// <summary>gradient = X'(X point - Y), through a residual of the size of Y.</summary>
    public void GradientByFeatures(DeviceView<T> point, DeviceView<T> Y, DeviceView<T> residual, DeviceView<T> gradient)
    {
        _backend.Copy(Y, residual);
        _backend.Gemm(1, _features.View, point, -1, residual);
        _backend.Gemm(1, _features.View.Transposed, residual, 0, gradient);
    }

    public void Dispose()
    {
        _features.Dispose();
        _gram?.Dispose();
        _means?.Dispose();
    }

    /// <summary>
    /// Subtracts the means as T rounds them, so that training and validation samples are shifted alike.
    /// </summary>
    private void Centre(DeviceView<double> wide, DeviceView<T> means)
    {
        using DeviceMatrix<double> wideMeans = _backend.Allocate<double>(1, wide.Columns);
        _backend.ColumnMeans(wide, wideMeans.View);
        _backend.Copy(wideMeans.View, means);
        _backend.Copy(means, wideMeans.View);
        _backend.SubtractRow(wide, wideMeans.View);
        _backend.Copy(wide, _features.View);
    }

    private DeviceMatrix<double> Square(DeviceView<double> A)
    {
        DeviceMatrix<double> square = _backend.Allocate<double>(A.Rows, A.Rows);
        _backend.Syrk(1, A, 0, square.View);
        return square;
    }

    /// <summary>Of X'X or X X', whichever is smaller: the squared largest singular value of X.</summary>
    private double LargestEigenvalue(DeviceView<double> X, DeviceMatrix<double>? gram, CancellationToken cancellation)
    {
        DeviceMatrix<double> square = X.Columns <= X.Rows ? gram! : Square(X);
        try
        {
            using DeviceMatrix<double> eigenvalues = _backend.Allocate<double>(1, square.Rows);
            _backend.SymmetricEigen(square.View, eigenvalues.View, 1, cancellation);
            double largest = Upload.ToHost(_backend, eigenvalues.View)[^1];
            return largest > 0 ? largest : 1;
        }
        finally
        {
            if (square != gram)
            {
                square.Dispose();
            }
        }
    }
}
