using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>What a fit left: sizes and named arrays, which it owns.</summary>
internal sealed class FittedModel<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<string, Matrix<T>> _arrays = [];
    private ModelSizes? _sizes;

    /// <summary>The sizes; a fit sets them before it is done.</summary>
    public ModelSizes Sizes
    {
        get => _sizes ?? throw new InvalidOperationException("The fit has not set its sizes.");
        set => _sizes = value;
    }

    public IReadOnlyDictionary<string, Matrix<T>> Arrays => _arrays;

    /// <summary>What makes kernels of columns of new samples, where the fit was to such; owned.</summary>
    public ColumnKernelizer<T>? Kernelizer { get; set; }

    /// <summary>The training features, where they were sparse.</summary>
    public CsrMatrix<T>? Sparse { get; set; }

    /// <summary>Takes over an array.</summary>
    public void Add(string name, Matrix<T> array) => _arrays.Add(name, array);

    /// <summary>Keeps a copy of an array; null is not kept.</summary>
    public void Keep(string name, Matrix<T>? array)
    {
        if (array is not null)
        {
            Add(name, Matrix<T>.From(array.View));
        }
    }

    /// <summary>Memory for an array that a solver writes.</summary>
    public MatrixView<T> Allocate(string name, nint rows, nint columns)
    {
        Matrix<T> array = Matrix<T>.Uninitialized(rows, columns);
        Add(name, array);
        return array.View;
    }

    public void Dispose()
    {
        Kernelizer?.Dispose();
        foreach (Matrix<T> array in _arrays.Values)
        {
            array.Dispose();
        }
    }
}
