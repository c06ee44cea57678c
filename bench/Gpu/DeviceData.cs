using System.Numerics;

namespace VemKernels.Gpu;

/// <summary>
/// Matrices of one case on a device, filled with numbers between -1 and 1 that look random; disposing frees them all.
/// </summary>
internal sealed class DeviceData(IBackend backend) : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly Matrix<float> _one = new(1, 1);
    private readonly Matrix<double> _oneDouble = new(1, 1);
    private Action _wait = () => { };
    private uint _seed;

    /// <summary>Where the matrices are.</summary>
    public IBackend Backend { get; } = backend;

    /// <summary>Numbers.</summary>
    public DeviceView<T> Random<T>(nint rows, nint columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Upload(HostNumbers.Fill<T>(rows, columns, ++_seed));

    /// <summary>Positive numbers, from 1 to 2.</summary>
    public DeviceView<T> Positive<T>(nint rows, nint columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> host = HostNumbers.Fill<T>(rows, columns, ++_seed);
        foreach (nint i in Indices(rows))
        {
            foreach (nint j in Indices(columns))
            {
                host[i, j] = T.One + T.Abs(host[i, j]);
            }
        }

        return Upload(host);
    }

    /// <summary>Stacked matrices n x n, symmetric, with a dominant diagonal.</summary>
    public DeviceView<T> PositiveDefinite<T>(nint n, int count = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> host = HostNumbers.Fill<T>(n * count, n, ++_seed);
        for (int b = 0; b < count; b++)
        {
            for (nint i = 0; i < n; i++)
            {
                for (nint j = 0; j < i; j++)
                {
                    host[(b * n) + j, i] = host[(b * n) + i, j];
                }

                host[(b * n) + i, i] = T.CreateTruncating(2 * n + i);
            }
        }

        return Upload(host);
    }

    /// <summary>Room.</summary>
    public DeviceView<T> Empty<T>(nint rows, nint columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceMatrix<T> matrix = Backend.Allocate<T>(rows, columns);
        _owned.Add(matrix);
        DeviceView<T> first = matrix.View.Block(0, 0, 1, 1);
        _wait = first is DeviceView<float> single ? () => Backend.Download(single, _one.View)
            : first is DeviceView<double> wide ? () => Backend.Download(wide, _oneDouble.View)
            : throw new NotSupportedException(typeof(T).Name);
        return matrix.View;
    }

    /// <summary>
    /// Waits for what is queued: a transfer of an element of the newest matrix comes after its last command.
    /// </summary>
    public void Wait() => _wait();

    /// <inheritdoc/>
    public void Dispose()
    {
        _owned.ForEach(matrix => matrix.Dispose());
        _one.Dispose();
        _oneDouble.Dispose();
    }

    private DeviceView<T> Upload<T>(Matrix<T> host)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceView<T> view = Empty<T>(host.Rows, host.Columns);
        Backend.Upload(host.View, view);
        host.Dispose();
        return view;
    }

    private static IEnumerable<nint> Indices(nint count)
    {
        for (nint i = 0; i < count; i++)
        {
            yield return i;
        }
    }
}
