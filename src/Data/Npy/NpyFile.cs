using System.Numerics;

namespace VemKernels.Data;

/// <summary>Reads and writes whole .npy files, of any size.</summary>
/// <remarks>Files are written beside and renamed: a failed write leaves nothing.</remarks>
public static unsafe class NpyFile
{
    /// <summary>How much of a matrix that is not contiguous is packed before it is written.</summary>
    private const int PackedBytes = 1 << 20;

    /// <summary>
    /// Reads numbers as a matrix: two dimensions are rows x columns, one is a single column, none is 1 x 1. Converts
    /// from bool, all integers and float16, float32, float64, either byte order, C or Fortran order.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">
    /// It is not a .npy file of at most two dimensions of numbers, or is truncated.
    /// </exception>
    public static Matrix<T> Read<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using NpyArray array = NpyArray.Map(path);
        return array.ToMatrix<T>();
    }

    /// <summary>
    /// Opens a file of any shape and type, mapped into memory. The file stays open until the array is disposed.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is not a .npy file that we read, or is truncated.</exception>
    public static NpyArray Open(string path) => NpyArray.Map(path);

    /// <summary>Writes a matrix (rows x columns) in C order.</summary>
    /// <typeparam name="T">float, double, int, long or another number.</typeparam>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, MatrixView<T> matrix)
        where T : unmanaged
    {
        NpyHeader header = new(NpyDType.Of<T>(), matrix.Rows, matrix.Columns);
        using AtomicFile file = new(path, header.DataOffset + header.DataBytes);
        file.Stream.Write(header.ToBytes());
        WriteRows(file.Stream, matrix);
        file.Commit();
    }

    /// <summary>Writes an array of one dimension.</summary>
    /// <typeparam name="T">float, double, int, long or another number.</typeparam>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteVector<T>(string path, ReadOnlySpan<T> vector)
        where T : unmanaged
    {
        NpyHeader header = new(NpyDType.Of<T>(), vector.Length);
        using AtomicFile file = new(path, header.DataOffset + header.DataBytes);
        file.Stream.Write(header.ToBytes());
        fixed (T* first = vector)
        {
            NativeBytes.Write(file.Stream, (byte*)first, header.DataBytes);
        }

        file.Commit();
    }

    /// <summary>Writes an array of any shape as it is (type, byte order and index order).</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteArray(string path, NpyArray array)
    {
        using AtomicFile file = new(path, array.Header.DataOffset + array.Header.DataBytes);
        array.WriteTo(file.Stream);
        file.Commit();
    }

    private static void WriteRows<T>(Stream stream, MatrixView<T> matrix)
        where T : unmanaged
    {
        if (matrix.HasContiguousRows && (matrix.RowStride == matrix.Columns || matrix.Rows <= 1))
        {
            NativeBytes.Write(stream, (byte*)matrix.Pointer, (long)matrix.Rows * matrix.Columns * sizeof(T));
            return;
        }

        nint rowBytes = Math.Max(1, matrix.Columns * sizeof(T));
        nint blockRows = Math.Clamp(PackedBytes / rowBytes, 1, Math.Max(1, matrix.Rows));
        using Matrix<T> packed = Matrix<T>.Uninitialized(blockRows, matrix.Columns);
        for (nint first = 0; first < matrix.Rows; first += blockRows)
        {
            nint rows = Math.Min(blockRows, matrix.Rows - first);
            matrix.SliceRows(first, rows).CopyTo(packed.View.SliceRows(0, rows));
            NativeBytes.Write(stream, (byte*)packed.View.Pointer, (long)rows * rowBytes);
        }
    }
}
