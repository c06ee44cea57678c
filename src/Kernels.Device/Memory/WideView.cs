
namespace VemKernels.Device;

/// <summary>
/// A matrix of doubles as kernels see it: itself, or, on a device without double precision, a scratch matrix of pairs
/// of floats whose sums are exchanged with the host memory where such matrices live.
/// </summary>
internal readonly unsafe struct WideView : IDisposable
{
    /// <summary>Floats of a pair.</summary>
    private const int Pair = 2;

    private readonly DeviceRuntime? _runtime;
    private readonly Scratch _scratch;
    private readonly DeviceView<double> _host;
    private readonly IBackend? _hostBackend;

    /// <summary>Doubles of the device.</summary>
    public WideView(BufferView view) => View = view;

    /// <summary>Pairs of floats.</summary>
    public WideView(DeviceRuntime runtime, Scratch scratch, IBackend hostBackend, DeviceView<double> host)
    {
        _runtime = runtime;
        _scratch = scratch;
        _hostBackend = hostBackend;
        _host = host;
        View = scratch.View;
    }

    /// <summary>Its elements are ACC.</summary>
    public BufferView View { get; }

    /// <summary>Brings what the host memory holds to the device.</summary>
    public void Read()
    {
        if (_runtime is null || _host.IsEmpty)
        {
            return;
        }

        using Matrix<double> values = Matrix<double>.Uninitialized(_host.Rows, _host.Columns);
        _hostBackend!.Download(_host, values.View);
        using Matrix<float> pairs = Matrix<float>.Uninitialized(_host.Rows, Pair * _host.Columns);
        for (nint i = 0; i < _host.Rows; i++)
        {
            for (nint j = 0; j < _host.Columns; j++)
            {
                float high = (float)values.View[i, j];
                pairs.View[i, Pair * j] = high;
                pairs.View[i, (Pair * j) + 1] = float.IsFinite(high) ? (float)(values.View[i, j] - high) : 0;
            }
        }

        Transfer(toDevice: true, pairs);
    }

    /// <summary>Brings what kernels wrote to the host memory.</summary>
    public void WriteBack()
    {
        if (_runtime is null || _host.IsEmpty)
        {
            return;
        }

        using Matrix<double> values = Matrix<double>.Uninitialized(_host.Rows, _host.Columns);
        using Matrix<float> pairs = Matrix<float>.Uninitialized(_host.Rows, Pair * _host.Columns);
        Transfer(toDevice: false, pairs);
        for (nint i = 0; i < _host.Rows; i++)
        {
            for (nint j = 0; j < _host.Columns; j++)
            {
                values.View[i, j] = (double)pairs.View[i, Pair * j] + pairs.View[i, (Pair * j) + 1];
            }
        }

        _hostBackend!.Upload(values.View, _host);
    }

    public void Dispose()
    {
        if (_runtime is not null)
        {
            _scratch.Dispose();
        }
    }

    private void Transfer(bool toDevice, Matrix<float> pairs)
    {
        long rowBytes = pairs.Columns * sizeof(float);
        _runtime!.Transfer(toDevice, View.Buffer, 0, rowBytes, pairs.View.Pointer, rowBytes, rowBytes, pairs.Rows);
        GC.KeepAlive(pairs);
    }
}
