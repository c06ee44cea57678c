using System.Numerics;

namespace VemKernels.Solvers.Weighted;

/// <summary>
/// x = f sum_i (I - f (K + alpha I))^i y for i = 1 to the number of terms, as in the field's reference (whose sum
/// leaves i = 0 out; Lorraine, Vicol and Duvenaud 2020, section 3).
/// </summary>
internal sealed class NeumannSeries<T> : IDualIteration
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly DualTile<T> _tile;
    private readonly IReadOnlyList<double> _factors;
    private readonly TileMatrix<T> _term;
    private readonly TileMatrix<T> _image;

    /// <param name="backend">Where to compute.</param>
    /// <param name="tile">What to solve; starts at zero.</param>
    /// <param name="Y">Right-hand sides, n x t.</param>
    /// <param name="factors">f, one for all targets or one a target.</param>
    public NeumannSeries(IBackend backend, DualTile<T> tile, DeviceView<T> Y, IReadOnlyList<double> factors)
    {
        _backend = backend;
        _tile = tile;
        _factors = factors;
        _term = tile.Track(tile.Samples);
        _image = tile.Track(tile.Samples);
        backend.Copy(Y, _term.View);
    }

    public void Step()
    {
        _tile.Kernel(_term.View, _image.View);
        using DeviceMatrix<T> ofImage = _tile.Row(j => -Factor(j));
        using DeviceMatrix<T> ofTerm = _tile.Row(j => 1 - (Factor(j) * _tile.Alpha(j)));
        using DeviceMatrix<T> factor = _tile.Row(Factor);
        _backend.CombineColumns(_image.View, ofImage.View, ofTerm.View, _term.View);
        _backend.CombineColumns(_term.View, factor.View, null, _tile.X.View);
        _tile.EndStep(_ => false);
    }

    private double Factor(int column) => _tile.PerTarget(_factors, column);
}
