using System.Numerics;
using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

/// <summary>What a test needs of an operand when it ends.</summary>
internal interface IOperand : IDisposable
{
    /// <summary>Asserts that nothing was written that an operation had no business with.</summary>
    void RequireNoStrayWrites();
}

/// <summary>
/// A matrix on a backend, laid out as a test wants, amid surroundings that show stray reads and writes. An input is
/// surrounded by NaN, which spoils the results of who reads it; an output by numbers, because a stray update of NaN
/// would be NaN again.
/// </summary>
internal sealed class Operand<T> : IOperand
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double NumberAround = 12345;
    private const int RowsBefore = 2;
    private const int ColumnsBefore = 3;
    private const int RowsAfter = 1;
    private const int ColumnsAfter = 5;
    private const int RowStep = 2;
    private const int ColumnStep = 3;

    private readonly IBackend _backend;
    private readonly DeviceMatrix<T> _matrix;
    private readonly T[] _before;
    private readonly bool _isInput;

    private Operand(IBackend backend, double[,] values, Layout layout, bool isInput)
    {
        _backend = backend;
        _isInput = isInput;
        int rows = values.GetLength(0);
        int columns = values.GetLength(1);
        (nint ownerRows, nint ownerColumns) = layout switch
        {
            Layout.Whole => (rows, columns),
            Layout.Window => (RowsBefore + rows + RowsAfter, ColumnsBefore + columns + ColumnsAfter),
            Layout.TransposedWindow => (RowsBefore + columns + RowsAfter, ColumnsBefore + rows + ColumnsAfter),
            _ => (RowsBefore + (rows * RowStep), ColumnsBefore + (columns * ColumnStep)),
        };
        _matrix = backend.Allocate<T>(ownerRows, ownerColumns);
        DeviceView<T> all = _matrix.View;
        View = layout switch
        {
            Layout.Whole => all,
            Layout.Window => all.Block(RowsBefore, ColumnsBefore, rows, columns),
            Layout.TransposedWindow => all.Block(RowsBefore, ColumnsBefore, columns, rows).Transposed,
            _ => all.Block(RowsBefore, ColumnsBefore, rows, columns) with
            {
                RowStride = RowStep * all.RowStride, ColumnStride = ColumnStep * all.ColumnStride,
            },
        };
        _before = new T[ownerRows * ownerColumns];
        Array.Fill(_before, isInput ? T.NaN : T.CreateTruncating(NumberAround));
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                _before[Position(i, j)] = T.CreateTruncating(values[i, j]);
            }
        }

        using Matrix<T> host = Matrix<T>.From(ownerRows, ownerColumns, _before);
        backend.Upload(host.View, all);
    }

    public DeviceView<T> View { get; }

    /// <summary>An operand that must not change.</summary>
    public static Operand<T> Input(IBackend backend, double[,] values, Layout layout) =>
        new(backend, values, layout, isInput: true);

    /// <summary>An operand that an operation writes, with what it holds before.</summary>
    public static Operand<T> Output(IBackend backend, double[,] values, Layout layout) =>
        new(backend, values, layout, isInput: false);

    /// <summary>What the view shows now.</summary>
    public double[,] Values
    {
        get
        {
            T[] memory = Memory();
            double[,] values = new double[View.Rows, View.Columns];
            for (int i = 0; i < View.Rows; i++)
            {
                for (int j = 0; j < View.Columns; j++)
                {
                    values[i, j] = double.CreateTruncating(memory[Position(i, j)]);
                }
            }

            return values;
        }
    }

    public void RequireNoStrayWrites()
    {
        T[] after = Memory();
        bool[] mayChange = new bool[after.Length];
        for (int i = 0; i < View.Rows && !_isInput; i++)
        {
            for (int j = 0; j < View.Columns; j++)
            {
                mayChange[Position(i, j)] = true;
            }
        }

        for (int position = 0; position < after.Length; position++)
        {
            if (!mayChange[position] && !after[position].Equals(_before[position]))
            {
                Assert.Fail(
                    $"Element {position} of the matrix under a {View.Rows} x {View.Columns} {(_isInput ? "input" : "output")} was "
                    + $"{_before[position]} and is {after[position]}.");
            }
        }
    }

    public void Dispose() => _matrix.Dispose();

    private nint Position(nint i, nint j) => View.Offset + (i * View.RowStride) + (j * View.ColumnStride);

    private T[] Memory()
    {
        using Matrix<T> host = new(_matrix.Rows, _matrix.Columns);
        _backend.Download(_matrix.View, host.View);
        T[] memory = new T[_before.Length];
        for (int position = 0; position < memory.Length; position++)
        {
            memory[position] = host[position / _matrix.Columns, position % _matrix.Columns];
        }

        return memory;
    }
}
