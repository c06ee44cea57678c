using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Sparse matrices from the caller's lists, which are used where they lie.</summary>
internal static unsafe class Csr
{
    /// <summary>The type of a sparse matrix.</summary>
    /// <exception cref="ArgumentException">No matrix, or no type that there is.</exception>
    public static VemType TypeOf(VemCsr* matrix, string name)
    {
        if (matrix is null)
        {
            throw new ArgumentException($"{name} is null; expected a sparse matrix.", name);
        }

        int type = Structures.Read(matrix, sizeof(VemCsr), name).Type;
        return (VemType)type is VemType.Float32 or VemType.Float64 ? (VemType)type : throw new ArgumentException(
            $"{name} is of type {type}; expected {(int)VemType.Float32} (float) or {(int)VemType.Float64} (double).",
            name);
    }

    /// <summary>A sparse matrix that is read.</summary>
    /// <exception cref="ArgumentException">It is not what a sparse matrix of T must be, or overlaps an
    /// output.</exception>
    public static CsrMatrix<T> Read<T>(CallScope scope, VemCsr* matrix, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        VemType type = TypeOf(matrix, name);
        if (type != (typeof(T) == typeof(float) ? VemType.Float32 : VemType.Float64))
        {
            throw new ArgumentException($"{name} is of type {type}; expected that of the other matrices.", name);
        }

        VemCsr given = Structures.Read(matrix, sizeof(VemCsr), name);
        Fields.Reserved(given.Reserved, name);
        int rows = Fields.Count(given.Rows, $"{name}.rows");
        int columns = Fields.Count(given.Columns, $"{name}.columns");
        if (rows == int.MaxValue)
        {
            throw new ArgumentException($"{name}.rows is {rows}; expected fewer.", name);
        }

        CallerMemory<T> values = List((T*)given.Values, given.Entries, $"{name}.values", scope);
        CallerMemory<int> indices = List(given.ColumnIndices, given.Entries, $"{name}.column_indices", scope);
        CallerMemory<int> pointers = List(given.RowPointers, rows + 1L, $"{name}.row_pointers", scope);
        try
        {
            return new CsrMatrix<T>(rows, columns, values.Memory, indices.Memory, pointers.Memory);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"{name}: {exception.Message}", name, exception);
        }
    }

    private static CallerMemory<TElement> List<TElement>(TElement* values, long count, string name, CallScope scope)
        where TElement : unmanaged
    {
        CallScope.RequireCount(values, count, name);
        if ((nuint)values % (nuint)sizeof(TElement) != 0)
        {
            throw new ArgumentException(
                $"{name} is at an address that is not a multiple of {sizeof(TElement)} bytes.", name);
        }

        return new CallerMemory<TElement>(scope.Array(values, (nint)count, name, isWritten: false), (int)count);
    }
}
