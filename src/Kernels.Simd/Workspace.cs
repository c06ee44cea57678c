using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Lends device memory, and while it keeps, lends what came back again: the tiles of a loop ask for the same matrices,
/// one tile after another. A matrix serves requests of at least half its size, so that no more than twice the memory
/// that was lent at once is ever kept for requests of one size.
/// </summary>
internal sealed class Workspace<T>(SimdBackend backend) : IDeviceLender<T>, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Under this many elements any matrix will do: 64 KB of doubles.</summary>
    private const nint Small = 1 << 13;

    private readonly Lock _gate = new();
    private readonly List<DeviceMatrix<T>> _idle = [];
    private bool _keeps;

    /// <summary>Matrices made so far.</summary>
    public long Made { get; private set; }

    public DeviceLease<T> Rent(nint rows, nint columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        nint elements = checked(rows * columns);
        lock (_gate)
        {
            int best = Best(elements);
            if (best >= 0)
            {
                DeviceMatrix<T> kept = _idle[best];
                _idle.RemoveAt(best);
                return new DeviceLease<T>(kept, rows, columns, this);
            }

            Made++;
        }

        return new DeviceLease<T>(new SimdMatrix<T>(backend, 1, elements), rows, columns, this);
    }

    /// <inheritdoc/>
    public void TakeBack(DeviceMatrix<T> memory)
    {
        lock (_gate)
        {
            if (_keeps)
            {
                _idle.Add(memory);
                return;
            }
        }

        memory.Dispose();
    }

    /// <summary>Whether what comes back is kept; what is there is freed where it is not.</summary>
    public void Keep(bool keeps)
    {
        lock (_gate)
        {
            _keeps = keeps;
            if (!keeps)
            {
                Free();
            }
        }
    }

    public void Dispose() => Keep(false);

    /// <summary>The smallest that is large enough and not much too large; -1 for none.</summary>
    private int Best(nint elements)
    {
        int best = -1;
        nint most = Math.Max(Small, 2 * elements);
        for (int i = 0; i < _idle.Count; i++)
        {
            nint size = _idle[i].Columns;
            if (size >= elements && size <= most && (best < 0 || size < _idle[best].Columns))
            {
                best = i;
            }
        }

        return best;
    }

    private void Free()
    {
        foreach (DeviceMatrix<T> matrix in _idle)
        {
            matrix.Dispose();
        }

        _idle.Clear();
    }
}
