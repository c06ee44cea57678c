using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// The kernels as one fold sees them, by index lists: products with the training kernels, with the validation kernels
/// and with their transposes. With an intercept the kernels are centred on the training rows, H K H, by offsets and by
/// centring the result: the right-hand sides of training products sum to zero, so that H on their side is the identity.
/// </summary>
internal sealed class FoldSystem<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly DeviceView<T> _kernels;
    private readonly int[] _train;
    private readonly int[] _validation;
    private readonly DeviceMatrix<T>? _offsets;
    private readonly DeviceMatrix<T>? _trainOffsets;

    /// <param name="backend">Where to compute.</param>
    /// <param name="kernels">All kernels side by side, n x (m n).</param>
    /// <param name="train">Training rows.</param>
    /// <param name="validation">Validation rows; none for the refit on all samples.</param>
    /// <param name="intercept">Whether to centre on the training rows.</param>
    public FoldSystem(
        IBackend backend, DeviceView<T> kernels, ReadOnlySpan<int> train, ReadOnlySpan<int> validation, bool intercept)
    {
        _backend = backend;
        _kernels = kernels;
        _train = train.ToArray();
        _validation = validation.ToArray();
        Intercept = intercept;
        if (intercept)
        {
            _offsets = Means();
            nint n = kernels.Rows;
            DeviceView<T> byKernel = _offsets.View with { Rows = kernels.Columns / n, Columns = n, RowStride = n };
            _trainOffsets = backend.Allocate<T>(_train.Length, byKernel.Rows);
            backend.GatherRows(byKernel.Transposed, _train, _trainOffsets.View);
        }
    }

    public int TrainCount => _train.Length;

    public int ValidationCount => _validation.Length;

    public ReadOnlySpan<int> Train => _train;

    public bool Intercept { get; }

    private DeviceView<T>? Offsets => _offsets?.View;

    /// <summary>The training responses, centred where there is an intercept: |train| x t. Dispose it.</summary>
    public DeviceLease<T> TrainTargets(DeviceView<T> Y) => Rented.Filled<T, (FoldSystem<T> System, DeviceView<T> Y)>(
        _backend, _train.Length, Y.Columns, (this, Y), static (on, rows) =>
        {
            on.System._backend.GatherRows(on.Y, on.System._train, rows);
            on.System.Centre(rows);
        });

    /// <summary>
    /// The validation responses, less the means of the training responses where there is an intercept. Dispose it.
    /// </summary>
    public DeviceLease<T> ValidationTargets(DeviceView<T> Y) =>
        Rented.Filled<T, (FoldSystem<T> System, DeviceView<T> Y)>(
            _backend, _validation.Length, Y.Columns, (this, Y), static (on, rows) =>
                on.System.WriteValidationTargets(on.Y, rows));

    /// <summary>result = sum_i exp(delta_i) K_i W + W on the training rows: the matrix of the inner problem.</summary>
    public void Multiply(DeviceView<T> expDeltas, DeviceView<T> W, DeviceView<T> result)
    {
        Product(expDeltas, W, result);
        _backend.AddScaled(1, W, result);
    }

    /// <summary>result = sum_i exp(delta_i) K_i W on the training rows.</summary>
    public void Product(DeviceView<T> expDeltas, DeviceView<T> W, DeviceView<T> result)
    {
        _backend.IndexedKernelProduct(_kernels, _train, _train, Offsets, expDeltas, W, result);
        Centre(result);
    }

    /// <summary>
    /// Predictions of the validation rows, and the derivatives of half their squared error with the dual weights fixed.
    /// </summary>
    public void Moments(
        DeviceView<T> expDeltas, DeviceView<T> dual, DeviceView<T> Y, DeviceView<T> predictions,
        DeviceView<double> gradient,
        DeviceView<double> hessian) =>
        _backend.KernelProductMoments(
            _kernels, _validation, _train, Offsets, expDeltas, dual, Y, predictions, gradient, hessian);

    /// <summary>
    /// result = sum_i exp(delta_i) K_i(validation, train)' R: from residuals of validation rows to training rows.
    /// </summary>
    public void Adjoint(DeviceView<T> expDeltas, DeviceView<T> R, DeviceView<T> result)
    {
        // Kernels are symmetric: the transpose is the other block.
        _backend.IndexedKernelProduct(_kernels, _train, _validation, null, expDeltas, R, result);
        if (_trainOffsets is null)
        {
            return;
        }

        using DeviceLease<T> means = _backend.Rent<T>(1, R.Columns);
        using DeviceLease<T> factors = _backend.Rent<T>(expDeltas.Rows, R.Columns);
        _backend.ColumnMeans(R, means.View);
        _backend.Scale(expDeltas, null, means.View, factors.View);
        _backend.Gemm(-_validation.Length, _trainOffsets.View, factors.View, 1, result);
        Centre(result);
    }

    /// <summary>dots(i, j) = (exp(delta_i) K_i W)' V on the training rows.</summary>
    public void Dots(DeviceView<T> expDeltas, DeviceView<T> W, DeviceView<T> V, DeviceView<double> dots) =>
        _backend.KernelProductDots(_kernels, _train, _train, Offsets, expDeltas, W, V, dots);

    /// <summary>The largest eigenvalue of each training kernel, by power iteration from a seeded start.</summary>
    public double[] LargestEigenvalues(int seed) =>
        PowerIteration.OfKernels<T>(_backend, _kernels, _train, Product, seed);

    public void Dispose()
    {
        _offsets?.Dispose();
        _trainOffsets?.Dispose();
    }

    /// <summary>Subtracts column means, where there is an intercept.</summary>
    public void Centre(DeviceView<T> rows)
    {
        if (!Intercept)
        {
            return;
        }

        using DeviceLease<T> means = _backend.Rent<T>(1, rows.Columns);
        _backend.ColumnMeans(rows, means.View);
        _backend.SubtractRow(rows, means.View);
    }

    private void WriteValidationTargets(DeviceView<T> Y, DeviceView<T> rows)
    {
        _backend.GatherRows(Y, _validation, rows);
        if (Intercept)
        {
            using DeviceLease<T> train = _backend.Rent<T>(_train.Length, Y.Columns);
            using DeviceLease<T> means = _backend.Rent<T>(1, Y.Columns);
            _backend.GatherRows(Y, _train, train.View);
            _backend.ColumnMeans(train.View, means.View);
            _backend.SubtractRow(rows, means.View);
        }
    }

    /// <summary>Means of the training rows of all kernels, 1 x (m n).</summary>
    private DeviceMatrix<T> Means()
    {
        T[] share = new T[_kernels.Rows];
        foreach (int i in _train)
        {
            share[i] += T.One / T.CreateTruncating(_train.Length);
        }

        using DeviceMatrix<T> column = Designs.Upload.Column<T>(_backend, share);
        DeviceMatrix<T> means = _backend.Allocate<T>(1, _kernels.Columns);
        _backend.Gemm(1, column.View.Transposed, _kernels, 0, means.View);
        return means;
    }
}
