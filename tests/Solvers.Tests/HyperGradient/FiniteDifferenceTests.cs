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
        using DescentTile<double> tile = new(device, 0, responses.View, deltas, starts);
        foreach (List<DeviceMatrix<double>> vectors in (List<DeviceMatrix<double>>[])[tile.Dual, tile.Solutions])
        {
            DeviceMatrix<double> zeros = device.Allocate<double>(system.TrainCount, Targets);
            device.Fill(zeros.View, 0);
            vectors.Add(zeros);
        }

        InnerProblem<double> inner = new(device, options, default);
        TargetClusters clusters = new(deltas, system.LargestEigenvalues(1), Samples, most: 2);
        using CentreKernels<double> centres = new(device, kernels.View, clusters.Centres);
        using Preconditioner<double> preconditioner = new(device, clusters, centres, system, default);
        using DeviceMatrix<double> expDeltas = tile.ExpDeltas();
        using DeviceMatrix<double> Y = system.TrainTargets(tile.Y);
        inner.Solve(system, expDeltas.View, Y.View, tile.Dual[0].View, preconditioner, Tight);
        FoldGradient result = FoldGradient.Compute(
            device, inner, system, options, tile, 0, expDeltas.View, preconditioner, Tight);
        scores = result.Scores;
        return result.Gradient;
    }
}
