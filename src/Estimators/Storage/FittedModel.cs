using System.Numerics;

namespace VemKernels.Estimators;

/// <summary>What a fit left: sizes and named arrays, which it owns.</summary>
internal sealed class FittedModel<T>(ModelSizes sizes) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<string, Matrix<T>> _arrays = [];

    public ModelSizes Sizes { get; } = sizes;

    public IReadOnlyDictionary<string, Matrix<T>> Arrays => _arrays;

    /// <summary>Takes over an array.</summary>
    public void Add(string name, Matrix<T> array) => _arrays.Add(name, array);

    public void Dispose()
    {
        foreach (Matrix<T> array in _arrays.Values)
        {
            array.Dispose();
        }
    }
}
