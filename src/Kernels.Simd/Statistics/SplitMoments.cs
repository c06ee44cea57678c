using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Products of truth and of predictions split over spaces; the rows of the result are in the contract's order.
/// </summary>
/// <remarks>
/// A block of rows of all spaces goes through every product while it is in the first-level cache, so that memory is read once whatever the
/// number of spaces.
/// </remarks>
internal static unsafe class SplitMoments<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of a block: 2 KB of each space, in float or double, stay in the first-level cache for a dozen spaces.</summary>
    private const int BlockRows = 2;

    /// <summary>Columns at a time: a row's piece is half a page or more of memory, read in one go.</summary>
    private const int StripColumns = 1024;

    /// <summary>Elements from one row of sums to the next: not a part of a page, as in <see cref="PairSums{S, V, T}"/>.</summary>
    private const int Pitch = StripColumns + 24;

    public static void Run(
        SimdContext context, MatrixView<T> truth, MatrixView<T> predictions, int spaces, MatrixView<double> moments) =>
        Rows.ForStrips(context, StripColumns, truth.Columns, (first, count) =>
        {
                        int products = 1 + spaces + (spaces * (spaces + 1) / 2);
            using Scratch<double> scratch = context.Scratch.Rent<double>(products * (nint)Pitch);
            double* sums = scratch.Pointer;
            new Span<double>(sums, products * Pitch).Clear();
            nint n = truth.Rows;
            using Scratch<T> zeros = context.Scratch.Rent<T>(StripColumns);
            new Span<T>(zeros.Pointer, StripColumns).Clear();
            T** rows = stackalloc T*[BlockRows * (1 + spaces)];
            for (nint i = 0; i < n; i += BlockRows)
            {
                // The last row of an odd number is taken with a row of zeros: with itself it would count twice.
                bool isPair = i + 1 < n;
                for (int space = 0; space <= spaces; space++)
                {
                    MatrixView<T> x = space == 0 ? truth : predictions.SliceRows((space - 1) * n, n);
                    rows[2 * space] = x.Pointer + (i * x.RowStride) + first;
                    rows[(2 * space) + 1] = isPair ? rows[2 * space] + x.RowStride : zeros.Pointer;
                    Prefetch(x, i + BlockRows, first, count);
                }

                double* sum = sums;
                Add(rows[0], rows[0], rows[1], rows[1], count, sum);
                for (int space = 1; space <= spaces; space++)
                {
                    sum += Pitch;
                    Add(rows[0], rows[2 * space], rows[1], rows[(2 * space) + 1], count, sum);
                }

                for (int space = 1; space <= spaces; space++)
                {
                    for (int other = 1; other <= space; other++)
                    {
                        sum += Pitch;
                        Add(rows[2 * space], rows[2 * other], rows[(2 * space) + 1], rows[(2 * other) + 1], count, sum);
                    }
                }
            }

            Write(sums, spaces, moments.SliceColumns(first, count));
        });

    /// <summary>Asks for the next block of a space: rows of many targets are pages apart, where no prefetcher of the processor follows.</summary>
    private static void Prefetch(MatrixView<T> x, nint row, nint column, int columns)
    {
        for (nint i = row; i < Math.Min(row + BlockRows, x.Rows); i++)
        {
            T* address = x.Pointer + (i * x.RowStride) + column;
            for (int j = 0; j < columns; j += S.Width)
            {
                S.Prefetch(address + j);
            }
        }
    }

    /// <summary>sums += a b + c d, element by element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(T* a, T* b, T* c, T* d, int columns, double* sums)
    {
        int j = 0;
        for (; j + S.Width <= columns; j += S.Width)
        {
            S.AddProductsToDoubles(S.Load(a + j), S.Load(b + j), S.Load(c + j), S.Load(d + j), sums + j);
        }

        if (j < columns)
        {
            int rest = columns - j;
            S.AddProductsToDoubles(
                S.LoadPartial(a + j, rest), S.LoadPartial(b + j, rest), S.LoadPartial(c + j, rest), S.LoadPartial(d + j, rest), sums + j);
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
