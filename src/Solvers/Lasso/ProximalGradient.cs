using System.Numerics;

namespace VemKernels.Solvers.Lasso;

/// <summary>
/// (Accelerated) proximal gradient descent on a tile of targets. A target that meets the tolerance is left as it is;
/// when half of the targets at work are done, the rest move on in smaller matrices. One object serves one tile after
/// another.
/// </summary>
/// <remarks>
/// Beck and Teboulle, "A fast iterative shrinkage-thresholding algorithm", SIAM J. Imaging Sci. 2 (2009), section 4.
/// </remarks>
/// <param name="backend">Where to compute.</param>
/// <param name="groupEnds">Where each group of features ends.</param>
/// <param name="options">Iterations, tolerance, momentum.</param>
/// <param name="afterIteration">Called after each iteration.</param>
/// <param name="cancellation">Checked before each iteration.</param>
internal sealed class ProximalGradient<T>(
    IBackend backend, int[] groupEnds, ProximalGradientOptions options, Action afterIteration,
    CancellationToken cancellation) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Keeps the criterion of weights that are all zero from dividing by zero.</summary>
    private const double Tiny = 1e-16;

    private WorkingSet<T> _work = new(backend);
    private WorkingSet<T> _smaller = new(backend);

    /// <summary>Descends from the weights given.</summary>
    /// <param name="training">The samples to fit.</param>
    /// <param name="data">X'Y (features x targets) in Gram form, else Y (samples x targets).</param>
    /// <param name="thresholds">2 x targets.</param>
    /// <param name="weights">features x targets: where to start; receives the solution.</param>
    /// <param name="iterations">Receives how many iterations each target took.</param>
    /// <param name="converged">Receives whether each target met the tolerance.</param>
    public void Run(
        TrainingSet<T> training, DeviceView<T> data, MatrixView<T> thresholds, DeviceView<T> weights,
        Span<int> iterations, Span<bool> converged)
    {
        try
        {
            _work.BeginAll(training, data, thresholds, weights);
            double t = 1;
            for (int iteration = 1; iteration <= options.MaxIterations && _work.Active > 0; iteration++)
            {
                cancellation.ThrowIfCancellationRequested();
                double momentum = 0;
                if (options.Momentum)
                {
                    double previous = t;
                    t = (1 + Math.Sqrt(1 + (4 * previous * previous))) / 2;
                    momentum = (previous - 1) / t;
                }

                _work.Step(momentum, groupEnds);
                Judge(iteration, iterations, converged);
                if (_work.Active > 0 && 2 * _work.Active <= _work.Columns)
                {
                    _work.WriteTo(weights);
                    _smaller.BeginRest(_work);
                    _work.End();
                    (_work, _smaller) = (_smaller, _work);
                }

                afterIteration();
            }

            _work.WriteTo(weights);
        }
        finally
        {
            _work.End();
            _smaller.End();
        }
    }

    public void Dispose()
    {
        _work.Dispose();
        _smaller.Dispose();
    }

    private void Judge(int iteration, Span<int> iterations, Span<bool> converged)
    {
        WorkingSet<T> work = _work;
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
