using System.Numerics;
using VemKernels.Simd;

namespace VemKernels.Device;

/// <summary>
/// The contract on one device with its own memory, as host logic over a <see cref="DeviceRuntime"/>: what OpenCL and
/// CUDA share. Operations are queued on the device; <see cref="IBackend.Download"/> waits for what it reads.
/// </summary>
/// <remarks>
/// On a device without double precision, matrices of doubles live on the host and are computed there; sums that the
/// contract wants in double run in pairs of floats on the device. Work that scales with the number of targets is in the
/// data's type, on the device. Public operations check shapes and owners; below them are operations on
/// <see cref="BufferView"/>, of which a backend overrides those that its device's libraries do better.
/// </remarks>
public abstract partial class DeviceBackend : IBackend
{
    private readonly DeviceRuntime _runtime;
    private readonly DeviceOptions _options;
    private readonly ScratchBuffers _scratch;
    private readonly KernelLibrary _kernels;
    private readonly GemmTuning _gemmSingle;
    private readonly GemmTuning _gemmDouble;
    private readonly Lazy<SimdBackend> _host;

    /// <summary>Starts the backend on a runtime, which it disposes at its end.</summary>
    /// <param name="runtime">The device.</param>
    /// <param name="options">How it works.</param>
    /// <param name="tuning">What was measured on the device; null for defaults.</param>
    private protected DeviceBackend(DeviceRuntime runtime, DeviceOptions options, DeviceTuning? tuning = null)
    {
        tuning ??= DeviceTuning.None;
        runtime.RefusesBuffer = options.RefusesBuffer;
        _runtime = runtime;
        _options = options;
        _scratch = new ScratchBuffers(runtime);
        _kernels = new KernelLibrary(runtime);
        _gemmSingle = GemmTuning.For<float>(runtime.Limits, tuning);
        _gemmDouble = GemmTuning.For<double>(runtime.Limits, tuning);
        _host = new Lazy<SimdBackend>(() => new SimdBackend());
        Info = new BackendInfo(
            runtime.Id, runtime.Name, runtime.InstructionSet, runtime.ComputeUnits, runtime.Limits.MemoryBytes,
            SharesHostMemory: false, runtime.TargetsAtOnce)
        {
            LargestAllocationBytes = runtime.Limits.LargestAllocationBytes,
            ScratchTile = runtime.TargetsAtOnce,
            StacksInScratch = true,
            TransfersWhileComputing = options.SendsAhead ?? !runtime.IsProcessor,
        };
    }

    /// <inheritdoc/>
    public BackendInfo Info { get; }

    /// <summary>The driver's handles; they stay the backend's own, and end with it.</summary>
    /// <exception cref="ObjectDisposedException">The backend was disposed.</exception>
    public DeviceHandles Handles => _runtime.Handles;

    /// <summary>Bytes of matrices, and of scratch buffers that are borrowed.</summary>
    internal long BytesInUse => _runtime.LiveBytes - _scratch.IdleBytes;

    /// <summary>How products are cut in float and in double.</summary>
    internal (GemmTuning Single, GemmTuning Double) Gemms => (_gemmSingle, _gemmDouble);

    /// <summary>The kernels that operations have launched so far, "source kernel".</summary>
    internal IReadOnlyCollection<string> KernelsLaunched => _kernels.Asked;

    /// <summary>Waits for all operations.</summary>
    internal void Finish() => _runtime.Finish();

    /// <summary>Releases idle scratch buffers, and the buffers of calls that failed.</summary>
    internal void MakeRoom() => _scratch.MakeRoom();

    /// <summary>The most bytes of the device that were ever in use, idle scratch buffers included.</summary>
    internal long PeakBytes => _runtime.PeakBytes;

    private bool HasDouble => _runtime.Limits.HasDouble;

    private SimdBackend Host => _host.Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the backend: what it borrowed, its kernels, then its runtime.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }

        _scratch.Dispose();
        _kernels.Dispose();
        _runtime.Dispose();
        if (_host.IsValueCreated)
        {
            _host.Value.Dispose();
        }
    }

    /// <summary>Borrows a row-major matrix of the device; its contents are undefined.</summary>
    private protected Scratch Rent<T>(nint rows, nint columns)
        where T : unmanaged
    {
        nint count = checked(rows * columns);
        return new Scratch(_scratch, _scratch.Rent((long)count * ElementBytes<T>()), rows, columns);
    }

    /// <summary>Begins a launch of a kernel.</summary>
    /// <param name="source">The source's file name without its extension.</param>
    /// <param name="kernel">The kernel's name.</param>
    /// <param name="definitions">Further -D options of the source: the same for all kernels of a source.</param>
    private protected KernelCall Call<T>(string source, string kernel, string definitions = "")
        where T : unmanaged => new(_runtime, _kernels.Get<T>(source, kernel, definitions));

    private protected static int ElementBytes<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? sizeof(float) : sizeof(double);

    /// <summary>
    /// How many of t columns fit a scratch matrix of so many rows: a tile, less where one buffer cannot hold it.
    /// </summary>
    private protected nint ColumnTile<T>(nint rows, nint columns)
        where T : unmanaged
    {
        long fits = _runtime.Limits.LargestAllocationBytes / Math.Max(1, (long)rows * ElementBytes<T>());
        return (nint)Math.Max(1, Math.Min(Math.Min(columns, _runtime.TargetsAtOnce), fits));
    }

    /// <summary>Whether matrices of a type live on the host: doubles of a device that has none.</summary>
    private bool IsHosted<T>()
        where T : unmanaged
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new NotSupportedException($"{typeof(T).Name}: this backend computes in float and double.");
        }

        return typeof(T) == typeof(double) && !HasDouble;
    }

    private BufferMatrix<T> Own<T>(DeviceView<T> view, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (view.Owner is not BufferMatrix<T> matrix || matrix.Backend != this)
        {
            throw new ArgumentException($"{name} is a view of another backend.", name);
        }

        return matrix;
    }

    /// <summary>A view as kernels take it.</summary>
    private protected BufferView OnDevice<T>(DeviceView<T> view, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(Own(view, name).Buffer, view.Offset, view.Rows, view.Columns, view.RowStride, view.ColumnStride);

    /// <summary>A view of a matrix that lives on the host.</summary>
    private DeviceView<T> OnHost<T>(DeviceView<T> view, string name = "view")
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Own(view, name).OnHost(view);

    private DeviceView<T>? OnHost<T>(DeviceView<T>? view, string name = "view")
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => view is { } given ? OnHost(given, name) : null;

    /// <summary>A vector, n x 1 or 1 x n, as a row; what stands in for one that is absent is never read.</summary>
    private BufferView Row<T>(DeviceView<T>? vector, nint count, BufferView absent, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (vector is not { } given)
        {
            return absent;
        }

        BufferView view = OnDevice(given, name);
        view = view.Rows != 1 && view.Columns == 1 ? view.Transposed : view;
        Shapes.RequireSame(1, count, view.Rows, view.Columns, name);
        return view;
    }
}
