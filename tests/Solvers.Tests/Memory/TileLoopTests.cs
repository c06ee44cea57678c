namespace VemKernels.Solvers.Tests.Memory;

/// <summary>Tiles of targets: whole, halved where memory is short, and not for ever.</summary>
internal sealed class TileLoopTests
{
    [Test]
    public void Tiles_cover_all_targets_in_order() =>
        Assert.That(Tiles(new TileLoop(4), targets: 10, fits: 4), Is.EqualTo(new[] { (0, 4), (4, 4), (8, 2) }));

    [Test]
    public void A_tile_that_does_not_fit_is_halved_and_the_next_ones_are_no_wider()
    {
        TileLoop loop = new(16);
        Assert.That(
            Tiles(loop, targets: 20, fits: 5), Is.EqualTo(new[] { (0, 4), (4, 4), (8, 4), (12, 4), (16, 4) }));
        Assert.That((int)loop.Width, Is.EqualTo(4));
        Assert.That(Tiles(loop, targets: 6, fits: 5), Is.EqualTo(new[] { (0, 4), (4, 2) }), "learnt once");
    }

    [Test]
    public void A_tile_that_is_narrower_than_planned_is_halved_from_its_own_width() =>
        Assert.That(Tiles(new TileLoop(1000), targets: 6, fits: 3), Is.EqualTo(new[] { (0, 3), (3, 3) }));

    [Test]
    public void One_target_that_does_not_fit_ends_the_loop()
    {
        TileLoop loop = new(16);
        int tries = 0;
        InsufficientMemoryException error = Assert.Throws<InsufficientMemoryException>(
            () => loop.Run(
                20, (_, _) => throw new InsufficientMemoryException($"try {++tries}"), CancellationToken.None))!;
        Assert.That(error.Message, Does.Contain("one target at a time").And.Contain("try 5"));
        Assert.That(error.InnerException, Is.Not.Null);
        Assert.That(tries, Is.EqualTo(5), "16, 8, 4, 2, 1");
    }

    [Test]
    public void Other_failures_and_cancellation_end_the_loop_at_once()
    {
        int tries = 0;
        Assert.That(
            () => new TileLoop(16).Run(
                20, (_, _) => throw new ArithmeticException($"{++tries}"), CancellationToken.None),
            Throws.InstanceOf<ArithmeticException>().With.Message.EqualTo("1"));
        using CancellationTokenSource source = new();
        Assert.That(
            () => new TileLoop(2).Run(
                20,
                (first, _) =>
                {
                    tries = (int)first;
                    source.Cancel();
                },
                source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(tries, Is.Zero, "the second tile is not begun");
    }

    private static (int First, int Count)[] Tiles(TileLoop loop, int targets, int fits)
    {
        List<(int, int)> done = [];
        loop.Run(
            targets,
            (first, count) =>
            {
                if (count > fits)
                {
                    throw new InsufficientMemoryException();
                }

                done.Add(((int)first, (int)count));
            },
            CancellationToken.None);
        return [.. done];
    }
}
