using System.Numerics;

namespace VemKernels.Solvers.Weighted;

/// <summary>
/// Conjugate gradient on every target at once, one weighted kernel product a step (Hestenes and Stiefel 1952; Golub and
/// Van Loan, Matrix Computations, algorithm 11.3.3). A target is done when no entry of its solution moved by more than
/// the tolerance, relative to that entry, as in the field's reference.
/// </summary>
internal sealed class ConjugateGradient<T> : IDualIteration
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly DualTile<T> _tile;
    private readonly double _tolerance;
    private readonly TileMatrix<T> _residual;
    private readonly TileMatrix<T> _direction;
    private readonly TileMatrix<T> _image;
    private readonly double[] _squaredResidual;
    private readonly double[] _curvature;
    private readonly double[] _steps;
    private readonly double[] _ratios;

    /// <param name="backend">Where to compute.</param>
    /// <param name="tile">What to solve.</param>
    /// <param name="Y">Right-hand sides, n x t.</param>
    /// <param name="warm">Whether the tile's start is not zero.</param>
    /// <param name="tolerance">Relative; 0 for none.</param>
    public ConjugateGradient(IBackend backend, DualTile<T> tile, DeviceView<T> Y, bool warm, double tolerance)
    {
        _backend = backend;
        _tile = tile;
        _tolerance = tolerance;
        _residual = tile.Track(tile.Samples);
        _direction = tile.Track(tile.Samples);
        _image = tile.Track(tile.Samples);
        int count = tile.Columns.Length;
        (_squaredResidual, _curvature, _steps, _ratios) =
            (new double[count], new double[count], new double[count], new double[count]);
        backend.Copy(Y, _residual.View);
        if (warm)
        {
            tile.System(tile.X.View, _image.View);
            backend.AddScaled(-1, _image.View, _residual.View);
        }

        backend.Copy(_residual.View, _direction.View);
        tile.Dots(_residual.View, _residual.View, _squaredResidual);
    }

    public void Step()
    {
        _tile.System(_direction.View, _image.View);
        _tile.Dots(_direction.View, _image.View, _curvature);
        foreach (int j in _tile.Columns)
        {
            _steps[j] = _tile.IsFrozen(j) || _curvature[j] == 0 ? 0 : _squaredResidual[j] / _curvature[j];
        }

        using (DeviceMatrix<T> forward = _tile.Row(j => _steps[j]))
        using (DeviceMatrix<T> backward = _tile.Row(j => -_steps[j]))
        {
            _backend.CombineColumns(_direction.View, forward.View, null, _tile.X.View);
            _backend.CombineColumns(_image.View, backward.View, null, _residual.View);
        }

        if (_tolerance > 0)
        {
            _tile.MaxRatios(_direction.View, _ratios);
        }

        double[] previous = [.. _squaredResidual];
        _tile.Dots(_residual.View, _residual.View, _squaredResidual);
        using (DeviceMatrix<T> conjugation = _tile.Row(j => previous[j] == 0 ? 0 : _squaredResidual[j] / previous[j]))
        {
            _backend.CombineColumns(_residual.View, null, conjugation.View, _direction.View);
        }

        _tile.EndStep(j => _tolerance > 0 && (_steps[j] == 0 || Math.Abs(_steps[j]) * _ratios[j] < _tolerance));
    }
}
