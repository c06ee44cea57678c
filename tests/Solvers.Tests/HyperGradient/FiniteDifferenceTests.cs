using VemKernels.Solvers.HyperGradient;
using VemKernels.Solvers.Tests.RandomSearch;

namespace VemKernels.Solvers.Tests.HyperGradient;

/// <summary>
/// The hyper-gradient in double against finite differences of the validation loss of exactly solved inner problems.
/// </summary>
[TestFixtureSource(typeof(SolverBackends), nameof(SolverBackends.All))]
internal sealed class FiniteDifferenceTests(SolverBackend backend)
{
    private const int Samples = 30;
    private const int Targets = 4;
    private const double Difference = 1e-5;

    private static readonly Fold Split = CrossValidationSplits.KFold(Samples, 3)[1];

    [Test]
    public void The_gradient_is_the_slope_of_the_validation_loss([Values] bool intercept)
    {
        using IBackend device = backend.Create();
        using SmallProblem<double> problem = new(seed: 60, Samples, Targets, [8, 6, 4], offset: intercept ? 1 : 0);
        RandomState random = new(61);
        double[,] deltas = new double[3, Targets];
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < Targets; j++)
            {
                deltas[i, j] = random.Randn() - 2;
            }
        }

        double[,] gradient = Compute(device, problem, deltas, intercept, out _);
        for (int i = 0; i < 3; i++)
        {
            double[] above = Losses(device, problem, deltas, intercept, i, Difference);
            double[] below = Losses(device, problem, deltas, intercept, i, -Difference);
            for (int j = 0; j < Targets; j++)
            {
                double slope = (above[j] - below[j]) / (2 * Difference);
                Assert.That(
                    gradient[i, j], Is.EqualTo(slope).Within(1e-6 * (1 + Math.Abs(slope))), $"kernel {i}, target {j}");
            }
        }
    }

    /// <summary>
    /// Half the squared errors of the validation rows, where the log weights of one kernel are moved.
    /// </summary>
    private static double[] Losses(
        IBackend device, SmallProblem<double> problem, double[,] deltas, bool intercept, int kernel, double move)
    {
        double[,] moved = (double[,])deltas.Clone();
        for (int j = 0; j < Targets; j++)
        {
            moved[kernel, j] += move;
        }

        Compute(device, problem, moved, intercept, out double[] scores);
        return [.. scores.Select(score => -score * Split.Validation.Length / 2)];
    }

    private static double[,] Compute(
        IBackend device, SmallProblem<double> problem, double[,] deltas, bool intercept, out double[] scores)
    {
        const double Tight = 1e-13;
        HyperGradientOptions options = new() { FitIntercept = intercept };
        using KernelStack<double> kernels = new(
            device,
            VemKernels.Solvers.RandomSearch.Inputs<double>.Kernels(new InputMatrices<double>(problem.KernelViews), null),
            intercept);
        using FoldSystem<double> system = new(device, kernels.View, Split.Train, Split.Validation, intercept);
        using DeviceMatrix<double> responses = device.Allocate<double>(Samples, Targets);
        device.Upload(problem.Y.View, responses.View);
        double[] starts = new double[3 * Targets];
        new RandomState(1).Randn(starts);
        using Matrix<double> logWeights = new(3, Targets);
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < Targets; j++)
            {
                logWeights[i, j] = deltas[i, j];
            }
        }

        using DescentTile<double> tile = new(device, Samples, [system], solves: true, starts);
        tile.Begin(0, responses.View, logWeights.View);
        device.Fill(tile.Dual(0), 0);
        using InnerProblem<double> inner = new(device, options, default);
        using ClusteredKernels<double> clustered = new(
            device, kernels.View, system.LargestEigenvalues(1), most: 2, default);
        using ClusteredKernels<double> ofTile = clustered.Of(tile.Deltas);
        using Preconditioner<double> preconditioner = ofTile.Preconditioner(system);
        using DeviceLease<double> expDeltas = tile.ExpDeltas();
        using DeviceLease<double> Y = system.TrainTargets(tile.Y);
        inner.Solve(system, expDeltas.View, Y.View, tile.Dual(0), preconditioner, Tight);
        using FoldGradient<double> fold = new(device, inner, options, kernels: 3);
        fold.Compute(system, tile, 0, expDeltas.View, preconditioner, Tight);
        scores = fold.Scores.RowSpan(0).ToArray();
        double[,] gradient = new double[3, Targets];
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < Targets; j++)
            {
                gradient[i, j] = fold.Gradient[i, j];
            }
        }

        return gradient;
    }
}
