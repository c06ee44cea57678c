using System.Numerics;
using VemKernels.Solvers.Designs;
using VemKernels.Solvers.RandomSearch;

namespace VemKernels.Solvers;

/// <summary>
/// A matrix that a solver reads: in host memory, or in the memory of the backend that it computes on, where it is used
/// in place.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public readonly record struct InputMatrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MatrixView<T> _host;
    private readonly DeviceView<T> _device;
    private readonly IBackend? _backend;

    /// <summary>A matrix in host memory.</summary>
    public InputMatrix(MatrixView<T> view)
    {
        _host = view;
        Rows = view.Rows;
        Columns = view.Columns;
    }

    /// <summary>A matrix in the memory of a backend: one that it allocated, or adopted.</summary>
    /// <param name="backend">The backend, which the solver must compute on.</param>
    /// <param name="view">The matrix; must stay valid as long as the solver runs.</param>
    public InputMatrix(IBackend backend, DeviceView<T> view)
    {
        ArgumentNullException.ThrowIfNull(backend);
        _backend = backend;
        _device = view;
        Rows = view.Rows;
        Columns = view.Columns;
    }

    /// <summary>Number of rows.</summary>
    public nint Rows { get; }

    /// <summary>Number of columns.</summary>
    public nint Columns { get; }

    /// <summary>The matrix, where it is in host memory; else null.</summary>
    public MatrixView<T>? Host => _backend is null ? _host : null;

    /// <summary>A matrix in host memory.</summary>
    public static implicit operator InputMatrix<T>(MatrixView<T> view) => new(view);

    /// <summary>The columns first, first + 1, ...</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no such columns.</exception>
    public InputMatrix<T> SliceColumns(nint first, nint count) => _backend is null
        ? new InputMatrix<T>(_host.SliceColumns(first, count))
        : new InputMatrix<T>(_backend, _device.SliceColumns(first, count));

    /// <summary>Copies it to memory of the backend; same shape.</summary>
    internal void CopyTo(IBackend backend, DeviceView<T> destination)
    {
        if (_backend is null)
        {
            backend.Upload(_host, destination);
            return;
        }

        backend.Copy(On(backend), destination);
    }

    /// <summary>
    /// It in memory of the backend: in place where it lies there or can be adopted, else a copy. Dispose it when done.
    /// </summary>
    internal DeviceOperand<T> Borrow(IBackend backend)
    {
        if (_backend is not null)
        {
            return new DeviceOperand<T>(default, On(backend));
        }

        DeviceMatrix<T> matrix = OnDevice.Input(backend, _host);
        return new DeviceOperand<T>(new DeviceLease<T>(matrix), matrix.View);
    }

    /// <summary>It in host memory: where it lies, or a copy, which the caller disposes.</summary>
    internal MatrixView<T> OnHost(out Matrix<T>? copy)
    {
        if (_backend is null)
        {
            copy = null;
            return _host;
        }

        copy = Matrix<T>.Uninitialized(Rows, Columns);
        _backend.Download(_device, copy.View);
        return copy.View;
    }

    /// <summary>Requires finite elements.</summary>
    /// <exception cref="ArgumentException">NaN or infinity: the message says how many and where.</exception>
    internal void RequireFinite(string name, CancellationToken cancellation = default)
    {
        if (_backend is null)
        {
            FiniteCheck.Require(_host, name, cancellation);
            return;
        }

        FiniteCheck.Require(_backend, _device, name, "column", cancellation);
    }

    /// <summary>Requires a symmetric matrix, up to some roundings of its largest entry.</summary>
    /// <exception cref="ArgumentException">It is not symmetric.</exception>
    internal void RequireSymmetric(string name)
    {
        if (_backend is null)
        {
            Inputs<T>.RequireSymmetric(_host, name);
            return;
        }

        Inputs<T>.RequireSymmetric(_backend, _device, name);
    }

    private DeviceView<T> On(IBackend backend) => ReferenceEquals(backend, _backend) ? _device
        : throw new ArgumentException(
            $"A matrix lies in the memory of {_backend!.Info.Id}; expected it in that of {backend.Info.Id}, which "
            + "computes.");
}
