using System.Numerics;

namespace VemKernels.Device;

/// <content>Factorisations: on the device, or on the host with transfers before and after.</content>
public abstract partial class DeviceBackend
{
    private bool FactorisesOnHost => _options.FactoriseOnHost ?? (_runtime.IsProcessor || !HasDouble);

    /// <inheritdoc/>
    public void Cholesky<T>(DeviceView<T> A, int count = 1, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireBatch(A, count);
        if (!FactorisesOnHost && !IsHosted<T>())
        {
            Cholesky<T>(OnDevice(A, nameof(A)), count, cancellation);
            return;
        }

        using HostCopy<T> a = new(this, A, nameof(A));
        Host.Cholesky(a.View, count, cancellation);
        a.WriteBack();
    }

    /// <inheritdoc/>
    public void CholeskyInverse<T>(DeviceView<T> A, int count = 1, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireBatch(A, count);
        if (!FactorisesOnHost && !IsHosted<T>())
        {
            CholeskyInverse<T>(OnDevice(A, nameof(A)), count, cancellation);
            return;
        }

        using HostCopy<T> a = new(this, A, nameof(A));
        Host.CholeskyInverse(a.View, count, cancellation);
        a.WriteBack();
    }

    /// <inheritdoc/>
    public void SymmetricEigen<T>(DeviceView<T> A, DeviceView<T> w, int count = 1,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireBatch(A, count);
        Shapes.Require(w, count, A.Columns, nameof(w));
        if (!FactorisesOnHost && !IsHosted<T>() && HasEigen(A.Columns))
        {
            SymmetricEigen<T>(OnDevice(A, nameof(A)), OnDevice(w, nameof(w)), count, cancellation);
            return;
        }

        using HostCopy<T> a = new(this, A, nameof(A));
        using HostCopy<T> values = new(this, w, nameof(w), read: false);
        Host.SymmetricEigen(a.View, values.View, count, cancellation);
        a.WriteBack();
        values.WriteBack();
    }

    /// <inheritdoc/>
    public void ThinSvd<T>(
        DeviceView<T> A, DeviceView<T> U, DeviceView<T> s, DeviceView<T> Vt, int count = 1,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        nint rows = A.Rows / count;
        nint rank = Math.Min(rows, A.Columns);
        Shapes.Require(A, rows * count, A.Columns, nameof(A));
        Shapes.Require(U, rows * count, rank, nameof(U));
        Shapes.Require(s, count, rank, nameof(s));
        Shapes.Require(Vt, rank * count, A.Columns, nameof(Vt));
        if (!FactorisesOnHost && !IsHosted<T>() && HasSvd(rows, A.Columns))
        {
            ThinSvd<T>(
                OnDevice(A, nameof(A)), OnDevice(U, nameof(U)), OnDevice(s, nameof(s)), OnDevice(Vt, nameof(Vt)),
                count, cancellation);
            return;
        }

        using HostCopy<T> a = new(this, A, nameof(A));
        using HostCopy<T> left = new(this, U, nameof(U), read: false);
        using HostCopy<T> values = new(this, s, nameof(s), read: false);
        using HostCopy<T> right = new(this, Vt, nameof(Vt), read: false);
        Host.ThinSvd(a.View, left.View, values.View, right.View, count, cancellation);
        left.WriteBack();
        values.WriteBack();
        right.WriteBack();
    }

    private static void RequireBatch<T>(DeviceView<T> A, int count)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Shapes.Require(A, A.Columns * count, A.Columns, nameof(A));
    }

    /// <summary>
    /// A view's contents where the host computes: a copy of device memory, or the memory itself where it lives there.
    /// </summary>
    private readonly struct HostCopy<T> : IDisposable
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly DeviceBackend _backend;
        private readonly DeviceView<T> _original;
        private readonly Matrix<T>? _memory;
        private readonly DeviceMatrix<T>? _adopted;

        public HostCopy(DeviceBackend backend, DeviceView<T> view, string name, bool read = true)
        {
            _backend = backend;
            _original = view;
            backend.Own(view, name);
            if (backend.IsHosted<T>())
            {
                View = backend.OnHost(view, name);
                return;
            }

            _memory = Matrix<T>.Uninitialized(view.Rows, view.Columns);
            if (read)
            {
                backend.Download(view, _memory.View);
            }

            _adopted = backend.Host.TryAdopt(ForeignMatrix<T>.Host(_memory.View))!;
            View = _adopted.View;
        }

        public DeviceView<T> View { get; }

        public void WriteBack()
        {
            if (_memory is not null)
            {
                _backend.Upload(_memory.View, _original);
            }
        }

        public void Dispose()
        {
            _adopted?.Dispose();
            _memory?.Dispose();
        }
    }
}
