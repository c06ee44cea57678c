using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.RandomSearch;

/// <summary>
/// What predictions of a centred model must be shifted by when they are made from inputs that are not centred: the
/// targets' means less the model's prediction at the inputs' means.
/// </summary>
internal sealed class Intercepts<T>(IBackend backend, Problem<T> problem)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Targets at a time.</summary>
    private const int Tile = 2048;

    /// <summary>Intercepts, 1 x targets, of primal or dual weights.</summary>
    public Matrix<T> Compute(MatrixView<T> deltas, MatrixView<T> weights, MatrixView<T> means, bool primal)
    {
        nint targets = deltas.Columns;
        using Matrix<T> atMean = primal ? FeatureMeans() : KernelsAtMean();
        using DeviceMatrix<T> rows = backend.Allocate<T>(atMean.Rows, atMean.Columns);
        backend.Upload(atMean.View, rows.View);
        using HostBuffer<T> buffer = new();
        Matrix<T> intercepts = Matrix<T>.From(means);
        new TileLoop(Tile, backend).Run(targets, (first, count) =>
        {
            using DeviceLease<T> w = backend.Rent<T>(weights.Rows, count);
            using DeviceLease<T> products = backend.Rent<T>(atMean.Rows, count);
            MatrixView<T> host = buffer.View(atMean.Rows, count);
            backend.Upload(weights.SliceColumns(first, count), w.View);
            backend.Gemm(1, rows.View, w.View, 0, products.View);
            backend.Download(products.View, host);
            for (nint j = 0; j < count; j++)
            {
                for (nint i = 0; i < host.Rows; i++)
                {
                    T weight = primal ? T.One : T.Exp(deltas[i, first + j]);
                    intercepts.View[0, first + j] -= weight * host[i, j];
                }
            }
        }, CancellationToken.None);

        return intercepts;
    }

    /// <summary>Means of all features, side by side: 1 x features.</summary>
    private Matrix<T> FeatureMeans()
    {
        Matrix<T> means = Matrix<T>.Uninitialized(1, problem.Inputs.TotalFeatures);
        nint column = 0;
        for (int i = 0; i < problem.Inputs.Spaces; i++)
        {
            InputMatrix<T> X = problem.Inputs.FeatureViews![i];
            ColumnMeans(X, means.View.SliceColumns(column, X.Columns));
            column += X.Columns;
        }

        return means;
    }

    /// <summary>
    /// For each kernel its mean row, kernels x samples, less the row's own mean: dual weights of a centred model sum to
    /// zero, so this changes nothing but the rounding.
    /// </summary>
    private Matrix<T> KernelsAtMean()
    {
        nint n = problem.Samples;
        using Matrix<T> rows = Matrix<T>.Uninitialized(problem.Inputs.Spaces, n);
        for (int i = 0; i < problem.Inputs.Spaces; i++)
        {
            MatrixView<T> row = rows.View.SliceRows(i, 1);
            if (problem.Inputs.KernelViews is { } kernels)
            {
                ColumnMeans(kernels[i], row);
                continue;
            }

            using DeviceMatrix<double> X = Upload.AsDouble(backend, problem.Inputs.FeatureViews![i]);
            using DeviceMatrix<double> mean = backend.Allocate<double>(1, X.Columns);
            using DeviceMatrix<double> product = backend.Allocate<double>(1, n);
            using DeviceMatrix<T> rounded = backend.Allocate<T>(1, n);
            backend.ColumnMeans(X.View, mean.View);
            backend.Gemm(1, mean.View, X.View.Transposed, 0, product.View);
            backend.Copy(product.View, rounded.View);
            backend.Download(rounded.View, row);
        }

        Matrix<T> centred = Matrix<T>.From(rows.View);
        for (nint i = 0; i < centred.Rows; i++)
        {
            double sum = 0;
            for (nint j = 0; j < n; j++)
            {
                sum += double.CreateTruncating(centred.View[i, j]);
            }

            for (nint j = 0; j < n; j++)
            {
                centred.View[i, j] -= T.CreateTruncating(sum / n);
            }
        }

        return centred;
    }

    private void ColumnMeans(InputMatrix<T> matrix, MatrixView<T> means)
    {
        using DeviceOperand<T> device = matrix.Borrow(backend);
        using DeviceMatrix<T> row = backend.Allocate<T>(1, matrix.Columns);
        backend.ColumnMeans(device.View, row.View);
        backend.Download(row.View, means);
    }
}
