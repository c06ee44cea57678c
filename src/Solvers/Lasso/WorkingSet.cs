using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.Lasso;

/// <summary>
/// Targets that proximal gradient descent works on, and their matrices on the device. One object serves one tile after
/// another.
/// </summary>
internal sealed class WorkingSet<T>(IBackend backend) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly HostBuffer<T> _activeMemory = new();
    private readonly HostBuffer<double> _changesMemory = new();
    private TrainingSet<T>? _training;
    private int[] _targets = [];
    private MatrixView<T> _hostActive;
    private DeviceView<T> _data;
    private DeviceView<T> _weights;
    private DeviceLease<T> _ownData;
    private DeviceLease<T> _ownWeights;
    private DeviceLease<T> _point;
    private DeviceLease<T> _gradient;
    private DeviceLease<T> _residual;
    private DeviceLease<T> _thresholds;
    private DeviceLease<T> _active;
    private DeviceLease<double> _changes;
    private bool _activeIsStale;

    /// <summary>Targets that have not converged.</summary>
    public int Active { get; private set; }

    /// <summary>Columns of the matrices, converged targets too.</summary>
    public int Columns { get; private set; }

    private TrainingSet<T> Training =>
        _training ?? throw new InvalidOperationException("No targets have been taken up.");

    /// <summary>Takes up all targets of a tile; works in the memory of weights.</summary>
    public void BeginAll(
        TrainingSet<T> training, DeviceView<T> data, MatrixView<T> thresholds, DeviceView<T> weights)
    {
        Grow((int)weights.Columns);
        for (int k = 0; k < Columns; k++)
        {
            _targets[k] = k;
        }

        _data = data;
        _weights = weights;
        Rent(training);
        backend.Upload(thresholds, _thresholds.View);
        backend.Copy(weights, _point.View);
    }

    /// <summary>
    /// Takes up the targets of another set that have not converged, in matrices of their own.
    /// </summary>
    public void BeginRest(WorkingSet<T> all)
    {
        TrainingSet<T> training = all.Training;
        Grow(all.Active);
        int[] kept = _targets;
        int count = 0;
        for (int k = 0; k < all.Columns; k++)
        {
            if (all.IsActive(k))
            {
                kept[count++] = k;
            }
        }

        _ownData = backend.Rent<T>(all._data.Rows, Columns);
        _ownWeights = backend.Rent<T>(training.Features, Columns);
        (_data, _weights) = (_ownData.View, _ownWeights.View);
        Rent(training);
        ReadOnlySpan<int> columns = kept.AsSpan(0, Columns);
        backend.GatherColumns(all._data, columns, _data);
        backend.GatherColumns(all._weights, columns, _weights);
        backend.GatherColumns(all._point.View, columns, _point.View);
        backend.GatherColumns(all._thresholds.View, columns, _thresholds.View);
        for (int k = 0; k < Columns; k++)
        {
            _targets[k] = all._targets[kept[k]];
        }
    }

    /// <summary>The target, within the tile, of a column.</summary>
    public int Target(int column) => _targets[column];

    public bool IsActive(int column) => _hostActive[0, column] != T.Zero;

    /// <summary>One step: gradient, thresholds, momentum.</summary>
    public void Step(double momentum, int[] groupEnds)
    {
        if (Training.UsesGram)
        {
            Training.GradientByGram(_point.View, _gradient.View);
        }
        else
        {
            Training.GradientByFeatures(_point.View, _data, _residual.View, _gradient.View);
        }

        backend.SparseGroupProximalStep(
            Training.Step, momentum, groupEnds, Training.UsesGram ? _data : null, _thresholds.View,
            _active.View, _gradient.View, _point.View, _weights, _changes.View);
    }

    /// <summary>Squared norms of the last change, and of the weights: 2 x columns.</summary>
    public MatrixView<double> Changes()
    {
        MatrixView<double> host = _changesMemory.View(2, Columns);
        backend.Download(_changes.View, host);
        return host;
    }

    /// <summary>A target has converged; <see cref="UploadActive"/> makes it known to the device.</summary>
    public void Retire(int column)
    {
        _hostActive[0, column] = T.Zero;
        _activeIsStale = true;
        Active--;
    }

    public void UploadActive()
    {
        if (_activeIsStale)
        {
            backend.Upload(_hostActive, _active.View);
            _activeIsStale = false;
        }
    }

    /// <summary>The weights of these targets to their columns of the tile's weights, neighbours together.</summary>
    public void WriteTo(DeviceView<T> weights)
    {
        if (weights == _weights)
        {
            return;
        }

        for (int start = 0; start < Columns;)
        {
            int end = start + 1;
            while (end < Columns && _targets[end] == _targets[end - 1] + 1)
            {
                end++;
            }

            backend.Copy(
                _weights.SliceColumns(start, end - start), weights.SliceColumns(_targets[start], end - start));
            start = end;
        }
    }

    /// <summary>Gives the memory on the device back; the object is ready for the next targets.</summary>
    public void End()
    {
        GiveBack(ref _ownData);
        GiveBack(ref _ownWeights);
        GiveBack(ref _point);
        GiveBack(ref _gradient);
        GiveBack(ref _residual);
        GiveBack(ref _thresholds);
        GiveBack(ref _active);
        GiveBack(ref _changes);
    }

    public void Dispose()
    {
        End();
        _activeMemory.Dispose();
        _changesMemory.Dispose();
    }

    private static void GiveBack<TElement>(ref DeviceLease<TElement> lease)
        where TElement : unmanaged
    {
        lease.Dispose();
        lease = default;
    }

    private void Grow(int columns)
    {
        Columns = columns;
        Active = columns;
        _activeIsStale = false;
        if (_targets.Length < columns)
        {
            _targets = new int[columns];
        }
    }

    private void Rent(TrainingSet<T> training)
    {
        _training = training;
        _point = backend.Rent<T>(training.Features, Columns);
        _gradient = backend.Rent<T>(training.Features, Columns);
        if (!training.UsesGram)
        {
            _residual = backend.Rent<T>(training.Samples, Columns);
        }

        _thresholds = backend.Rent<T>(2, Columns);
        _active = backend.Rent<T>(1, Columns);
        _changes = backend.Rent<double>(2, Columns);
        _hostActive = _activeMemory.View(1, Columns);
        _hostActive.Fill(T.One);
        backend.Upload(_hostActive, _active.View);
    }
}
