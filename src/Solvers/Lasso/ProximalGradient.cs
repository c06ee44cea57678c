using System.Numerics;

namespace VemKernels.Solvers.Lasso;

/// <summary>
/// (Accelerated) proximal gradient descent on a tile of targets. A target that meets the tolerance is left as it is;
/// when half of the targets at work are done, the rest move on in smaller matrices.
/// </summary>
/// <remarks>
/// Beck and Teboulle, "A fast iterative shrinkage-thresholding algorithm", SIAM J. Imaging Sci. 2 (2009), section 4.
/// </remarks>
internal sealed class ProximalGradient<T>(
    IBackend backend, TrainingSet<T> training, int[] groupEnds, ProximalGradientOptions options)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Keeps the criterion of weights that are all zero from dividing by zero.</summary>
    private const double Tiny = 1e-16;

    /// <summary>Descends from the weights given.</summary>
    /// <param name="data">X'Y (features x targets) in Gram form, else Y (samples x targets).</param>
    /// <param name="thresholds">2 x targets.</param>
    /// <param name="weights">features x targets: where to start; receives the solution.</param>
    /// <param name="iterations">Receives how many iterations each target took.</param>
    /// <param name="converged">Receives whether each target met the tolerance.</param>
    /// <param name="afterIteration">Called after each iteration.</param>
    /// <param name="cancellation">Checked before each iteration.</param>
    public void Run(
        DeviceView<T> data, MatrixView<T> thresholds, DeviceView<T> weights, Span<int> iterations, Span<bool> converged,
        Action afterIteration, CancellationToken cancellation)
    {
        WorkingSet<T> work = WorkingSet<T>.All(backend, training, data, thresholds, weights);
        try
        {
            double t = 1;
            for (int iteration = 1; iteration <= options.MaxIterations && work.Active > 0; iteration++)
            {
                cancellation.ThrowIfCancellationRequested();
                double momentum = 0;
                if (options.Momentum)
                {
                    double previous = t;
                    t = (1 + Math.Sqrt(1 + (4 * previous * previous))) / 2;
                    momentum = (previous - 1) / t;
                }

                work.Step(momentum, groupEnds);
                Judge(work, iteration, iterations, converged);
                if (work.Active > 0 && 2 * work.Active <= work.Columns)
                {
                    WorkingSet<T> rest = work.Rest(weights);
                    work.Dispose();
                    work = rest;
                }

                afterIteration();
            }

            work.WriteTo(weights);
        }
        finally
        {
            work.Dispose();
        }
    }

    private void Judge(WorkingSet<T> work, int iteration, Span<int> iterations, Span<bool> converged)
    {
        MatrixView<double> changes = work.Changes();
        for (int k = 0; k < work.Columns; k++)
        {
            if (!work.IsActive(k))
            {
                continue;
            }

            int target = work.Target(k);
            iterations[target] = iteration;
            converged[target] = Math.Sqrt(changes[0, k]) <= options.Tolerance * (Math.Sqrt(changes[1, k]) + Tiny);
            if (converged[target])
            {
                work.Retire(k);
            }
        }

        work.UploadActive();
    }
}
