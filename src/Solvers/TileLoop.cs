namespace VemKernels.Solvers;

/// <summary>
/// Goes through all targets, a tile at a time. A tile that the device has no memory for is given up, halved and done
/// again; the tiles after it keep the smaller width, because what was missing then will be missing again. Results do
/// not depend on the width but by rounding.
/// </summary>
/// <param name="width">Targets of a tile, as planned. Loops that share an instance share what was learnt.</param>
/// <param name="backend">Keeps the memory that tiles rent, from one tile to the next.</param>
internal sealed class TileLoop(nint width, IBackend? backend = null)
{
    private nint _width = Math.Max(width, 1);

    /// <summary>Targets of a tile, as far as is known.</summary>
    public nint Width => Volatile.Read(ref _width);

    /// <summary>Runs body(first, count) on tiles that cover all targets, in ascending order.</summary>
    /// <param name="targets">How many targets.</param>
    /// <param name="body">
    /// Does a tile; may be called again for part of the same targets after it has thrown. What it rents or allocates it
    /// must give back, and what it adds to results must come after its last allocation.
    /// </param>
    /// <param name="cancellation">Checked before each tile.</param>
    /// <exception cref="InsufficientMemoryException">The device has not the memory for one target.</exception>
    public void Run(nint targets, Action<nint, nint> body, CancellationToken cancellation)
    {
        using WorkspaceScope kept = backend?.KeepWorkspace() ?? default;
        for (nint first = 0; first < targets;)
        {
            cancellation.ThrowIfCancellationRequested();
            nint count = Math.Min(Width, targets - first);
            if (Fits(body, first, count))
            {
                first += count;
                continue;
            }

            Volatile.Write(ref _width, Math.Min(Width, count / 2));
        }
    }

    private static bool Fits(Action<nint, nint> body, nint first, nint count)
    {
        try
        {
            body(first, count);
            return true;
        }
        catch (InsufficientMemoryException exception)
        {
            if (count > 1)
            {
                return false;
            }

            throw new InsufficientMemoryException(
                $"The device has not the memory for one target at a time: {exception.Message}", exception);
        }
    }
}
