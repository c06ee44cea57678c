using NUnit.Framework;

namespace VemKernels.Cuda.Tests;

/// <summary>Transfers of more than one piece of pinned memory arrive whole.</summary>
internal sealed class TransferTests
{
    /// <summary>
    /// Shapes around the pieces of 8 MB: many rows, rows longer than a piece, some pieces and a rest.
    /// </summary>
    private static readonly (int Rows, int Columns)[] Shapes = [(3000, 1001), (3, 2_500_001), (1, 5_000_000), (2097153, 2)];

    [TestCaseSource(nameof(Shapes))]
    public void Large_transfers_arrive_whole((int Rows, int Columns) shape)
    {
        using CudaBackend backend = FakeCuda.Start(FakeOrder.Lazy);
        using DeviceMatrix<float> device = backend.Allocate<float>(shape.Rows, shape.Columns + 3);
        DeviceView<float> part = device.View.SliceColumns(2, shape.Columns);
        using Matrix<float> host = new(shape.Rows, shape.Columns);
        using Matrix<float> back = new(shape.Rows, shape.Columns);
        for (int i = 0; i < shape.Rows; i++)
        {
            for (int j = 0; j < shape.Columns; j++)
            {
                host[i, j] = (((long)i * 31) + (j * 7L)) % 8191;
            }
        }

        backend.Fill(device.View, -5);
        backend.Upload(host.View, part);
        backend.Download(part, back.View);
        Assert.That(back.View.ToRows().SequenceEqual(host.View.ToRows()));
        using Matrix<float> edge = new(shape.Rows, 2);
        backend.Download(device.View.SliceColumns(0, 2), edge.View);
        Assert.That(edge.View.ToRows(), Is.All.EqualTo(-5f));
    }

    [Test]
    public void Pieces_cover_every_byte_once([Values(1, 7, 64, 65, 200)] long rowBytes, [Values(1, 2, 13)] long rows)
    {
        int[] seen = new int[rowBytes * rows];
        foreach (RowsPiece piece in RowsPiece.Cut(rowBytes, rows, pieceBytes: 64))
        {
            Assert.That(piece.RowBytes * piece.Rows, Is.InRange(1, 64));
            for (long row = 0; row < piece.Rows; row++)
            {
                for (long at = 0; at < piece.RowBytes; at++)
                {
                    seen[((piece.FirstRow + row) * rowBytes) + piece.FirstByte + at]++;
                }
            }
        }

        Assert.That(seen, Is.All.EqualTo(1));
    }
}
