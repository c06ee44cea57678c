using System.Numerics;

namespace VemKernels;

/// <summary>
/// Responses (samples x targets) that are read a tile of targets at a time, so that they may be larger than memory. A
/// source reads the same values each time it is asked. It may be asked on another thread than the one that fits.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public abstract class TargetSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Responses in memory; see <see cref="MatrixTargetSource{T}"/>.</summary>
    public static implicit operator TargetSource<T>(MatrixView<T> view) => FromMatrixView(view);

    /// <summary>Responses in memory, which must stay alive as long as the source is used.</summary>
    public static implicit operator TargetSource<T>(Matrix<T> matrix) => FromMatrix(matrix);

    /// <summary>Number of rows.</summary>
    public abstract nint Samples { get; }

    /// <summary>Number of columns.</summary>
    public abstract nint Targets { get; }

    /// <summary>What the conversion does.</summary>
    public static TargetSource<T> FromMatrixView(MatrixView<T> view) => new MatrixTargetSource<T>(view);

    /// <summary>What the conversion does.</summary>
    /// <exception cref="ArgumentNullException">There is no matrix.</exception>
    public static TargetSource<T> FromMatrix(Matrix<T> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return new MatrixTargetSource<T>(matrix.View);
    }

    /// <summary>All of it, where it lies in host memory (or a mapped file) as T already; else null.</summary>
    public virtual MatrixView<T>? View => null;

    /// <summary>All of it, where it lies in the memory of this backend as T already; else null.</summary>
    public virtual DeviceView<T>? ViewOn(IBackend backend) => null;

    /// <summary>
    /// Writes the columns first to first + tile.Columns - 1 into a tile (samples x any number) of the backend.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The tile has another number of rows, or reaches beyond the last target.
    /// </exception>
    public void Load(IBackend backend, nint first, DeviceView<T> tile)
    {
        if (TryLoad(backend, first, tile))
        {
            return;
        }

        using Matrix<T> staging = Matrix<T>.Uninitialized(Samples, tile.Columns);
        Read(first, staging.View);
        backend.Upload(staging.View, tile);
    }

    /// <summary>Does what <see cref="Load"/> says where that takes no host memory.</summary>
    /// <returns>
    /// Whether it did; else the caller reads into host memory, or learns there what is wrong with the arguments.
    /// </returns>
    public bool TryLoad(IBackend backend, nint first, DeviceView<T> tile)
    {
        ArgumentNullException.ThrowIfNull(backend);
        if (ViewOn(backend) is { } all && tile.Rows == Samples && first >= 0 && tile.Columns <= Targets - first)
        {
            backend.Copy(all.SliceColumns(first, tile.Columns), tile);
            return true;
        }

        if (backend.Info.SharesHostMemory && View is { } host
            && tile.Rows == Samples && first >= 0 && tile.Columns <= Targets - first)
        {
            backend.Upload(host.SliceColumns(first, tile.Columns), tile);
            return true;
        }

        return false;
    }

    /// <summary>Writes the columns first to first + tile.Columns - 1 into the tile (samples x any number).</summary>
    /// <exception cref="ArgumentException">
    /// The tile has another number of rows, or reaches beyond the last target.
    /// </exception>
    public void Read(nint first, MatrixView<T> tile)
    {
        if (tile.Rows != Samples || first < 0 || tile.Columns > Targets - first)
        {
            throw new ArgumentException(
                $"Tile of {tile.Rows} x {tile.Columns} at target {first}; the source is {Samples} x {Targets}.",
                nameof(tile));
        }

        ReadTile(first, tile);
    }

    /// <summary>Does what <see cref="Read"/> says; the arguments are checked.</summary>
    protected abstract void ReadTile(nint first, MatrixView<T> tile);
}

/// <summary>Responses that lie in memory, or in a mapped file, as T.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="view">samples x targets; must stay valid as long as the source is used.</param>
public sealed class MatrixTargetSource<T>(MatrixView<T> view) : TargetSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override nint Samples => view.Rows;

    /// <inheritdoc/>
    public override nint Targets => view.Columns;

    /// <inheritdoc/>
    public override MatrixView<T>? View => view;

    /// <inheritdoc/>
    protected override void ReadTile(nint first, MatrixView<T> tile) =>
        view.SliceColumns(first, tile.Columns).CopyTo(tile);
}
