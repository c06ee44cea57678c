using System.Numerics;
using System.Text;

namespace VemKernels.Data;

/// <summary>
/// An array of any number of dimensions as a .npy file or an entry of a .npz file holds it: in memory or in a mapped
/// file, any element type, byte order and index order. Its methods copy out of it.
/// </summary>
/// <remarks>Shapes, types and orders are numpy's. An array read from a file keeps its name for messages.</remarks>
public sealed unsafe class NpyArray : IDisposable
{
    private const int MatrixDimensions = 2;

    private readonly string _name;
    private readonly NativeBytes _bytes;
    private readonly long _offset;

    /// <summary>Takes over the bytes; the data begin at the offset.</summary>
    internal NpyArray(string name, NpyHeader header, NativeBytes bytes, long offset)
    {
        _name = name;
        Header = header;
        _bytes = bytes;
        _offset = offset;
    }

    /// <summary>Element type, shape and order.</summary>
    public NpyHeader Header { get; }

    /// <summary>Length of each dimension; empty for a scalar.</summary>
    public IReadOnlyList<nint> Shape => Header.Shape;

    /// <summary>The element type.</summary>
    public NpyDType DType => Header.Type;

    private byte* Data => _bytes.Pointer + _offset;

    /// <summary>Copies numbers into an array.</summary>
    /// <param name="values">The elements in C order.</param>
    /// <param name="shape">Length of each dimension; none for a scalar.</param>
    /// <exception cref="ArgumentException">The shape has another number of elements.</exception>
    public static NpyArray From<T>(ReadOnlySpan<T> values, params ReadOnlySpan<nint> shape)
        where T : unmanaged
    {
        NpyHeader header = new(NpyDType.Of<T>(), shape);
        if (header.Count != values.Length)
        {
            throw new ArgumentException(
                $"{values.Length} values for a shape of {ShapeText.Of(header.Shape)}.", nameof(values));
        }

        NativeBytes bytes = NativeBytes.Allocate(header.DataBytes);
        values.CopyTo(new Span<T>(bytes.Pointer, values.Length));
        return new("array", header, bytes, offset: 0);
    }

    /// <summary>Copies a matrix into an array of its shape.</summary>
    public static NpyArray From<T>(MatrixView<T> view)
        where T : unmanaged
    {
        NpyHeader header = new(NpyDType.Of<T>(), view.Rows, view.Columns);
        NativeBytes bytes = NativeBytes.Allocate(header.DataBytes);
        view.CopyTo(new MatrixView<T>((T*)bytes.Pointer, view.Rows, view.Columns, view.Columns));
        return new("array", header, bytes, offset: 0);
    }

    /// <summary>Makes a scalar array of text, such as metadata in JSON.</summary>
    public static NpyArray FromText(string text)
    {
        byte[] encoded = TextEncoding(!BitConverter.IsLittleEndian).GetBytes(text);
        NpyHeader header = new(NpyDType.OfText(Math.Max(1, encoded.Length / NpyDType.UnicodeBytes)));
        NativeBytes bytes = NativeBytes.Allocate(header.DataBytes);
        Span<byte> data = new(bytes.Pointer, (int)header.DataBytes);
        data.Clear();
        encoded.CopyTo(data);
        return new("array", header, bytes, offset: 0);
    }

