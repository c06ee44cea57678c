using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>
/// The arguments of one call: checked, turned into views, and what the call owns until it ends. Host memory is used
/// where it lies, and so is memory of the backend's device for <see cref="Source{T}"/>, <see cref="Targets{T}"/> and
/// <see cref="Operand{T}"/>; for other inputs and for outputs it is copied to the host, and back.
/// </summary>
/// <param name="backend">Where the call computes; null for calls that have none.</param>
internal sealed unsafe class CallScope(IBackend? backend) : IDisposable
{
    private const long MostElements = long.MaxValue / 64;

    private readonly ByteRanges _memory = new();
    private readonly List<IDisposable> _owned = [];
    private readonly List<Action> _atEnd = [];

    /// <summary>Disposed when the call ends.</summary>
    public TValue Own<TValue>(TValue value)
        where TValue : IDisposable
    {
        _owned.Add(value);
        return value;
    }

    /// <summary>The type of a matrix.</summary>
    /// <exception cref="ArgumentException">No matrix, or no type that there is.</exception>
    public static VemType TypeOf(VemMatrix* matrix, string name)
    {
        if (matrix is null)
        {
            throw new ArgumentException($"{name} is null; expected a matrix.", name);
        }

        return (VemType)matrix->Type is VemType.Float32 or VemType.Float64
            ? (VemType)matrix->Type
            : throw new ArgumentException(
                $"{name} is of type {matrix->Type}; expected {(int)VemType.Float32} (float) or {(int)VemType.Float64} "
                + "(double).", name);
    }

    /// <summary>Runs what the type of a matrix asks for.</summary>
    /// <exception cref="ArgumentException">No matrix, or no type that there is.</exception>
    public static void ByType(VemMatrix* matrix, string name, Action single, Action wide)
    {
        if (TypeOf(matrix, name) == VemType.Float32)
        {
            single();
            return;
        }

        wide();
    }

    /// <summary>Whether a matrix that may be left out was given.</summary>
    public static bool IsGiven(VemMatrix* matrix) =>
        matrix is not null && (matrix->Data is not null || matrix->Type != 0);

    /// <summary>A matrix that a solver reads where it lies.</summary>
    /// <exception cref="ArgumentException">It is not what a matrix of T must be, or overlaps an output.</exception>
    /// <exception cref="NotSupportedException">It lies in memory that the backend cannot reach.</exception>
    public InputMatrix<T> Source<T>(VemMatrix* matrix, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!IsOnDevice(matrix))
        {
            return Input<T>(matrix, name);
        }

