using System.Numerics;

namespace VemKernels.Solvers.Weighted;

/// <summary>
/// Gradient descent x -= step ((K + alpha I) x - y), or K times that, with a fixed step a target: the inverse Lipschitz
/// constant of the gradient, bounded by the kernels' own largest eigenvalues.
/// </summary>
internal sealed class GradientDescent<T> : IDualIteration<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly DualTile<T> _tile;
    private readonly double _tolerance;
    private readonly TileMatrix<T> _targets;
    private readonly TileMatrix<T> _gradient;
    private readonly TileMatrix<T>? _product;
    private readonly DualSolverOptions _options;
    private readonly Func<int, double>? _lipschitz;
    private double[] _steps = [];
    private double[] _ratios = [];

    /// <param name="backend">Where to compute.</param>
    /// <param name="tile">What to solve.</param>
    /// <param name="options">Step sizes, and whether the gradient has the factor K.</param>
    /// <param name="lipschitz">
    /// Largest eigenvalue for each column of the tile, of its kernel; null where step sizes are given.
    /// </param>
    /// <param name="tolerance">Relative; 0 for none.</param>
    public GradientDescent(
        IBackend backend, DualTile<T> tile, DualSolverOptions options, Func<int, double>? lipschitz, double tolerance)
    {
        _backend = backend;
        _tile = tile;
        _options = options;
        _lipschitz = lipschitz;
        _tolerance = tolerance;
        _targets = tile.Track(tile.Samples);
        _gradient = tile.Track(tile.Samples);
        _product = options.DoubleK ? tile.Track(tile.Samples) : null;
    }

    public void Begin(DeviceView<T> Y)
    {
        if (_steps.Length < _tile.Count)
        {
            (_steps, _ratios) = (new double[_tile.Count], new double[_tile.Count]);
        }

        Array.Clear(_ratios);
        foreach (int j in _tile.Columns)
        {
            if (_lipschitz is null)
            {
                _steps[j] = _tile.PerTarget(_options.StepSizes!, j);
                continue;
            }

            double largest = _lipschitz(j);
            double constant = (largest + _tile.Alpha(j)) * (_options.DoubleK ? largest : 1);
            _steps[j] = constant > 0 ? 1 / constant : 0; // a kernel of zeros has no gradient to follow
        }

        _backend.Copy(Y, _targets.View);
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

        using (DeviceLease<T> steps = _tile.Row(this, static (self, j) => self._tile.IsFrozen(j) ? 0 : -self._steps[j]))
        {
            _backend.CombineColumns(gradient, steps.View, null, _tile.X.View);
        }

        if (_tolerance > 0)
        {
            _tile.MaxRatios(gradient, _ratios);
        }

        _tile.EndStep(
            this, static (self, j) => self._tolerance > 0 && self._steps[j] * self._ratios[j] < self._tolerance);
    }
}
