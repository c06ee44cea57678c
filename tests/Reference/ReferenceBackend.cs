using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Reference;

/// <summary>
/// The contract of <see cref="IBackend"/> in plain loops, for tests: what is right before what is fast. Every operation
/// copies its operands into arrays of double, computes in double whatever T is, and rounds to T once, at its end; so it
/// is also the oracle of float kernels.
/// </summary>
/// <remarks>
/// It plays a device whose memory is far away: host memory cannot be adopted, every transfer is counted, fresh memory
/// holds NaN, and outputs that overlap inputs are refused where other backends would silently go wrong.
/// </remarks>
public sealed partial class ReferenceBackend : IBackend
{
    /// <summary>
    /// Small, and a multiple of nothing, so that tests of a few targets run through whole and partial tiles.
    /// </summary>
    private const int OddTile = 7;

    private bool _disposed;

    /// <inheritdoc/>
    public BackendInfo Info => new(
        Id: "reference",
        Name: "plain loops in double precision",
        InstructionSet: "none",
        Threads: 1,
        MemoryBytes: Math.Min(AllocationLimitBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
        SharesHostMemory: false,
        PreferredTile: OddTile);

    /// <summary>Refuses further work. Matrices that are still live stay counted.</summary>
    public void Dispose() => _disposed = true;

    /// <summary>The matrix a view looks at, after all checks that do not depend on the operation.</summary>
    private ReferenceMatrix<T> Own<T>(DeviceView<T> view, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequireSupported<T>();
        if (view.Owner is not ReferenceMatrix<T> owner || owner.Backend != this)
        {
            throw new ArgumentException($"{name} is not a view of a matrix of this backend.", name);
        }

        int length = owner.Values.Length;
        if (view.Rows < 0 || view.Columns < 0)
        {
            throw new ArgumentException($"{name} is {view.Rows} x {view.Columns}; sizes are never negative.", name);
        }

        if (!view.IsEmpty)
        {
            (nint first, nint last) = Extent(view);
            if (first < 0 || last >= length)
            {
                throw new ArgumentException(
                    $"{name} reaches elements {first} to {last} of a matrix of {length} elements.", name);
            }
        }

        return owner;
    }

    /// <summary>Lowest and highest position in the owner's memory of the elements of a view that has some.</summary>
    private static (nint First, nint Last) Extent<T>(DeviceView<T> view)
        where T : unmanaged
    {
        nint alongRows = (view.Rows - 1) * view.RowStride;
        nint alongColumns = (view.Columns - 1) * view.ColumnStride;
        return (
            view.Offset + Math.Min(alongRows, 0) + Math.Min(alongColumns, 0),
            view.Offset + Math.Max(alongRows, 0) + Math.Max(alongColumns, 0));
    }

    private static void RequireSupported<T>()
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new NotSupportedException($"Matrices hold float or double, not {typeof(T).Name}.");
        }
    }

    /// <summary>Copies a view into rows of doubles: exact.</summary>
    private double[][] Read<T>(DeviceView<T> view, [CallerArgumentExpression(nameof(view))] string name = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] memory = Own(view, name).Values;
        double[][] A = Dense.Zeros((int)view.Rows, (int)view.Columns);
        for (int i = 0; i < A.Length; i++)
        {
            for (int j = 0; j < A[i].Length; j++)
            {
                A[i][j] = double.CreateTruncating(memory[Position(view, i, j)]);
            }
        }

        return A;
    }

    /// <summary>Copies rows of doubles into a view, each element rounded to T.</summary>
    private void Write<T>(double[][] A, DeviceView<T> view, [CallerArgumentExpression(nameof(view))] string name = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] memory = Own(view, name).Values;
        for (int i = 0; i < view.Rows; i++)
        {
            for (int j = 0; j < view.Columns; j++)
            {
                memory[Position(view, i, j)] = T.CreateTruncating(A[i][j]);
            }
        }
    }

    /// <summary>Reads n elements that stand in a row or in a column.</summary>
    private double[] ReadVector<T>(DeviceView<T> view, nint n, [CallerArgumentExpression(nameof(view))] string name = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool isRow = view.Rows == 1 && view.Columns == n;
        bool isColumn = view.Columns == 1 && view.Rows == n;
        if (!isRow && !isColumn)
        {
            throw new ArgumentException($"{name} is {view.Rows} x {view.Columns}; expected {n} x 1 or 1 x {n}.", name);
        }

        return Read(isRow ? view : view.Transposed, name)[0];
    }

    private static nint Position<T>(DeviceView<T> view, nint i, nint j)
        where T : unmanaged => view.Offset + (i * view.RowStride) + (j * view.ColumnStride);

    /// <summary>Requires that an operation does not write what it reads.</summary>
    private void RequireDisjoint<T, TOutput>(
        DeviceView<T> input, DeviceView<TOutput> output, [CallerArgumentExpression(nameof(input))] string name = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOutput : unmanaged, IBinaryFloatingPointIeee754<TOutput>
    {
        if (output is not DeviceView<T> written || written.Owner != input.Owner)
        {
            return;
        }

        bool[] isWritten = new bool[Own(input, name).Values.Length];
        ForEachPosition(written, position => isWritten[position] = true);
        bool overlaps = false;
        ForEachPosition(input, position => overlaps |= isWritten[position]);
        if (overlaps)
        {
            throw new ArgumentException($"{name} overlaps the output of the operation.", name);
        }
    }

    private static void ForEachPosition<T>(DeviceView<T> view, Action<nint> visit)
        where T : unmanaged
    {
        for (nint i = 0; i < view.Rows; i++)
        {
            for (nint j = 0; j < view.Columns; j++)
            {
                visit(Position(view, i, j));
            }
        }
    }
}
