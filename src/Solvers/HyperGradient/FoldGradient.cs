using System.Numerics;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>What one fold says of each target at its present log weights.</summary>
/// <param name="Gradient">
/// Gradient of half the squared error of the validation rows by the log weights, kernels x targets.
/// </param>
/// <param name="Steps">Step sizes: inverse Lipschitz constants of the gradient with the dual weights fixed.</param>
/// <param name="Scores">Scores of the validation rows.</param>
internal readonly record struct FoldGradient(double[,] Gradient, double[] Steps, double[] Scores)
{
    /// <summary>Keeps the step finite where the gradient does not depend on the log weights.</summary>
    private const double Tiny = 1e-15;

    /// <summary>
    /// Computes them. The dual weights are up to date; the solution of the linear system before is replaced.
    /// </summary>
    public static FoldGradient Compute<T>(
        IBackend backend, InnerProblem<T> inner, FoldSystem<T> system, HyperGradientOptions options,
        DescentTile<T> tile, int fold,
        DeviceView<T> expDeltas, Preconditioner<T>? preconditioner, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int m = tile.Kernels;
        int t = tile.Count;
        DeviceView<T> dual = tile.Dual[fold].View;
        using DeviceMatrix<T> Y = system.ValidationTargets(tile.Y);
        using DeviceMatrix<T> residuals = backend.Allocate<T>(system.ValidationCount, t);
        using DeviceMatrix<double> gradient = backend.Allocate<double>(m, t);
        using DeviceMatrix<double> hessian = backend.Allocate<double>(m * m, t);
        system.Moments(expDeltas, dual, Y.View, residuals.View, gradient.View, hessian.View);
        double[] scores = Score(backend, options, Y.View, residuals.View);
        double[,] result = ToHost(backend, gradient.View);
        double[] steps = StepSizes(ToHost(backend, hessian.View), tile);
        if (options.Method != HyperGradientMethod.Direct)
        {
            backend.AddScaled(-1, Y.View, residuals.View);
            using DeviceMatrix<T> slope = backend.Allocate<T>(system.TrainCount, t);
            using DeviceMatrix<double> indirect = backend.Allocate<double>(m, t);
            system.Adjoint(expDeltas, residuals.View, slope.View);
            DeviceView<T> solution = tile.Solutions[fold].View;
            if (options.Method == HyperGradientMethod.Neumann)
            {
                inner.NeumannSeries(system, expDeltas, slope.View, solution);
            }
            else
            {
                inner.Solve(system, expDeltas, slope.View, solution, preconditioner!, tolerance);
            }

            system.Dots(expDeltas, dual, solution, indirect.View);
            double[,] correction = ToHost(backend, indirect.View);
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < t; j++)
                {
                    result[i, j] -= correction[i, j];
                }
            }
        }

        return new FoldGradient(result, steps, scores);
    }

    private static double[] Score<T>(
        IBackend backend, HyperGradientOptions options, DeviceView<T> truth, DeviceView<T> predictions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (options.CustomScore is { } custom)
        {
            double[] own = new double[truth.Columns];
            CustomScorer<T>.Run(backend, custom, truth, predictions, own);
            return own;
        }

        using DeviceMatrix<double> scores = backend.Allocate<double>(1, truth.Columns);
        backend.Score(options.Score, truth, predictions, scores.View);
        return Designs.Upload.ToHost(backend, scores.View);
    }

    private static double[] StepSizes<T>(double[,] hessians, DescentTile<T> tile)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int m = tile.Kernels;
        double[] H = new double[m * m];
        double[] steps = new double[tile.Count];
        for (int j = 0; j < steps.Length; j++)
        {
            for (int i = 0; i < H.Length; i++)
            {
                H[i] = hessians[i, j];
            }

            steps[j] = 1 / (PowerIteration.OfMatrix(H, tile.Starts.AsSpan(j * m, m)) + Tiny);
        }

        return steps;
    }

    private static double[,] ToHost(IBackend backend, DeviceView<double> view)
    {
        using Matrix<double> host = Matrix<double>.Uninitialized(view.Rows, view.Columns);
        backend.Download(view, host.View);
        double[,] values = new double[view.Rows, view.Columns];
        for (int i = 0; i < view.Rows; i++)
        {
            for (int j = 0; j < view.Columns; j++)
            {
                values[i, j] = host[i, j];
            }
        }

        return values;
    }
}
