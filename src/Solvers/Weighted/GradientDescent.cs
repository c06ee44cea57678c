using System.Numerics;

namespace VemKernels.Solvers.Weighted;

/// <summary>
/// Gradient descent x -= step ((K + alpha I) x - y), or K times that, with a fixed step a target: the inverse Lipschitz
/// constant of the gradient, bounded by the kernels' own largest eigenvalues.
/// </summary>
internal sealed class GradientDescent<T> : IDualIteration
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly DualTile<T> _tile;
    private readonly double _tolerance;
    private readonly TileMatrix<T> _targets;
    private readonly TileMatrix<T> _gradient;
    private readonly TileMatrix<T>? _product;
    private readonly double[] _steps;
    private readonly double[] _ratios;

    /// <param name="backend">Where to compute.</param>
    /// <param name="tile">What to solve.</param>
    /// <param name="Y">Right-hand sides, n x t.</param>
    /// <param name="options">Step sizes, and whether the gradient has the factor K.</param>
    /// <param name="lipschitz">
    /// Largest eigenvalue for each column of the tile, of its kernel; null where step sizes are given.
    /// </param>
    /// <param name="tolerance">Relative; 0 for none.</param>
    public GradientDescent(
        IBackend backend, DualTile<T> tile, DeviceView<T> Y, DualSolverOptions options, Func<int, double>? lipschitz,
        double tolerance)
    {
        _backend = backend;
        _tile = tile;
        _tolerance = tolerance;
        _targets = tile.Track(tile.Samples);
        _gradient = tile.Track(tile.Samples);
        _product = options.DoubleK ? tile.Track(tile.Samples) : null;
        _ratios = new double[tile.Columns.Length];
        _steps = new double[tile.Columns.Length];
        foreach (int j in tile.Columns)
        {
            if (lipschitz is null)
            {
                _steps[j] = tile.PerTarget(options.StepSizes!, j);
                continue;
            }

            double largest = lipschitz(j);
            double constant = (largest + tile.Alpha(j)) * (options.DoubleK ? largest : 1);
            _steps[j] = constant > 0 ? 1 / constant : 0; // a kernel of zeros has no gradient to follow
        }

        backend.Copy(Y, _targets.View);
    }

    public void Step()
    {
        _tile.System(_tile.X.View, _gradient.View);
        _backend.AddScaled(-1, _targets.View, _gradient.View);
        DeviceView<T> gradient = _gradient.View;
        if (_product is not null)
        {
            _tile.Kernel(_gradient.View, _product.View);
            gradient = _product.View;
        }

        using (DeviceMatrix<T> steps = _tile.Row(j => _tile.IsFrozen(j) ? 0 : -_steps[j]))
        {
            _backend.CombineColumns(gradient, steps.View, null, _tile.X.View);
        }

        if (_tolerance > 0)
        {
            _tile.MaxRatios(gradient, _ratios);
        }

        _tile.EndStep(j => _tolerance > 0 && _steps[j] * _ratios[j] < _tolerance);
    }
}
