using System.Numerics;
using System.Runtime.InteropServices;

namespace VemKernels.Simd;

/// <summary>
/// Aligned native buffers for packing and other passing needs, kept for the next call: one pool a backend, so that a
/// steady state allocates nothing.
/// </summary>
internal sealed unsafe class ScratchPool : IDisposable
{
    /// <summary>
    /// Buffers over this size are freed at once: they are a solver's to budget, not the pool's to keep.
    /// </summary>
    private const nuint LargestKept = 32 << 20;

    private readonly object _gate = new();
    private readonly Dictionary<nuint, Stack<nint>> _free = [];
    private bool _disposed;

    /// <summary>A buffer of at least count elements with undefined contents; dispose it to give it back.</summary>
    public Scratch<T> Rent<T>(nint count)
        where T : unmanaged
    {
        nuint bytes = BitOperations.RoundUpToPowerOf2(
            Math.Max((nuint)count * (nuint)sizeof(T), AlignedMemory.Alignment));
        if (bytes > LargestKept)
        {
            bytes = (nuint)count * (nuint)sizeof(T);
        }

        lock (_gate)
        {
            if (_free.TryGetValue(bytes, out Stack<nint>? stack) && stack.TryPop(out nint pointer))
            {
                return new Scratch<T>(this, (T*)pointer, count, bytes);
            }
        }

        return new Scratch<T>(this, (T*)AlignedMemory.Allocate(bytes), count, bytes);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (Stack<nint> stack in _free.Values)
            {
                foreach (nint pointer in stack)
                {
                    AlignedMemory.Free((void*)pointer);
                }
            }

            _free.Clear();
        }
    }

    internal void Return(void* pointer, nuint bytes)
    {
        lock (_gate)
        {
            if (bytes <= LargestKept && !_disposed)
            {
                if (!_free.TryGetValue(bytes, out Stack<nint>? stack))
                {
                    _free[bytes] = stack = new Stack<nint>();
                }

                stack.Push((nint)pointer);
                return;
            }
        }

        AlignedMemory.Free(pointer);
    }
}

/// <summary>A buffer rented from a <see cref="ScratchPool"/>.</summary>
/// <typeparam name="T">The element type.</typeparam>
internal readonly unsafe struct Scratch<T>(ScratchPool pool, T* pointer, nint count, nuint bytes) : IDisposable
    where T : unmanaged
{
    public T* Pointer => pointer;

    public nint Count => count;

    /// <summary>The buffer as a row-major matrix.</summary>
    public MatrixView<T> View(nint rows, nint columns) => new(pointer, rows, columns, columns);

    public void Clear() => NativeMemory.Clear(pointer, (nuint)count * (nuint)sizeof(T));

    public void Dispose() => pool.Return(pointer, bytes);
}
