using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>
/// Kernels, or the features of several spaces, wherever each of them lies; see <see cref="InputMatrix{T}"/>.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class InputMatrices<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly InputMatrix<T>[] _matrices;

    /// <summary>Takes matrices of any place.</summary>
    public InputMatrices(IEnumerable<InputMatrix<T>> matrices)
    {
        ArgumentNullException.ThrowIfNull(matrices);
        _matrices = [.. matrices];
    }

    /// <summary>Takes matrices in host memory.</summary>
    public InputMatrices(IReadOnlyList<MatrixView<T>> matrices)
    {
        ArgumentNullException.ThrowIfNull(matrices);
        _matrices = [.. matrices.Select(view => new InputMatrix<T>(view))];
    }

    /// <summary>How many.</summary>
    public int Count => _matrices.Length;

    /// <summary>One of them.</summary>
    public InputMatrix<T> this[int index] => _matrices[index];

    /// <summary>Columns of all together.</summary>
    public nint TotalColumns
    {
        get
        {
            nint total = 0;
            foreach (InputMatrix<T> matrix in _matrices)
            {
                total = checked(total + matrix.Columns);
            }

            return total;
        }
    }
}
