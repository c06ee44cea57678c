using System.Numerics;
using VemKernels.Data;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Sparse training features as files: values, columns and row pointers, as scipy's csr_matrix has them.
/// </summary>
internal static class SparseArrays
{
    private const string ValuesFile = "x_fit_data.npy";
    private const string ColumnsFile = "x_fit_indices.npy";
    private const string RowsFile = "x_fit_indptr.npy";

    /// <summary>Writes the files; path gives the place of each.</summary>
    public static void Write<T>(CsrMatrix<T> X, Func<string, string> path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NpyFile.WriteVector(path(ValuesFile), X.Values.Span);
        NpyFile.WriteVector(path(ColumnsFile), X.ColumnIndices.Span);
        NpyFile.WriteVector(path(RowsFile), X.RowPointers.Span);
    }

    /// <summary>Reads the files of a folder.</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">The files make no matrix of such size.</exception>
    public static CsrMatrix<T> Read<T>(string folder, long rows, long columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using NpyArray values = NpyFile.Open(Path.Combine(folder, ValuesFile));
        using NpyArray indices = NpyFile.Open(Path.Combine(folder, ColumnsFile));
        using NpyArray pointers = NpyFile.Open(Path.Combine(folder, RowsFile));
        try
        {
            return new CsrMatrix<T>(
                checked((int)rows), checked((int)columns), Array.ConvertAll(values.ToDoubles(), T.CreateTruncating),
                Array.ConvertAll(indices.ToInts(), value => checked((int)value)),
                Array.ConvertAll(pointers.ToInts(), value => checked((int)value)));
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw new DataFormatException(
                Path.Combine(folder, ValuesFile), $"damaged: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }
}
