using System.Buffers;

namespace VemKernels.Interop;

/// <summary>Memory of the caller's as what .NET's functions take, without a copy. The caller keeps it alive.</summary>
/// <typeparam name="TElement">Type of an element.</typeparam>
/// <param name="address">The first element.</param>
/// <param name="count">How many there are.</param>
internal sealed unsafe class CallerMemory<TElement>(TElement* address, int count) : MemoryManager<TElement>
    where TElement : unmanaged
{
    /// <inheritdoc/>
    public override Span<TElement> GetSpan() => new(address, count);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(address + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
        // It never moves.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // It is the caller's.
    }
}
