using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// What one fold says of each target at its present log weights. One object serves one fold and tile after another.
/// </summary>
internal sealed class FoldGradient<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Keeps the step finite where the gradient does not depend on the log weights.</summary>
    private const double Tiny = 1e-15;

    private readonly IBackend _backend;
    private readonly InnerProblem<T> _inner;
    private readonly HyperGradientOptions _options;
    private readonly CustomScorer<T>? _scorer;
    private readonly HostBuffer<double> _gradient = new();
    private readonly HostBuffer<double> _correction = new();
    private readonly HostBuffer<double> _hessians = new();
    private readonly HostBuffer<double> _steps = new();
    private readonly HostBuffer<double> _scores = new();
    private readonly double[] _hessian;

    /// <param name="backend">Where to compute.</param>
    /// <param name="inner">Solves linear systems.</param>
    /// <param name="options">Method and score.</param>
    /// <param name="kernels">How many kernels there are.</param>
    public FoldGradient(IBackend backend, InnerProblem<T> inner, HyperGradientOptions options, int kernels)
    {
        _backend = backend;
        _inner = inner;
        _options = options;
        _scorer = options.CustomScore is { } score ? new CustomScorer<T>(backend, score) : null;
        _hessian = new double[kernels * kernels];
    }

    /// <summary>
    /// Gradient of half the squared error of the validation rows by the log weights, kernels x targets.
    /// </summary>
    public MatrixView<double> Gradient { get; private set; }

    /// <summary>
    /// Step sizes, 1 x targets: inverse Lipschitz constants of the gradient with the dual weights fixed.
    /// </summary>
    public MatrixView<double> Steps { get; private set; }

    /// <summary>Scores of the validation rows, 1 x targets.</summary>
    public MatrixView<double> Scores { get; private set; }

    /// <summary>
    /// Computes them. The dual weights are up to date; the solution of the linear system before is replaced.
    /// </summary>
    public void Compute(
        FoldSystem<T> system, DescentTile<T> tile, int fold, DeviceView<T> expDeltas,
        Preconditioner<T>? preconditioner, double tolerance)
    {
        int m = tile.Kernels;
        int t = tile.Count;
        using DeviceLease<T> Y = system.ValidationTargets(tile.Y);
        using DeviceLease<T> residuals = _backend.Rent<T>(system.ValidationCount, t);
        using DeviceLease<double> gradient = _backend.Rent<double>(m, t);
        using DeviceLease<double> hessian = _backend.Rent<double>(m * m, t);
        system.Moments(expDeltas, tile.Dual(fold), Y.View, residuals.View, gradient.View, hessian.View);
        Scores = Score(Y.View, residuals.View);
        Gradient = ToHost(gradient.View, _gradient);
        Steps = StepSizes(ToHost(hessian.View, _hessians), tile);
        if (_options.Method != HyperGradientMethod.Direct)
        {
            _backend.AddScaled(-1, Y.View, residuals.View);
            SubtractIndirect(system, tile, fold, expDeltas, residuals.View, preconditioner, tolerance);
        }
    }

    public void Dispose()
    {
        _gradient.Dispose();
        _correction.Dispose();
        _hessians.Dispose();
        _steps.Dispose();
        _scores.Dispose();
        _scorer?.Dispose();
    }

    /// <summary>What the dual weights would do if they followed the log weights.</summary>
    private void SubtractIndirect(
        FoldSystem<T> system, DescentTile<T> tile, int fold, DeviceView<T> expDeltas, DeviceView<T> residuals,
        Preconditioner<T>? preconditioner, double tolerance)
    {
        using DeviceLease<T> slope = _backend.Rent<T>(system.TrainCount, tile.Count);
        using DeviceLease<double> indirect = _backend.Rent<double>(tile.Kernels, tile.Count);
        system.Adjoint(expDeltas, residuals, slope.View);
        DeviceView<T> solution = tile.Solution(fold);
        if (_options.Method == HyperGradientMethod.Neumann)
        {
            _inner.NeumannSeries(system, expDeltas, slope.View, solution);
        }
        else
        {
            _inner.Solve(system, expDeltas, slope.View, solution, preconditioner!, tolerance);
        }

        system.Dots(expDeltas, tile.Dual(fold), solution, indirect.View);
        MatrixView<double> correction = ToHost(indirect.View, _correction);
        MatrixView<double> gradient = Gradient;
        for (int i = 0; i < gradient.Rows; i++)
        {
            for (int j = 0; j < gradient.Columns; j++)
            {
                gradient[i, j] -= correction[i, j];
            }
        }
    }

    private MatrixView<double> Score(DeviceView<T> truth, DeviceView<T> predictions)
    {
        if (_scorer is not null)
        {
            MatrixView<double> own = _scores.View(1, truth.Columns);
            _scorer.Run(truth, predictions, own.RowSpan(0));
            return own;
        }

        using DeviceLease<double> scores = _backend.Rent<double>(1, truth.Columns);
        _backend.Score(_options.Score, truth, predictions, scores.View);
        return ToHost(scores.View, _scores);
    }

    private MatrixView<double> StepSizes(MatrixView<double> hessians, DescentTile<T> tile)
    {
        MatrixView<double> steps = _steps.View(1, tile.Count);
        for (int j = 0; j < steps.Columns; j++)
        {
            for (int i = 0; i < _hessian.Length; i++)
            {
                _hessian[i] = hessians[i, j];
            }

            steps[0, j] = 1 / (PowerIteration.OfMatrix(_hessian, tile.Start(j)) + Tiny);
        }

        return steps;
    }

    private MatrixView<double> ToHost(DeviceView<double> view, HostBuffer<double> buffer)
    {
        MatrixView<double> host = buffer.View(view.Rows, view.Columns);
        _backend.Download(view, host);
        return host;
    }
}
