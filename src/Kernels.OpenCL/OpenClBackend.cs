using System.Numerics;
using VemKernels.Simd;

namespace VemKernels.OpenCL;

/// <summary>
/// The OpenCL backend: one device, its own memory. Operations are queued on the device; <see cref="IBackend.Download"/>
/// waits for what it reads.
/// </summary>
/// <remarks>
/// On a device without double precision, matrices of doubles live on the host and are computed there; sums that the
/// contract wants in double run in pairs of floats on the device. Work that scales with the number of targets is in the
/// data's type, on the device.
/// </remarks>
public sealed partial class OpenClBackend : IBackend
{
    /// <summary>Targets at a time.</summary>
    private const int Tile = 4096;

    private readonly DeviceContext _context;
    private readonly ScratchBuffers _scratch;
    private readonly KernelLibrary _kernels;
    private readonly GemmTuning _gemm;
    private readonly Lazy<SimdBackend> _host;

    /// <summary>Starts the backend on a device.</summary>
    /// <param name="id">
    /// "opencl:0" and so on; "opencl" for the first GPU, or the first device where there is none.
    /// </param>
    /// <param name="options">How it works; null for what suits the device.</param>
    /// <exception cref="PlatformNotSupportedException">
    /// There is no OpenCL on this machine, or no such device.
    /// </exception>
    /// <exception cref="OpenClException">The driver fails.</exception>
    public OpenClBackend(string id = "opencl", OpenClOptions? options = null)
        : this(OpenClDevices.Find(id), options)
    {
    }

    /// <summary>Starts the backend on a device that <see cref="OpenClDevices.List"/> has found.</summary>
    /// <exception cref="OpenClException">The driver fails.</exception>
    public OpenClBackend(OpenClDevice device, OpenClOptions? options = null)
    {
        Options = options ?? new OpenClOptions();
        OpenClLimits limits = Options.Limits ?? device.Limits;
        _context = new DeviceContext(device, limits);
        _scratch = new ScratchBuffers(_context);
        ProgramCache cache = new(Options.CacheFolder ?? ProgramCache.DefaultFolder);
        _kernels = new KernelLibrary(_context, new ProgramBuilder(_context, cache));
        _gemm = GemmTuning.For(limits);
        _host = new Lazy<SimdBackend>(() => new SimdBackend());
        Device = device;
        Info = new BackendInfo(
            device.Id, device.Name, limits.HasDouble ? "OpenCL" : "OpenCL, no fp64", device.ComputeUnits,
            limits.MemoryBytes, false, Tile) { LargestAllocationBytes = limits.LargestAllocationBytes };
    }

    /// <summary>The device.</summary>
    public OpenClDevice Device { get; }

    /// <summary>How the backend works.</summary>
    public OpenClOptions Options { get; }

    /// <inheritdoc/>
    public BackendInfo Info { get; }

    private bool HasDouble => _context.Limits.HasDouble;

    private SimdBackend Host => _host.Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        _scratch.Dispose();
        _kernels.Dispose();
        _context.Dispose();
        if (_host.IsValueCreated)
        {
            _host.Value.Dispose();
        }
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

    private OpenClMatrix<T> Own<T>(DeviceView<T> view, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (view.Owner is not OpenClMatrix<T> matrix || matrix.Backend != this)
        {
            throw new ArgumentException($"{name} is a view of another backend.", name);
        }

        return matrix;
    }

    /// <summary>A view as kernels take it.</summary>
    private BufferView OnDevice<T>(DeviceView<T> view, string name)
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

    private Scratch Rent<T>(nint rows, nint columns)
        where T : unmanaged
    {
        nint count = checked(rows * columns);
        return new Scratch(_scratch, _scratch.Rent((long)count * ElementBytes<T>()), rows, columns);
    }

    private static int ElementBytes<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? sizeof(float) : sizeof(double);

    /// <summary>
    /// How many of t columns fit a scratch matrix of so many rows: a tile, less where one buffer cannot hold it.
    /// </summary>
    private nint ColumnTile<T>(nint rows, nint columns)
        where T : unmanaged
    {
        long fits = _context.Limits.LargestAllocationBytes / Math.Max(1, (long)rows * ElementBytes<T>());
        return (nint)Math.Max(1, Math.Min(Math.Min(columns, Tile), fits));
    }

    private KernelCall Call<T>(string source, string kernel, string definitions = "")
        where T : unmanaged => new(_context, _kernels.Get<T>(source, kernel, definitions));
}
