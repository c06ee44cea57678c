namespace VemKernels.Interop;

/// <summary>The memory that the arguments of one call occupy: outputs may overlap nothing.</summary>
internal sealed class ByteRanges
{
    private readonly List<Range> _ranges = [];

    /// <summary>Adds a matrix.</summary>
    /// <param name="name">The argument's name.</param>
    /// <param name="matrix">Where it lies; its extent has been checked.</param>
    /// <param name="elementBytes">Bytes of an element.</param>
    /// <param name="isOutput">Whether it is written.</param>
    /// <exception cref="ArgumentException">It overlaps another, and one of the two is written.</exception>
    public unsafe void Add(string name, in VemMatrix matrix, int elementBytes, bool isOutput)
    {
        if (matrix.Rows == 0 || matrix.Columns == 0)
        {
            return;
        }

        long rowBytes = (matrix.Rows - 1) * matrix.RowStride * elementBytes;
        long columnBytes = (matrix.Columns - 1) * matrix.ColumnStride * elementBytes;
        // A buffer of OpenCL is a handle, not an address: two of them share memory only where they are one.
        bool isHandle = (MemorySpace)matrix.Memory == MemorySpace.OpenCL;
        long start = isHandle ? 0 : (long)matrix.Data;
        long first = start + Math.Min(rowBytes, 0) + Math.Min(columnBytes, 0);
        long last = start + Math.Max(rowBytes, 0) + Math.Max(columnBytes, 0) + elementBytes;

        // Rows of elements side by side, or columns: what can lie beside another such without sharing an element.
        bool byRows = matrix.ColumnStride == 1;
        long pitch = (byRows ? matrix.RowStride : matrix.ColumnStride == 0 ? 0 : matrix.ColumnStride) * elementBytes;
        long run = (byRows ? matrix.Columns : matrix.RowStride == 1 ? matrix.Rows : 0) * elementBytes;
        Range added = new(
            name, (MemorySpace)matrix.Memory, isHandle ? (long)matrix.Data : 0, first, last, pitch, run, isOutput);
        foreach (Range other in _ranges)
        {
            if ((isOutput || other.IsOutput) && added.Overlaps(other))
            {
                throw new ArgumentException($"{name} overlaps {other.Name}, and one of them is written.", name);
            }
        }

        _ranges.Add(added);
    }

    /// <summary>Bytes from First to Last; runs of Run bytes, one every Pitch bytes (Run 0: unknown).</summary>
    private readonly record struct Range(
        string Name, MemorySpace Space, long Buffer, long First, long Last, long Pitch, long Run, bool IsOutput)
    {
        public bool Overlaps(Range other)
        {
            if (Space != other.Space || Buffer != other.Buffer)
            {
                return false;
            }

            if (First >= other.Last || other.First >= Last)
            {
                return false;
            }

            // Blocks of columns of one larger matrix interleave without sharing an element.
            if (Pitch <= 0 || Pitch != other.Pitch || Run == 0 || other.Run == 0)
            {
                return true;
            }

            long distance = (((other.First - First) % Pitch) + Pitch) % Pitch;
            return distance < Run || distance + other.Run > Pitch;
        }
    }
}
