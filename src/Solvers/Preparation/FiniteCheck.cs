using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>Looks for NaN and infinity in data, before any work is spent on them.</summary>
/// <remarks>
/// x * 0 is 0 for finite x and NaN for all others, so the sum of x * 0 over a stretch of memory says with one
/// multiply-add a vector whether the stretch is clean; only stretches that are not are looked at value by value.
/// </remarks>
public static unsafe class FiniteCheck
{
    /// <summary>
    /// Elements of a stretch: short enough that a stray NaN costs little, long enough to hide the loop's ends.
    /// </summary>
    private const int Stretch = 4096;

    /// <summary>Scratch for a source that is not in memory, in bytes.</summary>
    private const long ScratchBytes = 16L << 20;

    /// <summary>Counts NaN and infinite values.</summary>
    public static FiniteReport Scan<T>(MatrixView<T> X, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Fortran order is row-major order of the transpose: read memory as it lies.
        bool transpose = !X.HasContiguousRows && X.Transposed.HasContiguousRows;
        MatrixView<T> asItLies = transpose ? X.Transposed : X;
        FiniteReport report = FiniteReport.Finite;
        for (nint i = 0; i < asItLies.Rows; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (nint j = 0; j < asItLies.Columns; j += Stretch)
            {
                MatrixView<T> stretch = asItLies.Block(i, j, 1, Math.Min(Stretch, asItLies.Columns - j));
                if (!IsClean(stretch))
                {
                    FiniteReport found = Count(stretch);
                    (nint row, nint column) = (i, j + found.FirstColumn);
                    report = report.With(found with
                    {
                        FirstRow = transpose ? column : row,
                        FirstColumn = transpose ? row : column,
                    });
                }
            }
        }

        return report;
    }

    /// <summary>Counts NaN and infinite values; data that are not in memory are read a tile at a time.</summary>
    /// <exception cref="OperationCanceledException">The cancellation was asked for.</exception>
    public static FiniteReport Scan<T>(TargetSource<T> source, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.View is MatrixView<T> view)
        {
            return Scan(view, cancellation);
        }

        if (source.Samples == 0 || source.Targets == 0)
        {
            return FiniteReport.Finite;
        }

        nint width = (nint)Math.Clamp(ScratchBytes / (source.Samples * sizeof(T)), 1, source.Targets);
        using Matrix<T> scratch = Matrix<T>.Uninitialized(source.Samples, width);
        FiniteReport report = FiniteReport.Finite;
        for (nint first = 0; first < source.Targets; first += width)
        {
            MatrixView<T> tile = scratch.View.SliceColumns(0, Math.Min(width, source.Targets - first));
            source.Read(first, tile);
            FiniteReport found = Scan(tile, cancellation);
            report = report.With(found with { FirstColumn = first + found.FirstColumn });
        }

        return report;
    }

    /// <summary>Requires finite data.</summary>
    /// <exception cref="ArgumentException">
    /// NaN or infinity; the message names the data, says how many and where the first is.
    /// </exception>
    public static void Require<T>(MatrixView<T> X, string name, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Require(Scan(X, cancellation), name, "column");

    /// <summary>Requires finite data.</summary>
    /// <exception cref="ArgumentException">
    /// NaN or infinity; the message names the data, says how many and where the first is.
    /// </exception>
    public static void Require<T>(TargetSource<T> source, string name, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Require(Scan(source, cancellation), name, "target");

    /// <summary>Requires finite data; responses that lie in the memory of the backend are looked at there.</summary>
    /// <exception cref="ArgumentException">
    /// NaN or infinity; the message names the data, says how many and where the first is.
    /// </exception>
    public static void Require<T>(
        IBackend backend, TargetSource<T> source, string name, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.ViewOn(backend) is { } view)
        {
            Require(backend, view, name, "target", cancellation);
            return;
        }

        Require(source, name, cancellation);
    }

    /// <summary>
    /// Requires finite data in the memory of a backend. A column that holds NaN or infinity has such a mean: the means
    /// alone come to the host, and then the columns whose mean is not finite (a sum of finite doubles may overflow).
    /// </summary>
    internal static void Require<T>(
        IBackend backend, DeviceView<T> X, string name, string column, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (X.IsEmpty)
        {
            return;
        }

        cancellation.ThrowIfCancellationRequested();
        using Matrix<T> means = Matrix<T>.Uninitialized(1, X.Columns);
        using (DeviceMatrix<T> row = backend.Allocate<T>(1, X.Columns))
        {
            backend.ColumnMeans(X, row.View);
            backend.Download(row.View, means.View);
        }

        if (IsClean(means.View))
        {
            return;
        }

        using Matrix<T> suspect = Matrix<T>.Uninitialized(X.Rows, 1);
        FiniteReport report = FiniteReport.Finite;
        for (nint j = 0; j < X.Columns; j++)
        {
            if (!T.IsFinite(means[0, j]))
            {
                cancellation.ThrowIfCancellationRequested();
                backend.Download(X.SliceColumns(j, 1), suspect.View);
                FiniteReport found = Scan(suspect.View, cancellation);
                report = report.With(found with { FirstColumn = j });
            }
        }

        Require(report, name, column);
    }

    private static void Require(FiniteReport report, string name, string column)
    {
        if (!report.IsFinite)
        {
            throw new ArgumentException($"{name}: {report.Describe("sample", column)}.", name);
        }
    }

    private static bool IsClean<T>(MatrixView<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint j = 0;
        T sum = T.Zero;
        if (row.HasContiguousRows)
        {
            Vector<T> sums = Vector<T>.Zero;
            for (; j <= row.Columns - Vector<T>.Count; j += Vector<T>.Count)
            {
                sums += Vector.Load(row.Pointer + j) * Vector<T>.Zero;
            }

            sum = Vector.Sum(sums);
        }

        for (; j < row.Columns; j++)
        {
            sum += row[0, j] * T.Zero;
        }

        return sum == T.Zero;
    }

    private static FiniteReport Count<T>(MatrixView<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long nans = 0;
        long infinities = 0;
        nint first = -1;
        for (nint j = 0; j < row.Columns; j++)
        {
            T value = row[0, j];
            if (!T.IsFinite(value))
            {
                first = first < 0 ? j : first;
                nans += T.IsNaN(value) ? 1 : 0;
                infinities += T.IsInfinity(value) ? 1 : 0;
            }
        }

        return new FiniteReport(nans, infinities, 0, first);
    }
}
