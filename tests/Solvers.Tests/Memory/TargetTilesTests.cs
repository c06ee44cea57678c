using System.Collections.Concurrent;
using VemKernels.OpenCL;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers.Tests.Memory;

/// <summary>A device that transfers while it computes gets the next tile of responses before it is asked for.</summary>
internal sealed class TargetTilesTests
{
    private const int Samples = 5;
    private const int Targets = 23;
    private const int Width = 10;

    [Test]
    public void Each_tile_is_read_once_and_the_next_one_ahead([Values] bool centred)
    {
        using OpenClBackend device = Start();
        RecordedSource source = new();
        using (TargetTiles<float> tiles = new(device, source, centred, keep: false, Width, CancellationToken.None))
        {
            for (int first = 0; first < Targets; first += Width)
            {
                int count = Math.Min(Width, Targets - first);
                using TargetTiles<float>.Tile tile = tiles.Load(first, count);
                Check(device, tile.View, first, centred);
                if (first + count < Targets)
                {
                    Assert.That(source.WaitFor(first + count), Is.True, $"targets from {first + count} on come unasked");
                }
            }

            Assert.That(source.Reads, Is.EqualTo(new[] { (0, 10), (10, 10), (20, 3) }));
            Assert.That(tiles.Means is null, Is.EqualTo(!centred));
            for (int j = 0; j < Targets && centred; j++)
            {
                Assert.That(tiles.Means![0, j], Is.EqualTo(RecordedSource.Mean(j)).Within(1e-5f));
            }
        }

        Assert.That(device.BytesInUse, Is.Zero);
    }

    [Test]
    public void Tiles_may_be_asked_for_in_any_order_and_left_behind()
    {
        using OpenClBackend device = Start();
        using (TargetTiles<float> tiles = new(
            device, new RecordedSource(), centre: false, keep: false, Width, CancellationToken.None))
        {
            foreach ((int first, int count) in ((int, int)[])[(0, 10), (3, 4), (7, 2), (0, 10), (10, 10)])
            {
                using TargetTiles<float>.Tile tile = tiles.Load(first, count);
                Check(device, tile.View, first, centred: false);
            }

            using TargetTiles<float>.Tile some = tiles.Load([4, 5, 22]);
            Assert.That(some.View.Columns, Is.EqualTo((nint)3));
        }

        Assert.That(device.BytesInUse, Is.Zero);
    }

    [Test]
    public void What_a_source_throws_is_thrown_where_its_tile_is_asked_for()
    {
        using OpenClBackend device = Start();
        using TargetTiles<float> tiles = new(
            device, new RecordedSource { FailsFrom = 10 }, centre: false, keep: false, Width, CancellationToken.None);
        tiles.Load(0, 10).Dispose();
        Assert.That(() => tiles.Load(10, 10), Throws.InstanceOf<IOException>());
        tiles.Load(0, 10).Dispose();
    }

    [Test]
    public void Without_memory_for_a_second_tile_they_come_one_by_one()
    {
        int live = 0;
        long tileBytes = Samples * Width * sizeof(float);
        using IBackend backend = ScarceBackend.Device.Create(
            bytes => bytes == tileBytes && Interlocked.Increment(ref live) is 2 or 3);
        OpenClBackend device = (OpenClBackend)backend;
        RecordedSource source = new();
        using TargetTiles<float> tiles = new(device, source, centre: false, keep: false, Width, CancellationToken.None);
        tiles.Load(0, Width).Dispose();
        using TargetTiles<float>.Tile tile = tiles.Load(Width, Width);
        Check(device, tile.View, Width, centred: false);
        Assert.That(source.Reads, Is.EqualTo(new[] { (0, 10), (10, 10) }));
        Assert.That(source.WaitFor(20, milliseconds: 50), Is.False, "nothing more is read ahead");
    }

    private static OpenClBackend Start() => (OpenClBackend)ScarceBackend.Device.Create(_ => false);

    private static void Check(OpenClBackend backend, DeviceView<float> tile, int first, bool centred)
    {
        using Matrix<float> host = new(tile.Rows, tile.Columns);
        backend.Download(tile, host.View);
        for (int i = 0; i < tile.Rows; i++)
        {
            for (int j = 0; j < tile.Columns; j++)
            {
                float expected = RecordedSource.Value(i, first + j) - (centred ? RecordedSource.Mean(first + j) : 0);
                Assert.That(host[i, j], Is.EqualTo(expected).Within(1e-5f), $"({i}, {first + j})");
            }
        }
    }

    /// <summary>Numbers that tell where they come from, and a record of who was read.</summary>
    private sealed class RecordedSource : TargetSource<float>
    {
        private readonly ConcurrentQueue<(int First, int Count)> _reads = [];

        public IReadOnlyList<(int First, int Count)> Reads => [.. _reads];

        /// <summary>The first target that cannot be read.</summary>
        public int FailsFrom { get; init; } = int.MaxValue;

        public override nint Samples => TargetTilesTests.Samples;

        public override nint Targets => TargetTilesTests.Targets;

        public static float Value(int sample, int target) => (sample * sample) + (10 * target);

        public static float Mean(int target) =>
            Enumerable.Range(0, TargetTilesTests.Samples).Average(sample => Value(sample, target));

        /// <summary>Whether a tile from that target on is read, now or soon.</summary>
        public bool WaitFor(int first, int milliseconds = 30_000) =>
            SpinWait.SpinUntil(() => _reads.Any(read => read.First == first), milliseconds);

        protected override void ReadTile(nint first, MatrixView<float> tile)
        {
            if (first >= FailsFrom)
            {
                throw new IOException("The disk is gone.");
            }

            for (int i = 0; i < tile.Rows; i++)
            {
                for (int j = 0; j < tile.Columns; j++)
                {
                    tile[i, j] = Value(i, (int)first + j);
                }
            }

            _reads.Enqueue(((int)first, (int)tile.Columns));
        }
    }
}
