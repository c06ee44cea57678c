namespace VemKernels.Device;

/// <summary>
/// A launch in the making: arguments in the order of the kernel's parameters, then <see cref="Run"/>.
/// </summary>
internal ref struct KernelCall(DeviceRuntime runtime, DeviceKernel kernel)
{
    /// <summary>Items of a group of kernels that take a column an item: no device has a lower limit.</summary>
    private const int ColumnItems = 64;

    private const int MostGroups = 4096;

    /// <summary>
    /// The same on a processor, whose thread does the items of a group one after the other and goes along a row by
    /// that.
    /// </summary>
    /// <remarks>
    /// B += alpha A of 8,192 x 4,096 floats under PoCL on two cores of Zen 4, GB/s: 1.1 with groups of 64 that share
    /// the rows as on a GPU, since each item goes down its column first; 11, 15, 19 and 17 with a row a group, of 64,
    /// 256, 1024 and 4096.
    /// </remarks>
    private const int ProcessorColumnItems = 256;

    private readonly DeviceRuntime _runtime = runtime;
    private readonly DeviceKernel _kernel = kernel;
    private KernelArguments _arguments;

    /// <summary>A view: buffer, offset and strides.</summary>
    public void View(BufferView view)
    {
        Buffer(view.Buffer);
        Size(view.Offset);
        Size(view.RowStride);
        Size(view.ColumnStride);
    }

    /// <summary>A view whose rows lie element by element: buffer, offset and row stride.</summary>
    public void Rows(BufferView view)
    {
        Buffer(view.Buffer);
        Size(view.Offset);
        Size(view.RowStride);
    }

    /// <summary>A buffer.</summary>
    public void Buffer(DeviceBuffer buffer) => _arguments.Add(buffer);

    /// <summary>An INDEX.</summary>
    public void Size(nint value) => _arguments.Add((long)value);

    /// <summary>An int.</summary>
    public void Int(int value) => _arguments.Add(value);

    /// <summary>An int that is a yes or no.</summary>
    public void Flag(bool value) => Int(value ? 1 : 0);

    /// <summary>A REAL.</summary>
    public void Real<T>(double value)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            _arguments.Add((float)value);
            return;
        }

        _arguments.Add(value);
    }

    /// <summary>An ACC: a double, or a pair of floats.</summary>
    public void Accumulator(double value)
    {
        if (_runtime.Limits.HasDouble)
        {
            _arguments.Add(value);
            return;
        }

        float high = (float)value;
        _arguments.Add((high, (float)(value - high)));
    }

    /// <summary>Queues the kernel on so many groups of so many items, in up to three dimensions.</summary>
    public readonly void Run((nint X, nint Y, nint Z) groups, (int X, int Y, int Z) items) =>
        _runtime.Launch(_kernel, in _arguments, groups, items);

    /// <summary>Queues the kernel with an item a column; the rows are shared by a second dimension.</summary>
    /// <param name="rows">What the second dimension shares; 1 for kernels that go through all rows.</param>
    /// <param name="columns">Columns.</param>
    public readonly void RunColumns(nint rows, nint columns)
    {
        if (rows == 0 || columns == 0)
        {
            return;
        }

        // Kernels that go through all rows need the threads that more groups give, and few columns fill no large group.
        bool alongRows = _runtime.DoesGroupsByThread && rows > 1;
        bool large = alongRows && columns >= ProcessorColumnItems
            && _runtime.Limits.WorkGroupSize >= ProcessorColumnItems;
        int items = large ? ProcessorColumnItems : ColumnItems;
        nint groups = (columns + items - 1) / items;

        // As many groups as keep a large device busy, no more than there are rows.
        nint shares = alongRows ? rows : Math.Min(rows, Math.Max(1, MostGroups / groups));
        Run((groups, shares, 1), (items, 1, 1));
    }
}
