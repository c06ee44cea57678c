using System.Runtime.CompilerServices;

namespace VemKernels.OpenCL;

/// <summary>
/// A launch in the making: arguments in the order of the kernel's parameters, then <see cref="Run"/>. Holds the
/// kernel's lock until it is disposed.
/// </summary>
internal unsafe ref struct KernelCall
{
    private const int MostBuffers = 8;

    private readonly DeviceContext _context;
    private readonly Kernel _kernel;
    private readonly bool _hasDouble;
    private BufferList _buffers;
    private int _bufferCount;
    private uint _next;

    public KernelCall(DeviceContext context, Kernel kernel)
    {
        _context = context;
        _kernel = kernel;
        _hasDouble = context.Limits.HasDouble;
        kernel.Lock.Enter();
    }

    /// <summary>Gives the kernel free.</summary>
    public readonly void Dispose() => _kernel.Lock.Exit();

    /// <summary>A view: buffer, offset and strides.</summary>
    public void View(BufferView view)
    {
        Buffer(view.Buffer);
        Size(view.Offset);
        Size(view.RowStride);
        Size(view.ColumnStride);
    }

    /// <summary>A buffer.</summary>
    public void Buffer(DeviceBuffer buffer)
    {
        nint handle = buffer.Handle;
        Set(&handle, sizeof(nint));
        _buffers[_bufferCount++] = buffer;
    }

    /// <summary>An INDEX.</summary>
    public void Size(nint value)
    {
        long index = value;
        Set(&index, sizeof(long));
    }

    /// <summary>An int.</summary>
    public void Int(int value) => Set(&value, sizeof(int));

    /// <summary>An int that is a yes or no.</summary>
    public void Flag(bool value) => Int(value ? 1 : 0);

    /// <summary>A REAL.</summary>
    public void Real<T>(double value)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            float single = (float)value;
            Set(&single, sizeof(float));
            return;
        }

        Set(&value, sizeof(double));
    }

    /// <summary>An ACC: a double, or a pair of floats.</summary>
    public void Accumulator(double value)
    {
        if (_hasDouble)
        {
            Set(&value, sizeof(double));
            return;
        }

        float* pair = stackalloc float[2];
        pair[0] = (float)value;
        pair[1] = (float)(value - pair[0]);
        Set(pair, 2 * sizeof(float));
    }

    /// <summary>Queues the kernel on so many groups of so many items, in up to three dimensions.</summary>
    public readonly void Run((nint X, nint Y, nint Z) groups, (int X, int Y, int Z) items)
    {
        nuint* local = stackalloc nuint[] { (nuint)items.X, (nuint)items.Y, (nuint)items.Z };
        nuint* global = stackalloc nuint[]
        {
            (nuint)(groups.X * items.X), (nuint)(groups.Y * items.Y), (nuint)(groups.Z * items.Z),
        };
        nint happening;
        ErrorCodes.ThrowIfFailed(
            OpenCl.clEnqueueNDRangeKernel(_context.ComputeQueue, _kernel.Handle, 3, null, global, local, 0, null,
                &happening),
            nameof(OpenCl.clEnqueueNDRangeKernel), _kernel.Name);
        try
        {
            for (int i = 0; i < _bufferCount; i++)
            {
                _buffers[i].RecordUse(happening);
            }
        }
        finally
        {
            DeviceBuffer.ReleaseEvent(happening);
        }

        ErrorCodes.ThrowIfFailed(OpenCl.clFlush(_context.ComputeQueue), nameof(OpenCl.clFlush));
    }

    /// <summary>Queues the kernel with an item a column; the rows are shared by a second dimension.</summary>
    /// <param name="rows">What the second dimension shares; 1 for kernels that go through all rows.</param>
    /// <param name="columns">Columns.</param>
    public readonly void RunColumns(nint rows, nint columns)
    {
        if (rows == 0 || columns == 0)
        {
            return;
        }

        nint groups = (columns + ColumnItems - 1) / ColumnItems;

        // As many groups as keep a large device busy, no more than there are rows.
        nint shares = Math.Min(rows, Math.Max(1, MostGroups / groups));
        Run((groups, shares, 1), (ColumnItems, 1, 1));
    }

    /// <summary>Items of a group of kernels that take a column an item: no device has a lower limit.</summary>
    private const int ColumnItems = 64;

    private const int MostGroups = 4096;

    private void Set(void* value, int bytes)
    {
        int code = OpenCl.clSetKernelArg(_kernel.Handle, _next, (nuint)bytes, value);
        ErrorCodes.ThrowIfFailed(code, nameof(OpenCl.clSetKernelArg), $"argument {_next} of {_kernel.Name}");
        _next++;
    }

    [InlineArray(MostBuffers)]
    private struct BufferList
    {
        private DeviceBuffer _first;
    }
}
