namespace VemKernels.Solvers;

/// <summary>Kernels of several feature spaces between the same samples, in one block of memory; owns it.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class StackedKernels<T> : IDisposable
    where T : unmanaged
{
    private readonly Matrix<T> _memory;
    private readonly nint _rows;

    /// <summary>Room for a kernel a name, each of so many rows and columns.</summary>
    internal StackedKernels(IReadOnlyList<string> names, nint rows, nint columns)
    {
        Names = names;
        _rows = rows;
        _memory = Matrix<T>.Uninitialized(names.Count * rows, columns);
    }

    /// <summary>The feature spaces, in the order of the kernels.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The kernels one under the other: (spaces samples) x training samples.</summary>
    public MatrixView<T> Stacked => _memory.View;

    /// <summary>
    /// The kernels, samples x training samples each, as <see cref="MultipleKernelRidge"/> takes them.
    /// </summary>
    public IReadOnlyList<MatrixView<T>> Views => [.. Enumerable.Range(0, Names.Count).Select(i => this[i])];

    /// <summary>One kernel, samples x training samples.</summary>
    public MatrixView<T> this[int space] => _memory.View.SliceRows(space * _rows, _rows);

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
