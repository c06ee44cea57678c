using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers;

/// <summary>
/// Centres kernels as if their features had been centred by the means of the training samples (Schoelkopf, Smola and
/// Mueller 1998, "Nonlinear component analysis as a kernel eigenvalue problem", appendix B). himalaya's and
/// scikit-learn's KernelCenterer.
/// </summary>
public sealed class KernelCenterer
{
    private readonly double[] _columnMeans;

    private KernelCenterer(double[] columnMeans)
    {
        _columnMeans = columnMeans;
        Mean = columnMeans.Length == 0 ? 0 : columnMeans.Sum() / columnMeans.Length;
    }

    /// <summary>Mean of each column of the training kernel (K_fit_rows_).</summary>
    public ReadOnlySpan<double> ColumnMeans => _columnMeans;

    /// <summary>Mean of the training kernel (K_fit_all_).</summary>
    public double Mean { get; }

    /// <summary>Takes the means of the training kernel, in double.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="K">training samples x training samples.</param>
    /// <exception cref="ArgumentException">The kernel is not square, or holds NaN or infinity.</exception>
    public static KernelCenterer Fit<T>(IBackend backend, MatrixView<T> K)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fit(backend, (InputMatrix<T>)K);

    /// <summary>The same of a kernel wherever it lies; see <see cref="InputMatrix{T}"/>.</summary>
    public static KernelCenterer Fit<T>(IBackend backend, InputMatrix<T> K)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputShapes.Require(K, K.Rows, K.Rows, nameof(K));
        K.RequireFinite(nameof(K));
        using DeviceOperand<T> kernel = K.Borrow(backend);
        using DeviceMatrix<double> means = backend.Allocate<double>(1, K.Columns);
        backend.ColumnMeansInDouble(kernel.View, means.View);
        return new KernelCenterer(Upload.ToHost(backend, means.View));
    }

    /// <summary>A centerer whose means were kept: <see cref="ColumnMeans"/> of one that was fitted.</summary>
    /// <param name="columnMeans">Mean of each column of the training kernel.</param>
    /// <exception cref="ArgumentException">A mean is NaN or infinite.</exception>
    public static KernelCenterer FromMeans(ReadOnlySpan<double> columnMeans)
    {
        foreach (double mean in columnMeans)
        {
            if (!double.IsFinite(mean))
            {
                throw new ArgumentException($"A mean is {mean}; expected finite ones.", nameof(columnMeans));
            }
        }

        return new KernelCenterer(columnMeans.ToArray());
    }

    /// <summary>
    /// A centred copy of a kernel between any samples (the training samples too) and the training samples.
    /// </summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="K">samples x training samples.</param>
    /// <exception cref="ArgumentException">Another number of training samples.</exception>
    public Matrix<T> Transform<T>(IBackend backend, MatrixView<T> K)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(K, K.Rows, _columnMeans.Length, nameof(K));
        Matrix<T> centred = Matrix<T>.From(K);
        TransformInPlace(backend, centred.View);
        return centred;
    }

    /// <summary>Centres a kernel between any samples and the training samples, in place.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="K">samples x training samples.</param>
    /// <exception cref="ArgumentException">Another number of training samples.</exception>
    public void TransformInPlace<T>(IBackend backend, MatrixView<T> K)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(K, K.Rows, _columnMeans.Length, nameof(K));
        OnDevice.Write(backend, K, updates: true, k => TransformInPlace(backend, k));
    }

    /// <summary>The same of a kernel in the memory of the backend.</summary>
    /// <exception cref="ArgumentException">Another number of training samples.</exception>
    public void TransformInPlace<T>(IBackend backend, DeviceView<T> K)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(K, K.Rows, _columnMeans.Length, nameof(K));
        using Matrix<double> host = Matrix<double>.From(1, _columnMeans.Length, _columnMeans);
        using DeviceMatrix<double> means = OnDevice.Input(backend, host.View);
        backend.CenterKernel(K, means.View, Mean);
    }
}
