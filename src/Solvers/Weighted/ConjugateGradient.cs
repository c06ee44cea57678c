using System.Numerics;

namespace VemKernels.Solvers.Weighted;

/// <summary>
/// Conjugate gradient on every target at once, one weighted kernel product a step (Hestenes and Stiefel 1952; Golub and
/// Van Loan, Matrix Computations, algorithm 11.3.3). A target is done when no entry of its solution moved by more than
/// the tolerance, relative to that entry, as in the field's reference.
/// </summary>
internal sealed class ConjugateGradient<T> : IDualIteration<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly DualTile<T> _tile;
    private readonly double _tolerance;
    private readonly TileMatrix<T> _residual;
    private readonly TileMatrix<T> _direction;
    private readonly TileMatrix<T> _image;
    private readonly bool _warm;
    private double[] _squaredResidual = [];
    private double[] _previous = [];
    private double[] _curvature = [];
    private double[] _steps = [];
    private double[] _ratios = [];

    /// <param name="backend">Where to compute.</param>
    /// <param name="tile">What to solve.</param>
    /// <param name="warm">Whether tiles start elsewhere than at zero.</param>
    /// <param name="tolerance">Relative; 0 for none.</param>
    public ConjugateGradient(IBackend backend, DualTile<T> tile, bool warm, double tolerance)
    {
        _backend = backend;
        _tile = tile;
        _warm = warm;
        _tolerance = tolerance;
        _residual = tile.Track(tile.Samples);
        _direction = tile.Track(tile.Samples);
        _image = tile.Track(tile.Samples);
    }

    public void Begin(DeviceView<T> Y)
    {
        int count = _tile.Count;
        if (_steps.Length < count)
        {
            (_squaredResidual, _previous, _curvature, _steps, _ratios) =
                (new double[count], new double[count], new double[count], new double[count], new double[count]);
        }

        Array.Clear(_ratios);
        _backend.Copy(Y, _residual.View);
        if (_warm)
        {
            _tile.System(_tile.X.View, _image.View);
            _backend.AddScaled(-1, _image.View, _residual.View);
        }

        _backend.Copy(_residual.View, _direction.View);
        _tile.Dots(_residual.View, _residual.View, _squaredResidual);
    }

    public void Step()
    {
        _tile.System(_direction.View, _image.View);
        _tile.Dots(_direction.View, _image.View, _curvature);
        foreach (int j in _tile.Columns)
        {
            _steps[j] = _tile.IsFrozen(j) || _curvature[j] == 0 ? 0 : _squaredResidual[j] / _curvature[j];
        }

        using (DeviceLease<T> forward = _tile.Row(_steps, static (steps, j) => steps[j]))
        using (DeviceLease<T> backward = _tile.Row(_steps, static (steps, j) => -steps[j]))
        {
            _backend.CombineColumns(_direction.View, forward.View, null, _tile.X.View);
            _backend.CombineColumns(_image.View, backward.View, null, _residual.View);
        }

        if (_tolerance > 0)
        {
            _tile.MaxRatios(_direction.View, _ratios);
        }

        _squaredResidual.CopyTo(_previous, 0);
        _tile.Dots(_residual.View, _residual.View, _squaredResidual);
        using (DeviceLease<T> conjugation = _tile.Row(this, static (self, j) => self.Conjugation(j)))
        {
            _backend.CombineColumns(_residual.View, null, conjugation.View, _direction.View);
        }

        _tile.EndStep(this, static (self, j) => self.IsDone(j));
    }

    private double Conjugation(int j) => _previous[j] == 0 ? 0 : _squaredResidual[j] / _previous[j];

    private bool IsDone(int j) =>
        _tolerance > 0 && (_steps[j] == 0 || Math.Abs(_steps[j]) * _ratios[j] < _tolerance);
}
