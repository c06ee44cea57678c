using System.Numerics;

namespace VemKernels.Solvers.Lasso;

/// <summary>Targets that proximal gradient descent works on, and their matrices on the device.</summary>
internal sealed class WorkingSet<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IBackend _backend;
    private readonly TrainingSet<T> _training;
    private readonly int[] _targets;
    private readonly Matrix<T> _hostActive;
    private readonly Matrix<double> _hostChanges;
    private readonly List<IDisposable> _owned = [];
    private readonly DeviceView<T> _data;
    private readonly DeviceView<T> _weights;
    private readonly DeviceView<T> _point;
    private readonly DeviceView<T> _gradient;
    private readonly DeviceView<T> _residual;
    private readonly DeviceView<T> _thresholds;
    private readonly DeviceView<T> _active;
    private readonly DeviceView<double> _changes;
    private bool _activeIsStale;

    private WorkingSet(
        IBackend backend, TrainingSet<T> training, int[] targets, DeviceView<T>? data, DeviceView<T>? weights)
    {
        _backend = backend;
        _training = training;
        _targets = targets;
        nint p = training.Features;
        _hostActive = new Matrix<T>(1, targets.Length);
        _hostChanges = Matrix<double>.Uninitialized(2, targets.Length);
        try
        {
            _data = data ?? New<T>(training.UsesGram ? p : training.Samples);
            _weights = weights ?? New<T>(p);
            _point = New<T>(p);
            _gradient = New<T>(p);
            _residual = New<T>(training.UsesGram ? 0 : training.Samples);
            _thresholds = New<T>(2);
            _active = New<T>(1);
            _changes = New<double>(2);
            _hostActive.View.Fill(T.One);
            backend.Upload(_hostActive.View, _active);
        }
        catch
        {
            Dispose();
            throw;
        }

        Active = targets.Length;
    }

    /// <summary>Targets that have not converged.</summary>
    public int Active { get; private set; }

    /// <summary>Columns of the matrices, converged targets too.</summary>
    public int Columns => _targets.Length;

    /// <summary>All targets of a tile; works in the memory of weights.</summary>
    public static WorkingSet<T> All(
        IBackend backend, TrainingSet<T> training, DeviceView<T> data, MatrixView<T> thresholds, DeviceView<T> weights)
    {
        WorkingSet<T> set = new(backend, training, [.. Enumerable.Range(0, (int)weights.Columns)], data, weights);
        backend.Upload(thresholds, set._thresholds);
        backend.Copy(weights, set._point);
        return set;
    }

    /// <summary>
    /// The targets that have not converged, in matrices of their own; the weights of all are written.
    /// </summary>
    public WorkingSet<T> Rest(DeviceView<T> weights)
    {
        WriteTo(weights);
        int[] kept = [.. Enumerable.Range(0, Columns).Where(IsActive)];
        WorkingSet<T> rest = new(_backend, _training, Array.ConvertAll(kept, k => _targets[k]), null, null);
        _backend.GatherColumns(_data, kept, rest._data);
        _backend.GatherColumns(_weights, kept, rest._weights);
        _backend.GatherColumns(_point, kept, rest._point);
        _backend.GatherColumns(_thresholds, kept, rest._thresholds);
        return rest;
    }

    /// <summary>The target, within the tile, of a column.</summary>
    public int Target(int column) => _targets[column];

    public bool IsActive(int column) => _hostActive[0, column] != T.Zero;

    /// <summary>One step: gradient, thresholds, momentum.</summary>
    public void Step(double momentum, int[] groupEnds)
    {
        if (_training.UsesGram)
        {
            _training.GradientByGram(_point, _gradient);
        }
        else
        {
            _training.GradientByFeatures(_point, _data, _residual, _gradient);
        }

        _backend.SparseGroupProximalStep(
            _training.Step, momentum, groupEnds, _training.UsesGram ? _data : null, _thresholds, _active, _gradient,
            _point, _weights, _changes);
    }

    /// <summary>Squared norms of the last change, and of the weights: 2 x columns.</summary>
    public MatrixView<double> Changes()
    {
        _backend.Download(_changes, _hostChanges.View);
        return _hostChanges.View;
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
            _backend.Upload(_hostActive.View, _active);
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

            _backend.Copy(
                _weights.SliceColumns(start, end - start), weights.SliceColumns(_targets[start], end - start));
            start = end;
        }
    }

    public void Dispose()
    {
        _owned.ForEach(matrix => matrix.Dispose());
        _hostActive.Dispose();
        _hostChanges.Dispose();
    }

    private DeviceView<TElement> New<TElement>(nint rows)
        where TElement : unmanaged, IBinaryFloatingPointIeee754<TElement>
    {
        DeviceMatrix<TElement> matrix = _backend.Allocate<TElement>(rows, _targets.Length);
        _owned.Add(matrix);
        return matrix.View;
    }
}
