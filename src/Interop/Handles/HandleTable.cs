namespace VemKernels.Interop;

/// <summary>
/// The objects that C programs hold. A handle is a kind, a generation and an index into this table, so that one that
/// was freed, made up or is of another kind is known for what it is, and nothing is ever dereferenced.
/// </summary>
/// <remarks>
/// Bits 0 to 23: index plus 1, so that no handle is 0. Bits 24 to 31: kind. Bits 32 to 63: generation of the slot,
/// which grows each time the slot is freed. A call holds the objects that it uses: one freed meanwhile is disposed
/// when the last call ends.
/// </remarks>
internal sealed class HandleTable
{
    private const int IndexBits = 24;
    private const int KindBits = 8;
    private const ulong IndexMask = (1UL << IndexBits) - 1;
    private const ulong KindMask = (1UL << KindBits) - 1;

    private readonly Lock _lock = new();
    private readonly List<Slot> _slots = [];
    private readonly Stack<int> _free = [];

    /// <summary>The table of this process.</summary>
    public static HandleTable Shared { get; } = new();

    /// <summary>How many objects are held, those that are freed but still in use included.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _slots.Count - _free.Count;
            }
        }
    }

    /// <summary>Puts an object into the table.</summary>
    /// <returns>Its handle; never 0.</returns>
    /// <exception cref="InvalidOperationException">More than sixteen million objects.</exception>
    public ulong Add(HandleKind kind, IDisposable value)
    {
        lock (_lock)
        {
            if (!_free.TryPop(out int index))
            {
                index = _slots.Count;
                if ((ulong)index >= IndexMask)
                {
                    throw new InvalidOperationException($"{index} handles are open; there can be no more. Free some.");
                }

                _slots.Add(new Slot());
            }

            Slot slot = _slots[index];
            slot.Kind = kind;
            slot.Value = value;
            slot.Uses = 1;
            slot.IsFreed = false;
            return ((ulong)slot.Generation << (IndexBits + KindBits)) | ((ulong)(uint)kind << IndexBits)
                | (uint)(index + 1);
        }
    }

    /// <summary>The object of a handle, kept alive until what is returned is disposed.</summary>
    /// <param name="handle">The handle.</param>
    /// <param name="kind">What it must stand for.</param>
    /// <param name="name">The argument's name, for the error.</param>
    /// <exception cref="InvalidHandleException">It stands for nothing, or for something else.</exception>
    public Held Hold(ulong handle, HandleKind kind, string name)
    {
        lock (_lock)
        {
            Slot slot = Find(handle, kind, name);
            slot.Uses++;
            return new Held(this, (int)(handle & IndexMask) - 1, slot.Value!);
        }
    }

    /// <summary>Frees an object: now, or when the last call that uses it ends.</summary>
    /// <exception cref="InvalidHandleException">It stands for nothing, or for something else.</exception>
    public void Free(ulong handle, HandleKind kind, string name)
    {
        lock (_lock)
        {
            Slot slot = Find(handle, kind, name);
            slot.IsFreed = true;
        }

        Release((int)(handle & IndexMask) - 1);
    }

    private void Release(int index)
    {
        IDisposable? last = null;
        lock (_lock)
        {
            Slot slot = _slots[index];
            if (--slot.Uses == 0)
            {
                last = slot.Value;
                slot.Value = null;
                slot.Kind = HandleKind.None;
                unchecked
                {
                    slot.Generation++;
                }

                _free.Push(index);
            }
        }

        last?.Dispose();
    }

    private Slot Find(ulong handle, HandleKind kind, string name)
    {
        if (handle == 0)
        {
            throw new InvalidHandleException($"{name} is 0; expected a handle of kind {kind}.");
        }

        ulong index = handle & IndexMask;
        Slot? slot = index >= 1 && index <= (ulong)_slots.Count ? _slots[(int)index - 1] : null;
        if (slot is null || slot.Generation != (uint)(handle >> (IndexBits + KindBits)) || slot.IsFreed
            || slot.Value is null)
        {
            throw new InvalidHandleException(
                $"{name} is 0x{handle:x}, which stands for nothing: freed, or never made.");
        }

        HandleKind found = (HandleKind)((handle >> IndexBits) & KindMask);
        return found == kind && slot.Kind == kind
            ? slot
            : throw new InvalidHandleException($"{name} is 0x{handle:x}, of kind {slot.Kind}; expected {kind}.");
    }

    /// <summary>An object in use.</summary>
    public sealed class Held(HandleTable table, int index, IDisposable value) : IDisposable
    {
        /// <summary>The object.</summary>
        public IDisposable Value => value;

        /// <summary>Ends the use.</summary>
        public void Dispose() => table.Release(index);
    }

    private sealed class Slot
    {
        public HandleKind Kind { get; set; }

        public IDisposable? Value { get; set; }

        public uint Generation { get; set; }

        public int Uses { get; set; }

        public bool IsFreed { get; set; }
    }
}
