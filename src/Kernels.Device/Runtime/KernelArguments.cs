using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace VemKernels.Device;

/// <summary>
/// The arguments of a launch, in the order of the kernel's parameters, without an allocation: a slot of eight bytes
/// each, and the buffers among them.
/// </summary>
/// <remarks>
/// OpenCL takes them one by one (address and size), CUDA an array of their addresses; both find them here.
/// </remarks>
internal struct KernelArguments
{
    /// <summary>Arguments of the longest kernel, sparse_group_step, and some more.</summary>
    private const int Most = 48;

    private const int MostBuffers = 12;

    private SlotList _slots;
    private SizeList _sizes;
    private BufferList _buffers;
    private int _count;
    private int _bufferCount;

    /// <summary>The values; each begins at the beginning of its slot.</summary>
    public readonly ReadOnlySpan<ulong> Slots
    {
        [UnscopedRef]
        get => ((ReadOnlySpan<ulong>)_slots)[.._count];
    }

    /// <summary>How many bytes of each slot are in use.</summary>
    public readonly ReadOnlySpan<byte> Sizes
    {
        [UnscopedRef]
        get => ((ReadOnlySpan<byte>)_sizes)[.._count];
    }

    /// <summary>The buffers that the kernel uses, alive until the launch has been queued.</summary>
    public readonly ReadOnlySpan<DeviceBuffer> Buffers
    {
        [UnscopedRef]
        get => ((ReadOnlySpan<DeviceBuffer>)_buffers)[.._bufferCount];
    }

    /// <summary>Adds a value of at most eight bytes.</summary>
    public void Add<TValue>(TValue value)
        where TValue : unmanaged
    {
        Unsafe.WriteUnaligned(ref Unsafe.As<ulong, byte>(ref _slots[_count]), value);
        _sizes[_count++] = (byte)Unsafe.SizeOf<TValue>();
    }

    /// <summary>Adds a buffer: its handle.</summary>
    public void Add(DeviceBuffer buffer)
    {
        Add(buffer.Handle);
        _buffers[_bufferCount++] = buffer;
    }

    [InlineArray(Most)]
    private struct SlotList
    {
        private ulong _first;
    }

    [InlineArray(Most)]
    private struct SizeList
    {
        private byte _first;
    }

    [InlineArray(MostBuffers)]
    private struct BufferList
    {
        private DeviceBuffer _first;
    }
}