    /// <summary>
    /// Copies a matrix out: the whole array, or that part of it which the indices of the leading dimensions choose.
    /// What remains may have two dimensions (rows x columns), one (a column) or none (1 x 1).
    /// </summary>
    /// <param name="leading">
    /// Indices of the first dimensions: for kernels of shape 3 x 60 x 60, <c>ToMatrix&lt;double&gt;(2)</c> is the last.
    /// </param>
    /// <exception cref="DataFormatException">More than two dimensions remain, or the elements are text.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// More indices than dimensions, or an index outside its dimension.
    /// </exception>
    public Matrix<T> ToMatrix<T>(params ReadOnlySpan<nint> leading)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementGrid grid = Grid(leading);
        Matrix<T> matrix = Matrix<T>.Uninitialized(grid.Rows, grid.Columns);
        grid.CopyTo(matrix.View);
        GC.KeepAlive(this);
        return matrix;
    }

    /// <summary>All numbers in C order.</summary>
    /// <exception cref="DataFormatException">The elements are text.</exception>
    public double[] ToDoubles()
    {
        RequireNumbers();
        return ToArray<double>();
    }

    /// <summary>All numbers in C order, as integers.</summary>
    /// <exception cref="DataFormatException">The elements are not integers, or one is beyond 63 bits.</exception>
    public long[] ToInts()
    {
        RequireNumbers();
        if (!DType.Element.IsInteger())
        {
            throw new DataFormatException(_name, $"holds {DType} where integers are needed");
        }

        long[] values = ToArray<long>();
        if (DType.Element == ElementType.UInt64 && Array.Exists(values, value => value < 0))
        {
            throw new DataFormatException(_name, $"holds a value above {long.MaxValue}");
        }

        return values;
    }

    /// <summary>The text of a scalar.</summary>
    /// <exception cref="DataFormatException">It is not text, or not a scalar.</exception>
    public string ToText()
    {
        if (DType.Kind == NpyKind.Number || Shape.Count != 0)
        {
            throw new DataFormatException(_name, $"holds {ShapeText.Of(Shape)} {DType} where one text is needed");
        }

        ReadOnlySpan<byte> bytes = new(Data, DType.ItemSize);
        Encoding encoding = DType.Kind == NpyKind.Unicode ? TextEncoding(DType.IsBigEndian) : Encoding.Latin1;
        string text = encoding.GetString(bytes).TrimEnd('\0');
        GC.KeepAlive(this);
        return text;
    }

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();

    /// <summary>
    /// Reads an array from a stream whose length is known beforehand (so that a damaged header cannot ask for all
    /// memory).
    /// </summary>
    internal static NpyArray Read(Stream stream, long length, string name)
    {
        NpyHeader header = NpyHeader.Read(stream, name);
        header.RequireData(length - header.DataOffset, name);
        NativeBytes bytes = NativeBytes.Allocate(header.DataBytes);
        header.RequireData(bytes.FillFrom(stream), name);
        return new(name, header, bytes, offset: 0);
    }

    /// <summary>Maps a file.</summary>
    internal static NpyArray Map(string path)
    {
        NpyHeader header;
        using (FileStream stream = InputFile.Open(path))
        {
            header = NpyHeader.Read(stream, path);
        }

        NativeBytes bytes = NativeBytes.Map(path);
        try
        {
            header.RequireData(bytes.Length - header.DataOffset, path);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }

        return new(path, header, bytes, header.DataOffset);
    }

    /// <summary>Writes header and data as a .npy file holds them.</summary>
    internal void WriteTo(Stream stream)
    {
        stream.Write(Header.ToBytes());
        NativeBytes.Write(stream, Data, Header.DataBytes);
        GC.KeepAlive(this);
    }

    /// <summary>The part that <see cref="ToMatrix"/> would copy, in place: valid while this array is.</summary>
    internal ElementGrid Grid(ReadOnlySpan<nint> leading)
    {
        RequireNumbers();
        int remaining = Shape.Count - leading.Length;
        ArgumentOutOfRangeException.ThrowIfNegative(remaining, nameof(leading));
        if (remaining > MatrixDimensions)
        {
            string part = leading.IsEmpty ? "the array" : $"the part chosen by {leading.Length} leading indices";
            throw new DataFormatException(
                _name, $"{part} has {remaining} dimensions, shape {ShapeText.Of([.. Shape.Skip(leading.Length)])}; "
                + $"a matrix has at most {MatrixDimensions}");
        }

        nint start = (nint)Data;
        nint[] steps = Steps();
        for (int i = 0; i < leading.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(leading[i], nameof(leading));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(leading[i], Shape[i], nameof(leading));
            start += leading[i] * steps[i];
        }

        int rows = leading.Length;
        int columns = rows + 1;
        return new(
            start,
            DType.Element,
            DType.IsSwapped,
            remaining > 0 ? Shape[rows] : 1,
            remaining > 1 ? Shape[columns] : 1,
            remaining > 0 ? steps[rows] : DType.ItemSize,
            remaining > 1 ? steps[columns] : DType.ItemSize);
    }

    private T[] ToArray<T>()
        where T : unmanaged, INumberBase<T>
    {
        T[] values = new T[Header.Count];
        if (values.Length == 0)
        {
            return values;
        }

        nint[] leading = new nint[Math.Max(0, Shape.Count - MatrixDimensions)];
        fixed (T* first = values)
        {
            T* next = first;
            do
            {
                ElementGrid grid = Grid(leading);
                grid.CopyTo(new MatrixView<T>(next, grid.Rows, grid.Columns, grid.Columns));
                next += grid.Rows * grid.Columns;
            }
            while (Advance(leading));
        }

        GC.KeepAlive(this);
        return values;
    }

    /// <summary>Counts up the indices, the last one fastest; false after the last combination.</summary>
    private bool Advance(nint[] leading)
    {
        for (int i = leading.Length - 1; i >= 0; i--)
        {
            if (++leading[i] < Shape[i])
            {
                return true;
            }

            leading[i] = 0;
        }

        return false;
    }

    /// <summary>Bytes from one index to the next, for each dimension.</summary>
    private nint[] Steps()
    {
        nint[] steps = new nint[Shape.Count];
        nint step = DType.ItemSize;
        for (int i = 0; i < steps.Length; i++)
        {
            int dimension = Header.FortranOrder ? i : steps.Length - 1 - i;
            steps[dimension] = step;
            step *= Shape[dimension];
        }

        return steps;
    }

    private void RequireNumbers()
    {
        if (DType.Kind != NpyKind.Number)
        {
            throw new DataFormatException(_name, $"holds {DType} where numbers are needed");
        }
    }

    private static UTF32Encoding TextEncoding(bool bigEndian) => new(bigEndian, byteOrderMark: false);
}
