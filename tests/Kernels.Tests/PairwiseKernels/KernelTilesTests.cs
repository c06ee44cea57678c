using NUnit.Framework;
using VemKernels.Simd;

namespace VemKernels.Tests.PairwiseKernels;

/// <summary>Each element of a kernel belongs to one tile, whatever the sizes.</summary>
internal sealed class KernelTilesTests
{
    private const byte Mirrored = 1;

    [Test]
    public void Tiles_cover_a_kernel_once(
        [Values(1, 1023, 2049, 4100)] int rows, [Values(1, 1025, 4097)] int columns, [Values(1, 3000, 100_000)] int features)
    {
        using SimdContext context = new(new WorkerPool(2), new ScratchPool());
        using Matrix<byte> K = new(rows, columns);
        KernelTiles.For(context, K.View, features, symmetric: false, tile => Add(tile.Of(K.View)), CancellationToken.None);
        Assert.That(Elements(K), Is.All.EqualTo(1));
    }

    [Test]
    public void Tiles_of_a_symmetric_kernel_cover_what_is_not_mirrored_once(
        [Values(1, 1024, 2049, 6200)] int order, [Values(1, 3000, 100_000)] int features)
    {
        using SimdContext context = new(new WorkerPool(2), new ScratchPool());
        using Matrix<byte> K = new(order, order);
        KernelTiles.For(
            context, K.View, features, symmetric: true,
            tile => KernelTiles.Each(
                tile,
                part =>
                {
                    Assert.That(part.OnDiagonal, Is.EqualTo(tile.OnDiagonal && part.Row == part.Column));
                    Add(part.Of(tile.Of(K.View)));
                },
                CancellationToken.None),
            CancellationToken.None);
        Assert.That(Elements(K), Is.All.EqualTo(Mirrored));
    }

    private static void Add(MatrixView<byte> tile)
    {
        for (nint i = 0; i < tile.Rows; i++)
        {
            foreach (ref byte element in tile.RowSpan(i))
            {
                element++;
            }
        }
    }

    private static byte[] Elements(Matrix<byte> K)
    {
        byte[] all = new byte[K.Rows * K.Columns];
        for (nint i = 0; i < K.Rows; i++)
        {
            K.View.RowSpan(i).CopyTo(all.AsSpan(checked((int)(i * K.Columns))));
        }

        return [.. all.Distinct()];
    }
}
