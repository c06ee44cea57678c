using System.Numerics;

namespace VemKernels.Estimators;

/// <summary>One kernel a space: the caller's, or made here and owned.</summary>
/// <param name="views">The kernels.</param>
/// <param name="owned">What holds their memory; disposed with the set.</param>
internal sealed class KernelSet<T>(IReadOnlyList<MatrixView<T>> views, IReadOnlyList<IDisposable> owned) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The kernels.</summary>
    public IReadOnlyList<MatrixView<T>> Views { get; } = views;

    /// <summary>Makes kernels one by one; those made are disposed where one fails.</summary>
    public static KernelSet<T> Make(int count, Func<int, Matrix<T>> kernel)
    {
        List<Matrix<T>> owned = [];
        try
        {
            for (int i = 0; i < count; i++)
            {
                owned.Add(kernel(i));
            }
        }
        catch
        {
            owned.ForEach(matrix => matrix.Dispose());
            throw;
        }

        return new KernelSet<T>([.. owned.Select(matrix => matrix.View)], owned);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable kernel in owned)
        {
            kernel.Dispose();
        }
    }
}
