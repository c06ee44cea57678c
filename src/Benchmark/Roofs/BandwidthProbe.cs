using System.Diagnostics;
using VemKernels.Simd;

namespace VemKernels.Benchmark.Roofs;

/// <summary>
/// The bandwidth of a device's memory: the best of B = A and B += alpha A by its own operations, on arrays that no
/// cache holds; where its memory is the host's, also that of <see cref="MemoryBandwidth"/> on as many threads.
/// </summary>
internal sealed class BandwidthProbe : IDisposable
{
    private const int FloatsPerDouble = sizeof(double) / sizeof(float);
    private const int RowLength = 1 << 12;

    /// <summary>Rows that come to the host at a time to be checked: 4 MB.</summary>
    private const int RowsOfCheck = 1 << 8;

    private const int CopyArrays = 2;
    private const int AddArrays = 3;
    private const double InitialA = 0.5;
    private const double InitialB = 2;

    /// <summary>Sums of so few halves are exact in float.</summary>
    private const double Step = 1;

    private readonly IBackend _backend;
    private readonly DeviceMatrix<float> _a;
    private readonly DeviceMatrix<float> _b;
    private readonly WorkerPool? _pool;
    private readonly MemoryBandwidth? _host;
    private readonly nint _rows;

    /// <summary>Allocates two arrays on the device, and three on the host if that is the same memory.</summary>
    /// <param name="backend">What to measure.</param>
    /// <param name="elements">Doubles in each array, at least <see cref="RowLength"/>.</param>
    public BandwidthProbe(IBackend backend, nint elements)
    {
        _backend = backend;
        _rows = Math.Max(1, elements * FloatsPerDouble / RowLength);
        _a = backend.Allocate<float>(_rows, RowLength);
        _b = backend.Allocate<float>(_rows, RowLength);
        backend.Fill(_a.View, InitialA);
        backend.Fill(_b.View, InitialB);
        if (backend.Info.SharesHostMemory)
        {
            _pool = new WorkerPool(backend.Info.Threads);
            _host = new MemoryBandwidth(InstructionSets.Best, _pool, elements);
        }
    }

    /// <summary>Bytes a second, once measured.</summary>
    public double Measure()
    {
        double copy = Rate(CopyArrays, () => _backend.Copy(_a.View, _b.View));
        double add = Rate(AddArrays, () => _backend.AddScaled(Step, _a.View, _b.View));
        return Math.Max(Math.Max(copy, add), _host is null ? 0 : Math.Max(_host.Read(), _host.Triad()));
    }

    /// <summary>Does the two operations once more and compares every element with what it must be, exactly.</summary>
    /// <returns>The greatest difference.</returns>
    public double Error()
    {
        _backend.Copy(_a.View, _b.View);
        _backend.AddScaled(Step, _a.View, _b.View);
        const float Expected = (float)(InitialA + (Step * InitialA));
        using Matrix<float> rows = Matrix<float>.Uninitialized(Math.Min(_rows, RowsOfCheck), RowLength);
        double worst = 0;
        for (nint first = 0; first < _rows; first += rows.Rows)
        {
            MatrixView<float> block = rows.View.SliceRows(0, Math.Min(rows.Rows, _rows - first));
            _backend.Download(_b.View.SliceRows(first, block.Rows), block);
            for (nint row = 0; row < block.Rows; row++)
            {
                ReadOnlySpan<float> values = block.RowSpan(row);
                if (values.ContainsAnyExcept(Expected))
                {
                    foreach (float value in values)
                    {
                        worst = Math.Max(worst, Math.Abs(value - Expected));
                    }
                }
            }
        }

        return worst;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _host?.Dispose();
        _pool?.Dispose();
        _b.Dispose();
        _a.Dispose();
    }

    private double Rate(int arrays, Action work)
    {
        Completion.Await(_backend, _b.View);
        long start = Stopwatch.GetTimestamp();
        work();
        Completion.Await(_backend, _b.View);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (double)arrays * _rows * RowLength * sizeof(float) / seconds;
    }
}
