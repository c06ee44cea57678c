using System.Numerics;

namespace VemKernels.Solvers.Weighted;

/// <summary>
/// x = f sum_i (I - f (K + alpha I))^i y for i = 1 to the number of terms, as in the field's reference (whose sum
/// leaves i = 0 out; Lorraine, Vicol and Duvenaud 2020, section 3).
/// </summary>
internal sealed class NeumannSeries<T> : IDualIteration<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly DualTile<T> _tile;
    private readonly IReadOnlyList<double> _factors;
    private readonly TileMatrix<T> _term;
    private readonly TileMatrix<T> _image;

    /// <param name="backend">Where to compute.</param>
    /// <param name="tile">What to solve; starts at zero.</param>
    /// <param name="factors">f, one for all targets or one a target.</param>
    public NeumannSeries(IBackend backend, DualTile<T> tile, IReadOnlyList<double> factors)
    {
        _backend = backend;
        _tile = tile;
        _factors = factors;
        _term = tile.Track(tile.Samples);
        _image = tile.Track(tile.Samples);
    }

    public void Begin(DeviceView<T> Y) => _backend.Copy(Y, _term.View);

    public void Step()
    {
        _tile.Kernel(_term.View, _image.View);
        using DeviceLease<T> ofImage = _tile.Row(this, static (self, j) => -self.Factor(j));
        using DeviceLease<T> ofTerm = _tile.Row(this, static (self, j) => 1 - (self.Factor(j) * self._tile.Alpha(j)));
        using DeviceLease<T> factor = _tile.Row(this, static (self, j) => self.Factor(j));
        _backend.CombineColumns(_image.View, ofImage.View, ofTerm.View, _term.View);
        _backend.CombineColumns(_term.View, factor.View, null, _tile.X.View);
        _tile.EndStep(this, static (_, _) => false);
    }

    private double Factor(int column) => _tile.PerTarget(_factors, column);
}
