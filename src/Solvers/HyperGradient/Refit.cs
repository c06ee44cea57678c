using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>Weights on all samples at the log weights found, and intercepts.</summary>
internal sealed class Refit<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Of conjugate gradient: the weights are a result, not a step on the way to one.</summary>
    private static readonly double Tolerance = typeof(T) == typeof(float) ? 1e-6 : 1e-10;

    private readonly IBackend _backend;
    private readonly DescentProblem<T> _problem;
    private readonly ClusteredKernels<T> _clustered;
    private readonly InnerProblem<T> _inner;
    private readonly CancellationToken _cancellation;
    private readonly FoldSystem<T> _system;
    private readonly Matrix<T>? _meanRows;
    private readonly HostBuffer<double> _deltas = new();
    private readonly HostBuffer<T> _exponentials = new();
    private readonly HostBuffer<T> _atMean = new();
    private readonly HostBuffer<T> _products = new();

    public Refit(
        IBackend backend, DescentProblem<T> problem, KernelStack<T> kernels, ClusteredKernels<T> clustered,
        InnerProblem<T> inner, CancellationToken cancellation)
    {
        _backend = backend;
        _problem = problem;
        _clustered = clustered;
        _inner = inner;
        _cancellation = cancellation;
        bool intercept = problem.Options.FitIntercept;
        _system = new FoldSystem<T>(backend, kernels.View, [.. Enumerable.Range(0, problem.Samples)], [], intercept);
        _meanRows = intercept && problem.Options.Weights == WeightKind.Dual ? Centred(kernels.MeanRows!) : null;
    }

    /// <summary>Refits the targets of one tile.</summary>
    /// <param name="first">First target.</param>
    /// <param name="Y">Responses of the tile.</param>
    /// <param name="result">Has their log weights; receives weights and intercepts.</param>
    /// <param name="means">Means of all targets, where there is an intercept.</param>
    public void Run(nint first, DeviceView<T> Y, HyperGradientResult<T> result, Matrix<T>? means)
    {
        _cancellation.ThrowIfCancellationRequested();
        MatrixView<T> weights =
            _problem.Weights ?? (result.Weights ??= new Matrix<T>(_problem.WeightRows, _problem.TargetCount)).View;
        MatrixView<double> deltas = _deltas.View(_problem.Kernels, Y.Columns);
        MatrixView<T> exponentials = _exponentials.View(_problem.Kernels, Y.Columns);
        for (int i = 0; i < _problem.Kernels; i++)
        {
            for (int j = 0; j < Y.Columns; j++)
            {
                deltas[i, j] = double.CreateTruncating(result.Deltas.View[i, first + j]);
                exponentials[i, j] = T.CreateTruncating(Math.Exp(deltas[i, j]));
            }
        }

        using DeviceLease<T> expDeltas = _exponentials.Upload(_backend);
        using DeviceLease<T> dual = _backend.Rent<T>(_problem.Samples, Y.Columns);
        Solve(Y, deltas, expDeltas.View, dual.View);
        MatrixView<T> tile = weights.SliceColumns(first, Y.Columns);
        MatrixView<T>? atMean = means is null ? null : _atMean.View(1, Y.Columns);
        if (_problem.Options.Weights == WeightKind.Dual)
        {
            _backend.Download(dual.View, tile);
            WriteDualAtMean(dual.View, exponentials, atMean);
        }
        else
        {
            ToPrimal(dual.View, expDeltas.View, tile, atMean);
        }

        if (means is not null)
        {
            result.Intercept ??= new Matrix<T>(1, _problem.TargetCount);
            for (nint j = 0; j < Y.Columns; j++)
            {
                result.Intercept.View[0, first + j] = means.View[0, first + j] - atMean!.Value[0, j];
            }
        }
    }

    public void Dispose()
    {
        _system.Dispose();
        _meanRows?.Dispose();
        _deltas.Dispose();
        _exponentials.Dispose();
        _atMean.Dispose();
        _products.Dispose();
    }

    private void Solve(DeviceView<T> Y, MatrixView<double> deltas, DeviceView<T> expDeltas, DeviceView<T> dual)
    {
        using ClusteredKernels<T> kernels = _clustered.Of(deltas);
        using Preconditioner<T> preconditioner = kernels.Preconditioner(_system);
        using DeviceLease<T> targets = _system.TrainTargets(Y);
        _backend.Fill(dual, 0);
        _inner.Solve(_system, expDeltas, targets.View, dual, preconditioner, Tolerance);
    }

    /// <summary>What the model predicts at the mean of its inputs: sum_i exp(delta_i) (mean row of K_i) w.</summary>
    private void WriteDualAtMean(DeviceView<T> dual, MatrixView<T> exponentials, MatrixView<T>? atMean)
    {
        if (atMean is not { } sums)
        {
            return;
        }

        using DeviceLease<T> rows = Rented.Of(_backend, _meanRows!.View);
        using DeviceLease<T> products = _backend.Rent<T>(_problem.Kernels, dual.Columns);
        MatrixView<T> host = _products.View(_problem.Kernels, dual.Columns);
        _backend.Gemm(1, rows.View, dual, 0, products.View);
        _backend.Download(products.View, host);
        sums.Fill(T.Zero);
        for (nint i = 0; i < host.Rows; i++)
        {
            for (nint j = 0; j < host.Columns; j++)
            {
                sums[0, j] += exponentials[i, j] * host[i, j];
            }
        }
    }

    /// <summary>
    /// exp(delta_i) X_i' w, space by space; with an intercept X_i is centred, and predictions at its mean are summed.
    /// </summary>
    private void ToPrimal(DeviceView<T> dual, DeviceView<T> expDeltas, MatrixView<T> weights, MatrixView<T>? atMean)
    {
        using DeviceLease<T> weighted = _backend.Rent<T>(dual.Rows, dual.Columns);
        using DeviceLease<T> offset = _backend.Rent<T>(1, dual.Columns);
        _backend.Fill(offset.View, 0);
        nint row = 0;
        for (int i = 0; i < _problem.Kernels; i++)
        {
            InputMatrix<T> X = _problem.Inputs.FeatureViews![i];
            using DeviceLease<T> features = _backend.Rent<T>(X.Rows, X.Columns);
            using DeviceLease<T> primal = _backend.Rent<T>(X.Columns, dual.Columns);
            using DeviceLease<T> means = _backend.Rent<T>(1, X.Columns);
            X.CopyTo(_backend, features.View);
            _backend.ColumnMeans(features.View, means.View);
            if (atMean is not null)
            {
                _backend.SubtractRow(features.View, means.View);
            }

            _backend.Scale(dual, null, expDeltas.SliceRows(i, 1), weighted.View);
            _backend.Gemm(1, features.View.Transposed, weighted.View, 0, primal.View);
            _backend.Gemm(1, means.View, primal.View, 1, offset.View);
            _backend.Download(primal.View, weights.SliceRows(row, X.Columns));
            row += X.Columns;
        }

        if (atMean is { } predicted)
        {
            _backend.Download(offset.View, predicted);
        }
    }

    /// <summary>
    /// Rows less their own mean: dual weights of a centred model sum to zero, so this changes nothing but the rounding.
    /// </summary>
    private static Matrix<T> Centred(Matrix<T> rows)
    {
        Matrix<T> centred = Matrix<T>.From(rows.View);
        for (nint i = 0; i < rows.Rows; i++)
        {
            double sum = 0;
            for (nint j = 0; j < rows.Columns; j++)
            {
                sum += double.CreateTruncating(rows.View[i, j]);
            }

            for (nint j = 0; j < rows.Columns; j++)
            {
                centred.View[i, j] -= T.CreateTruncating(sum / rows.Columns);
            }
        }

        return centred;
    }
}
