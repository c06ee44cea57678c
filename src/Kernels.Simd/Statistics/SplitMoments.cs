using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Products of truth and of predictions split over spaces; the rows of the result are in the contract's order.
/// </summary>
/// <remarks>
/// A block of rows of all spaces is widened to double once, some columns at a time, and goes through every product from the first-level
/// cache: memory is read once and each element converted once, whatever the number of spaces.
/// </remarks>
internal static unsafe class SplitMoments<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Columns at a time: a row's piece is half a page or more of memory, read in one go; the sums of two spaces take 24 KB.</summary>
    private const int StripColumns = 512;

    /// <summary>Elements from one row of sums to the next: not a part of a page, as in <see cref="PairSums{S, V, T}"/>.</summary>
    private const int Pitch = StripColumns + 24;

    /// <summary>Columns that are widened at a time: 2 KB of each space.</summary>
    private const int ChunkColumns = 64;

    public static void Run(
        SimdContext context, MatrixView<T> truth, MatrixView<T> predictions, int spaces, MatrixView<double> moments) =>
        Rows.ForStrips(
            context, StripColumns, truth.Columns, (context, truth, predictions, spaces, moments),
            static (on, first, count) =>
        {
            (SimdContext context, MatrixView<T> truth, MatrixView<T> predictions, int spaces,
                MatrixView<double> moments) = on;
            int products = 1 + spaces + (spaces * (spaces + 1) / 2);
            nint chunk = (nint)ChunkColumns * DoubleRows.Count;
            using Scratch<double> scratch = context.Scratch.Rent<double>((products * (nint)Pitch) + ((1 + spaces) * chunk));
            double* sums = scratch.Pointer;
            double* widened = sums + (products * (nint)Pitch);
            new Span<double>(sums, products * Pitch).Clear();
            nint n = truth.Rows;
            for (nint i = 0; i < n; i += DoubleRows.Count)
            {
                for (int space = 0; space <= spaces; space++)
                {
                    Prefetch(Space(truth, predictions, space), i + DoubleRows.Count, first, count);
                }

                for (int column = 0; column < count; column += ChunkColumns)
                {
                    int wide = Math.Min(ChunkColumns, count - column);
                    for (int space = 0; space <= spaces; space++)
                    {
                        MatrixView<T> x = Space(truth, predictions, space);
                        DoubleRows.Widen(
                            x.Pointer + (i * x.RowStride) + first + column, x.RowStride, (int)Math.Min(DoubleRows.Count, n - i), wide,
                            widened + (space * chunk), ChunkColumns);
                    }

                    AddProducts(widened, chunk, spaces, wide, sums + column);
                }
            }

            Write(sums, spaces, moments.SliceColumns(first, count));
        });

    /// <summary>Truth, or the predictions of a space, counted from 1.</summary>
    private static MatrixView<T> Space(MatrixView<T> truth, MatrixView<T> predictions, int space) =>
        space == 0 ? truth : predictions.SliceRows((space - 1) * truth.Rows, truth.Rows);

    /// <summary>Truth with itself, with each space, then each space with those up to it: a row of sums each.</summary>
    private static void AddProducts(double* widened, nint chunk, int spaces, int columns, double* sums)
    {
        for (int space = 0; space <= spaces; space++)
        {
            DoubleRows.AddProducts(widened, widened + (space * chunk), ChunkColumns, columns, sums);
            sums += Pitch;
        }

        for (int space = 1; space <= spaces; space++)
        {
            for (int other = 1; other <= space; other++)
            {
                DoubleRows.AddProducts(widened + (space * chunk), widened + (other * chunk), ChunkColumns, columns, sums);
                sums += Pitch;
            }
        }
    }

    /// <summary>Asks for the next block of a space: rows of many targets are pages apart, where no prefetcher of the processor follows.</summary>
    private static void Prefetch(MatrixView<T> x, nint row, nint column, int columns)
    {
        for (nint i = row; i < Math.Min(row + DoubleRows.Count, x.Rows); i++)
        {
            T* address = x.Pointer + (i * x.RowStride) + column;
            for (int j = 0; j < columns; j += S.Width)
            {
                S.Prefetch(address + j);
            }
        }
    }

    private static void Write(double* sums, int spaces, MatrixView<double> moments)
    {
        nint columns = moments.Columns;
        for (nint row = 0; row <= spaces; row++)
        {
            new MatrixView<double>(sums, 1, columns, columns).CopyTo(moments.SliceRows(row, 1));
            sums += Pitch;
        }

        for (int space = 0; space < spaces; space++)
        {
            for (int other = 0; other <= space; other++)
            {
                MatrixView<double> product = new(sums, 1, columns, columns);
                product.CopyTo(moments.SliceRows(1 + spaces + (space * spaces) + other, 1));
                product.CopyTo(moments.SliceRows(1 + spaces + (other * spaces) + space, 1));
                sums += Pitch;
            }
        }
    }
}
