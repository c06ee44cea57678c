using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>The products of <see cref="SplitMoments{S, V, T}"/>, on vectors of doubles.</summary>
internal static unsafe class SplitProducts<D, W, T>
    where D : struct, ISimd<W, double>
    where W : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Arrays of a block: ten sums, four vectors and an address or two fill the registers of AVX2.</summary>
    private const int Block = 4;

    /// <summary>Sums of two different blocks.</summary>
    private const int MostSums = Block * Block;

    /// <summary>
    /// Rows that the sums stay in registers for. Four took 1.1 times as long on large matrices (Zen 4, two threads).
    /// </summary>
    private const int RowsAtOnce = 8;

    /// <summary>
    /// The most columns at a time: a row's piece is two pages of floats, 32 pieces here and 32 below 512 KB, ten sums
    /// of each column 160 KB of the second-level cache.
    /// </summary>
    private const int StripColumns = 2048;

    /// <summary>
    /// Elements from one row of sums to the next: not a part of a page, as in <see cref="PairSums{S, V, T}"/>.
    /// </summary>
    private const int Pitch = StripColumns + 24;

    public static void Run(
        SimdContext context, MatrixView<T> truth, MatrixView<T> predictions, int spaces, MatrixView<double> moments) =>
        Rows.ForBalancedStrips(
            context, StripColumns, truth.Columns, (context, truth, predictions, spaces, moments),
            static (on, first, count) =>
            {
                using Scratch<double> scratch = on.context.Scratch.Rent<double>(MostSums * (nint)Pitch);
                using Scratch<T> zeros = on.context.Scratch.Rent<T>(Pitch);
                zeros.Clear();
                Strip strip = new(
                    on.truth, on.predictions, on.spaces, first, count, zeros.Pointer, scratch.Pointer, on.moments);
                for (int a = 0; a <= on.spaces; a += Block)
                {
                    for (int b = 0; b <= a; b += Block)
                    {
                        strip.Sum(a, b);
                        strip.Write(a, b);
                    }
                }
            });

    /// <summary>Some columns of all arrays: 0 is the truth, i the predictions of space i.</summary>
    private readonly struct Strip(
        MatrixView<T> truth, MatrixView<T> predictions, int spaces, nint first, int count, T* zeros, double* sums,
        MatrixView<double> moments)
    {
        /// <summary>Products of four arrays with themselves, or with four others.</summary>
        public void Sum(int a, int b)
        {
            for (int sum = 0; sum < MostSums; sum++)
            {
                new Span<double>(sums + (sum * Pitch), (count + D.Width - 1) / D.Width * D.Width).Clear();
            }

            for (nint row = 0; row < truth.Rows; row += RowsAtOnce)
            {
                int rows = (int)Math.Min(RowsAtOnce, truth.Rows - row);
                int whole = count / D.Width * D.Width;
                Sum(a, b, row, rows, 0, whole);
                if (whole < count)
                {
                    Sum(a, b, row, rows, whole, count - whole);
                }
            }
        }

        /// <summary>Some rows of some columns: whole vectors, or fewer columns than one has.</summary>
        private void Sum(int a, int b, nint row, int rows, int column, int columns)
        {
            T* edge = stackalloc T[(Block + 1) * RowsAtOnce * D.Width];
            ArrayRows x = Array(a, row, rows, column, columns, edge);
            ArrayRows y = Array(a + 1, row, rows, column, columns, edge + (RowsAtOnce * D.Width));
            ArrayRows z = Array(a + 2, row, rows, column, columns, edge + (2 * RowsAtOnce * D.Width));
            ArrayRows w = Array(a + 3, row, rows, column, columns, edge + (3 * RowsAtOnce * D.Width));
            if (a == b)
            {
                int next = (int)Math.Min(RowsAtOnce, truth.Rows - row - rows);
                Square(x, y, z, w, rows, next, columns, sums + column);
                return;
            }

            for (int k = 0; k < Block; k++)
            {
                ArrayRows other = Array(
                    b + k, row, rows, column, columns, edge + (Block * RowsAtOnce * D.Width));
                Rectangle(x, y, z, w, other, rows, columns, sums + column + (k * Block * Pitch));
            }
        }

        public void Write(int a, int b)
        {
            int at = 0;
            for (int i = 0; i < Block; i++)
            {
                for (int k = 0; k < (a == b ? i + 1 : Block); k++, at++)
                {
                    // Of a square product k of array i, of a rectangular one array i with each other array k.
                    (int array, int other) = a == b ? (a + i, b + k) : (a + k, b + i);
                    if (array <= spaces)
                    {
                        Write(array, other, sums + (at * Pitch));
                    }
                }
            }
        }

        private void Write(int array, int other, double* product)
        {
            MatrixView<double> values = new(product, 1, count, count);
            nint matrix = 1 + spaces;
            if (other == 0)
            {
                values.CopyTo(moments.Block(array, first, 1, count));
                return;
            }

            values.CopyTo(moments.Block(matrix + ((array - 1) * spaces) + other - 1, first, 1, count));
            values.CopyTo(moments.Block(matrix + ((other - 1) * spaces) + array - 1, first, 1, count));
        }

        /// <summary>
        /// Where rows of an array are; of fewer columns than a vector has, a copy with zeros to the right.
        /// </summary>
        private ArrayRows Array(int array, nint row, int rows, int column, int columns, T* edge)
        {
            if (array > spaces)
            {
                return new ArrayRows(zeros, 0);
            }

            MatrixView<T> all = array == 0 ? truth : predictions;
            nint at = array == 0 ? row : ((array - 1) * truth.Rows) + row;
            T* address = all.Pointer + (at * all.RowStride) + first + column;
            if (columns >= D.Width)
            {
                return new ArrayRows(address, all.RowStride);
            }

            new Span<T>(edge, rows * D.Width).Clear();
            for (int r = 0; r < rows; r++)
            {
                new Span<T>(address + (r * all.RowStride), columns).CopyTo(new Span<T>(edge + (r * D.Width), columns));
            }

            return new ArrayRows(edge, D.Width);
        }
    }

    /// <summary>Where some rows of an array are.</summary>
    private readonly record struct ArrayRows(nint Address, nint Stride)
    {
        public ArrayRows(T* address, nint stride)
            : this((nint)address, stride)
        {
        }

        public T* Pointer => (T*)Address;
    }

    /// <summary>
    /// The ten products of four arrays: a row of sums each, in the order 00, 10, 11, 20, ... 33.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Square(
        ArrayRows a, ArrayRows b, ArrayRows c, ArrayRows d, int rows, int next, int columns, double* sums)
    {
        for (int j = 0; j < columns; j += D.Width)
        {
            if (j % (CacheSizes.Line / sizeof(T)) == 0)
            {
                PrefetchNext(a, next, j);
                PrefetchNext(b, next, j);
                PrefetchNext(c, next, j);
                PrefetchNext(d, next, j);
            }

            T* p0 = a.Pointer + j, p1 = b.Pointer + j, p2 = c.Pointer + j, p3 = d.Pointer + j;
            W s00 = D.Load(sums + j);
            W s10 = D.Load(sums + j + (1 * Pitch));
            W s11 = D.Load(sums + j + (2 * Pitch));
            W s20 = D.Load(sums + j + (3 * Pitch));
            W s21 = D.Load(sums + j + (4 * Pitch));
            W s22 = D.Load(sums + j + (5 * Pitch));
            W s30 = D.Load(sums + j + (6 * Pitch));
            W s31 = D.Load(sums + j + (7 * Pitch));
            W s32 = D.Load(sums + j + (8 * Pitch));
            W s33 = D.Load(sums + j + (9 * Pitch));
            for (int r = 0; r < rows; r++)
            {
                W v0 = WideVector<D, W, T>.Load(p0);
                W v1 = WideVector<D, W, T>.Load(p1);
                W v2 = WideVector<D, W, T>.Load(p2);
                W v3 = WideVector<D, W, T>.Load(p3);
                s00 = D.MultiplyAdd(v0, v0, s00);
                s10 = D.MultiplyAdd(v1, v0, s10);
                s11 = D.MultiplyAdd(v1, v1, s11);
                s20 = D.MultiplyAdd(v2, v0, s20);
                s21 = D.MultiplyAdd(v2, v1, s21);
                s22 = D.MultiplyAdd(v2, v2, s22);
                s30 = D.MultiplyAdd(v3, v0, s30);
                s31 = D.MultiplyAdd(v3, v1, s31);
                s32 = D.MultiplyAdd(v3, v2, s32);
                s33 = D.MultiplyAdd(v3, v3, s33);
                p0 += a.Stride;
                p1 += b.Stride;
                p2 += c.Stride;
                p3 += d.Stride;
            }

            D.Store(sums + j, s00);
            D.Store(sums + j + (1 * Pitch), s10);
            D.Store(sums + j + (2 * Pitch), s11);
            D.Store(sums + j + (3 * Pitch), s20);
            D.Store(sums + j + (4 * Pitch), s21);
            D.Store(sums + j + (5 * Pitch), s22);
            D.Store(sums + j + (6 * Pitch), s30);
            D.Store(sums + j + (7 * Pitch), s31);
            D.Store(sums + j + (8 * Pitch), s32);
            D.Store(sums + j + (9 * Pitch), s33);
        }
    }

    /// <summary>The products of four arrays with another: four rows of sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rectangle(
        ArrayRows a, ArrayRows b, ArrayRows c, ArrayRows d, ArrayRows other, int rows, int columns, double* sums)
    {
        for (int j = 0; j < columns; j += D.Width)
        {
            T* p0 = a.Pointer + j, p1 = b.Pointer + j, p2 = c.Pointer + j, p3 = d.Pointer + j;
            T* q = other.Pointer + j;
            W s0 = D.Load(sums + j), s1 = D.Load(sums + j + Pitch);
            W s2 = D.Load(sums + j + (2 * Pitch)), s3 = D.Load(sums + j + (3 * Pitch));
            for (int r = 0; r < rows; r++)
            {
                W v = WideVector<D, W, T>.Load(q);
                s0 = D.MultiplyAdd(WideVector<D, W, T>.Load(p0), v, s0);
                s1 = D.MultiplyAdd(WideVector<D, W, T>.Load(p1), v, s1);
                s2 = D.MultiplyAdd(WideVector<D, W, T>.Load(p2), v, s2);
                s3 = D.MultiplyAdd(WideVector<D, W, T>.Load(p3), v, s3);
                p0 += a.Stride;
                p1 += b.Stride;
                p2 += c.Stride;
                p3 += d.Stride;
                q += other.Stride;
            }

            D.Store(sums + j, s0);
            D.Store(sums + j + Pitch, s1);
            D.Store(sums + j + (2 * Pitch), s2);
            D.Store(sums + j + (3 * Pitch), s3);
        }
    }

    /// <summary>
    /// Asks for the rows after these, of which there are so many: rows of many targets are pages apart, where the
    /// processor's own prefetchers do not follow.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchNext(ArrayRows rows, int count, int column)
    {
        T* next = rows.Pointer + (RowsAtOnce * rows.Stride) + column;
        for (int r = 0; r < count; r++)
        {
            D.PrefetchFar((double*)next);
            next += rows.Stride;
        }
    }
}