        Check<T>(matrix, name);
        _memory.Add(name, *matrix, sizeof(T), isOutput: false);
        return new InputMatrix<T>(backend!, Own(Adopt<T>(matrix, name)).View);
    }

    /// <summary>Several of them.</summary>
    public InputMatrices<T> Sources<T>(VemMatrix* matrices, long count, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireCount(matrices, count, name);
        InputMatrix<T>[] sources = new InputMatrix<T>[count];
        for (int i = 0; i < count; i++)
        {
            sources[i] = Source<T>(matrices + i, $"{name}[{i}]");
        }

        return new InputMatrices<T>((IEnumerable<InputMatrix<T>>)sources);
    }

    /// <summary>Responses, which a solver reads where they lie.</summary>
    /// <exception cref="ArgumentException">It is not what a matrix of T must be, or overlaps an output.</exception>
    /// <exception cref="NotSupportedException">It lies in memory that the backend cannot reach.</exception>
    public TargetSource<T> Targets<T>(VemMatrix* matrix, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!IsOnDevice(matrix))
        {
            return new MatrixTargetSource<T>(Input<T>(matrix, name));
        }

        Check<T>(matrix, name);
        _memory.Add(name, *matrix, sizeof(T), isOutput: false);
        return new DeviceTargetSource<T>(backend!, Own(Adopt<T>(matrix, name)).View);
    }

    /// <summary>Whether a matrix lies in the memory of a device.</summary>
    public static bool IsOnDevice(VemMatrix* matrix) =>
        matrix is not null && (MemorySpace)matrix->Memory is (MemorySpace.Cuda or MemorySpace.OpenCL);

    /// <summary>A matrix that is read.</summary>
    /// <exception cref="ArgumentException">It is not what a matrix of T must be, or overlaps an output.</exception>
    public MatrixView<T> Input<T>(VemMatrix* matrix, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> view = Check<T>(matrix, name);
        _memory.Add(name, *matrix, sizeof(T), isOutput: false);
        if ((MemorySpace)matrix->Memory == MemorySpace.Host)
        {
            return view;
        }

        using DeviceMatrix<T> adopted = Adopt<T>(matrix, name);
        Matrix<T> host = Own(Matrix<T>.Uninitialized(view.Rows, view.Columns));
        backend!.Download(adopted.View, host.View);
        return host.View;
    }

    /// <summary>A matrix that is read where it was given.</summary>
    public MatrixView<T>? OptionalInput<T>(VemMatrix* matrix, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => IsGiven(matrix) ? Input<T>(matrix, name) : null;

    /// <summary>Several matrices that are read.</summary>
    public MatrixView<T>[] Inputs<T>(VemMatrix* matrices, long count, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireCount(matrices, count, name);
        MatrixView<T>[] views = new MatrixView<T>[count];
        for (int i = 0; i < count; i++)
        {
            views[i] = Input<T>(matrices + i, $"{name}[{i}]");
        }

        return views;
    }

    /// <summary>A matrix that is written, of a shape that the caller of this method knows.</summary>
    /// <exception cref="ArgumentException">
    /// It is not what it must be, is of another shape, or overlaps another argument.
    /// </exception>
    public MatrixView<T> Output<T>(VemMatrix* matrix, nint rows, nint columns, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> view = Check<T>(matrix, name);
        Shapes.Require(view, rows, columns, name);
        RequireDistinctElements(view, name);
        _memory.Add(name, *matrix, sizeof(T), isOutput: true);
        if ((MemorySpace)matrix->Memory == MemorySpace.Host)
        {
            return view;
        }

        DeviceMatrix<T> adopted = Own(Adopt<T>(matrix, name));
        Matrix<T> host = Own(Matrix<T>.Uninitialized(rows, columns));
        _atEnd.Add(() => backend!.Upload(host.View, adopted.View));
        return host.View;
    }

    /// <summary>A matrix that is written where it was given.</summary>
    public MatrixView<T>? OptionalOutput<T>(VemMatrix* matrix, nint rows, nint columns, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        IsGiven(matrix) ? Output<T>(matrix, rows, columns, name) : null;

    /// <summary>A matrix that is read and written.</summary>
    /// <exception cref="ArgumentException">It is not what it must be, or overlaps another argument.</exception>
    public MatrixView<T> InOut<T>(VemMatrix* matrix, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> view = Check<T>(matrix, name);
        MatrixView<T> host = Output<T>(matrix, view.Rows, view.Columns, name);
        if ((MemorySpace)matrix->Memory != MemorySpace.Host)
        {
            using DeviceMatrix<T> adopted = Adopt<T>(matrix, name);
            backend!.Download(adopted.View, host);
        }

        return host;
    }

    /// <summary>
    /// A matrix as an operand of the backend: where it lies, if the backend can use it there, else a copy.
    /// </summary>
    /// <exception cref="ArgumentException">It is not what it must be, or overlaps another argument.</exception>
    public DeviceView<T> Operand<T>(VemMatrix* matrix, string name, bool isRead, bool isWritten)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> view = Check<T>(matrix, name);
        if (isWritten)
        {
            RequireDistinctElements(view, name);
        }

        _memory.Add(name, *matrix, sizeof(T), isWritten);
        if ((MemorySpace)matrix->Memory != MemorySpace.Host)
        {
            DeviceView<T> there = Own(Adopt<T>(matrix, name)).View;
            if (isWritten && (matrix->Stream is null || (MemorySpace)matrix->Memory == MemorySpace.OpenCL))
            {
                _atEnd.Add(() => Finish(there));
            }

            return there;
        }

        DeviceMatrix<T>? adopted = view.IsEmpty ? null : backend!.TryAdopt(ForeignMatrix<T>.Host(view));
        if (adopted is not null)
        {
            return Own(adopted).View;
        }

        DeviceMatrix<T> copy = Own(backend!.Allocate<T>(view.Rows, view.Columns));
        if (isRead)
        {
            backend!.Upload(view, copy.View);
        }

        if (isWritten)
        {
            _atEnd.Add(() => backend!.Download(copy.View, view));
        }

        return copy.View;
    }

    /// <summary>A list that is used where it was given: its address, once it is known to overlap nothing.</summary>
    /// <exception cref="ArgumentException">It overlaps another argument, and one of the two is written.</exception>
    public TElement* Array<TElement>(TElement* values, nint count, string name, bool isWritten = true)
        where TElement : unmanaged
    {
        if (values is not null)
        {
            VemMatrix row = new() { Data = values, Rows = 1, Columns = count, RowStride = count, ColumnStride = 1 };
            _memory.Add(name, row, sizeof(TElement), isWritten);
        }

        return values;
    }

    /// <summary>Whether at least one of several matrices was given at all.</summary>
    /// <exception cref="ArgumentException">A negative count, too many, or no address.</exception>
    public static void RequireCount(void* items, long count, string name)
    {
        if (count < 0 || count > int.MaxValue)
        {
            throw new ArgumentException($"{name}: {count} of them; expected 0 to {int.MaxValue}.", name);
        }

        if (items is null && count > 0)
        {
            throw new ArgumentException($"{name} is null; expected {count} of them.", name);
        }
    }

    /// <summary>Brings outputs to where the caller wants them; called when all went well.</summary>
    public void Complete() => _atEnd.ForEach(action => action());

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = _owned.Count - 1; i >= 0; i--)
        {
            _owned[i].Dispose();
        }
    }

    private static MatrixView<T> Check<T>(VemMatrix* matrix, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        VemType type = TypeOf(matrix, name);
        VemType expected = typeof(T) == typeof(float) ? VemType.Float32 : VemType.Float64;
        if (type != expected)
        {
            throw new ArgumentException(
                $"{name} is of type {type}; expected {expected}, as the matrix that gives the type.", name);
        }

        if (!Enum.IsDefined((MemorySpace)matrix->Memory))
        {
            throw new ArgumentException(
                $"{name} is in memory of kind {matrix->Memory}; expected 0 (host), 1 (CUDA) or 2 (OpenCL).", name);
        }

        if (matrix->Reserved != 0)
        {
            throw new ArgumentException($"{name}: its reserved field is {matrix->Reserved}; expected 0.", name);
        }

        RequireExtent(matrix, sizeof(T), name);
        return new MatrixView<T>(
            (T*)matrix->Data, (nint)matrix->Rows, (nint)matrix->Columns, (nint)matrix->RowStride,
            (nint)matrix->ColumnStride);
    }

    private static void RequireExtent(VemMatrix* matrix, int elementBytes, string name)
    {
        if (matrix->Rows < 0 || matrix->Columns < 0)
        {
            throw new ArgumentException($"{name} is {matrix->Rows} x {matrix->Columns}; expected sizes of at least 0.",
                name);
        }

        if (matrix->Rows == 0 || matrix->Columns == 0)
        {
            return;
        }

        if (matrix->Data is null)
        {
            throw new ArgumentException($"{name} is {matrix->Rows} x {matrix->Columns} and its address is null.", name);
        }

        if ((nuint)matrix->Data % (nuint)elementBytes != 0)
        {
            throw new ArgumentException($"{name} is at an address that is not a multiple of {elementBytes} bytes.",
                name);
        }

        Int128 extent = ((Int128)(matrix->Rows - 1) * Int128.Abs(matrix->RowStride))
            + ((Int128)(matrix->Columns - 1) * Int128.Abs(matrix->ColumnStride));
        if (extent > MostElements)
        {
            throw new ArgumentException(
                $"{name}: {matrix->Rows} x {matrix->Columns} elements with strides {matrix->RowStride} and "
                + $"{matrix->ColumnStride} are more than any memory holds.", name);
        }
    }

    private static void RequireDistinctElements<T>(MatrixView<T> view, string name)
        where T : unmanaged
    {
        long row = Math.Abs((long)view.RowStride);
        long column = Math.Abs((long)view.ColumnStride);
        bool rowsApart = view.Rows <= 1 || (row > 0 && (view.Columns <= 1 || row > column * (view.Columns - 1)));
        bool columnsApart = view.Columns <= 1 || (column > 0 && (view.Rows <= 1 || column > row * (view.Rows - 1)));
        bool distinct = (rowsApart && (view.Columns <= 1 || column > 0))
            || (columnsApart && (view.Rows <= 1 || row > 0));
        if (!view.IsEmpty && !distinct)
        {
            throw new ArgumentException(
                $"{name}: with strides {view.RowStride} and {view.ColumnStride} elements of its {view.Rows} x "
                + $"{view.Columns} share memory, and it is written.", name);
        }
    }

    /// <summary>Waits for what is queued on a matrix: a download of an element does.</summary>
    private void Finish<T>(DeviceView<T> there)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!there.IsEmpty)
        {
            using Matrix<T> element = new(1, 1);
            backend!.Download(there.Block(0, 0, 1, 1), element.View);
        }
    }

    private DeviceMatrix<T> Adopt<T>(VemMatrix* matrix, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ForeignMatrix<T> foreign = new(
            (MemorySpace)matrix->Memory, (nint)matrix->Data, (nint)matrix->Rows, (nint)matrix->Columns,
                (nint)matrix->RowStride,
            (nint)matrix->ColumnStride, (nint)matrix->Stream);
        return backend?.TryAdopt(foreign) ?? throw new NotSupportedException(
            $"{name} is in {(MemorySpace)matrix->Memory} memory, which {backend?.Info.Id ?? "this call"} cannot use.");
    }
}
