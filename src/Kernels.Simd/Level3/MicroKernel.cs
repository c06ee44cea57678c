using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// The gemm micro-kernels: acc = sum over p of a(:, p) b(p, :) for one micro-tile of C held in registers.
/// <code>
///            b(p, :)  NR = 3 vectors, packed:  panel[p * NR + j]
///            +-----+-----+-----+
///  a(:, p)   |     |     |     |     MR = 8 rows where there are 32 registers (24 accumulators, 3 of b, broadcasts of a
///  MR rows   |  c in registers |     from memory), MR = 4 where there are 16 (12 accumulators, 3 of b, 1 of a).
///  packed:   |     |     |     |
///  block[p * MR + i]     |     |
///            +-----+-----+-----+
/// </code>
/// Source: Van Zee and van de Geijn, "BLIS", ACM TOMS 41(3), 2015. Contract: depth >= 0, a and b packed as above and
/// padded with zeros, all MR x NR elements of row-major c may be written (the macro-kernel hands a scratch tile at the
/// edges of C). With
/// <c>overwrite</c>, c = alpha acc and what c held is not read; else c += alpha acc. MR times <c>lines</c> cache lines
/// from <c>ahead</c>, which need not be anyone's memory, are fetched into the second-level cache on the way: what the
/// caller will multiply later.
/// </summary>
internal static unsafe class MicroKernel<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>Vectors in a row of the micro-tile.</summary>
    private const int Vectors = 3;

    /// <summary>Rows of the kernels for narrow machines and for edges.</summary>
    private const int FewRows = 4;

    public static int Rows
    {
        // A call in a kernel's loop would have all accumulators saved around it.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => S.Registers >= 32 ? 8 : FewRows;
    }

    public static int Columns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vectors * S.Width;
    }

    /// <summary>Computes one micro-tile; see the class.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(
        nint depth, T* a, T* b, T alpha, bool overwrite, T* c, nint stride, T* ahead = null, nint lines = 0)
    {
        if (S.Registers >= 32)
        {
            Run8(depth, a, b, alpha, overwrite, c, stride, ahead, lines);
        }
        else
        {
            Run4(depth, a, b, alpha, overwrite, c, stride);
        }
    }

    /// <summary>
    /// Computes the first rows and columns of a micro-tile: what is left at the lower and right edges of C. The vectors
    /// and, four at a time, the rows that do not reach into it are left out.
    /// </summary>
    public static void RunPart(
        nint depth, T* a, T* b, T alpha, bool overwrite, T* c, nint stride, int rows, int columns)
    {
        int w = S.Width;
        int vectors = (columns + w - 1) / w;
        T* tile = stackalloc T[Rows * Columns];
        if (S.Registers >= 32 && rows > FewRows)
        {
            switch (vectors)
            {
                case 1:
                    Run8By1(depth, a, b, alpha, tile);
                    break;
                case 2:
                    Run8By2(depth, a, b, alpha, tile);
                    break;
                default:
                    Run8(depth, a, b, alpha, overwrite: true, tile, Columns, null, 0);
                    break;
            }
        }
        else
        {
            for (int i = 0; i < rows; i += FewRows)
            {
                T* few = tile + (i * Columns);
                switch (vectors)
                {
                    case 1:
                        Run4By1(depth, a + i, b, alpha, few);
                        break;
                    case 2:
                        Run4By2(depth, a + i, b, alpha, few);
                        break;
                    default:
                        Run4(depth, a + i, b, alpha, overwrite: true, few, Columns);
                        break;
                }
            }
        }

        for (int i = 0; i < rows; i++)
        {
            T* from = tile + (i * Columns);
            T* to = c + (i * stride);
            int j = 0;
            for (; j + w <= columns; j += w)
            {
                S.Store(to + j, overwrite ? S.Load(from + j) : S.Add(S.Load(to + j), S.Load(from + j)));
            }

            if (j < columns)
            {
                int rest = columns - j;
                V value = S.LoadPartial(from + j, rest);
                S.StorePartial(to + j, overwrite ? value : S.Add(S.LoadPartial(to + j, rest), value), rest);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run8(nint depth, T* a, T* b, T alpha, bool overwrite, T* c, nint stride, T* ahead, nint lines)
    {
        int w = S.Width;
        V c00 = S.Zero, c01 = S.Zero, c02 = S.Zero, c10 = S.Zero, c11 = S.Zero, c12 = S.Zero;
        V c20 = S.Zero, c21 = S.Zero, c22 = S.Zero, c30 = S.Zero, c31 = S.Zero, c32 = S.Zero;
        V c40 = S.Zero, c41 = S.Zero, c42 = S.Zero, c50 = S.Zero, c51 = S.Zero, c52 = S.Zero;
        V c60 = S.Zero, c61 = S.Zero, c62 = S.Zero, c70 = S.Zero, c71 = S.Zero, c72 = S.Zero;
        // A row of C is asked for in each eighth of the depth: all at once would keep the loads of b waiting behind
        // memory. The form of these loops is delicate: with a pointer's end instead of a count .NET 10 keeps the
        // accumulators in memory, at a quarter of the rate. CompiledKernelTests reads the compiled code for it.
        nint segment = depth / 8;
        nint left = depth;
        T* expected = c;
        while (left > 0)
        {
            nint steps = left < 2 * segment || segment == 0 ? left : segment;
            left -= steps;
            S.Prefetch(expected);
            S.Prefetch(expected + w);
            S.Prefetch(expected + (2 * w));
            S.Prefetch(expected + (3 * w) - 1);
            expected += stride;
            for (nint line = 0; line < lines; line++)
            {
                S.PrefetchFar(ahead);
                ahead += CacheSizes.Line / sizeof(T);
            }

            for (nint p = 0; p < steps; p++)
            {
                V b0 = S.Load(b), b1 = S.Load(b + w), b2 = S.Load(b + (2 * w));
                V x = S.Broadcast(a[0]);
                c00 = S.MultiplyAdd(x, b0, c00);
                c01 = S.MultiplyAdd(x, b1, c01);
                c02 = S.MultiplyAdd(x, b2, c02);
                x = S.Broadcast(a[1]);
                c10 = S.MultiplyAdd(x, b0, c10);
                c11 = S.MultiplyAdd(x, b1, c11);
                c12 = S.MultiplyAdd(x, b2, c12);
                x = S.Broadcast(a[2]);
                c20 = S.MultiplyAdd(x, b0, c20);
                c21 = S.MultiplyAdd(x, b1, c21);
                c22 = S.MultiplyAdd(x, b2, c22);
                x = S.Broadcast(a[3]);
                c30 = S.MultiplyAdd(x, b0, c30);
                c31 = S.MultiplyAdd(x, b1, c31);
                c32 = S.MultiplyAdd(x, b2, c32);
                x = S.Broadcast(a[4]);
                c40 = S.MultiplyAdd(x, b0, c40);
                c41 = S.MultiplyAdd(x, b1, c41);
                c42 = S.MultiplyAdd(x, b2, c42);
                x = S.Broadcast(a[5]);
                c50 = S.MultiplyAdd(x, b0, c50);
                c51 = S.MultiplyAdd(x, b1, c51);
                c52 = S.MultiplyAdd(x, b2, c52);
                x = S.Broadcast(a[6]);
                c60 = S.MultiplyAdd(x, b0, c60);
                c61 = S.MultiplyAdd(x, b1, c61);
                c62 = S.MultiplyAdd(x, b2, c62);
                x = S.Broadcast(a[7]);
                c70 = S.MultiplyAdd(x, b0, c70);
                c71 = S.MultiplyAdd(x, b1, c71);
                c72 = S.MultiplyAdd(x, b2, c72);
                a += 8;
                b += 3 * w;
            }
        }

        V scale = S.Broadcast(alpha);
        WriteRow(overwrite, c, scale, c00, c01, c02);
        WriteRow(overwrite, c + stride, scale, c10, c11, c12);
        WriteRow(overwrite, c + (2 * stride), scale, c20, c21, c22);
        WriteRow(overwrite, c + (3 * stride), scale, c30, c31, c32);
        WriteRow(overwrite, c + (4 * stride), scale, c40, c41, c42);
        WriteRow(overwrite, c + (5 * stride), scale, c50, c51, c52);
        WriteRow(overwrite, c + (6 * stride), scale, c60, c61, c62);
        WriteRow(overwrite, c + (7 * stride), scale, c70, c71, c72);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run4(nint depth, T* a, T* b, T alpha, bool overwrite, T* c, nint stride)
    {
        int w = S.Width;
        V c00 = S.Zero, c01 = S.Zero, c02 = S.Zero, c10 = S.Zero, c11 = S.Zero, c12 = S.Zero;
        V c20 = S.Zero, c21 = S.Zero, c22 = S.Zero, c30 = S.Zero, c31 = S.Zero, c32 = S.Zero;
        for (nint p = 0; p < depth; p++)
        {
            V b0 = S.Load(b), b1 = S.Load(b + w), b2 = S.Load(b + (2 * w));
            V x = S.Broadcast(a[0]);
            c00 = S.MultiplyAdd(x, b0, c00);
            c01 = S.MultiplyAdd(x, b1, c01);
            c02 = S.MultiplyAdd(x, b2, c02);
            x = S.Broadcast(a[1]);
            c10 = S.MultiplyAdd(x, b0, c10);
            c11 = S.MultiplyAdd(x, b1, c11);
            c12 = S.MultiplyAdd(x, b2, c12);
            x = S.Broadcast(a[2]);
            c20 = S.MultiplyAdd(x, b0, c20);
            c21 = S.MultiplyAdd(x, b1, c21);
            c22 = S.MultiplyAdd(x, b2, c22);
            x = S.Broadcast(a[3]);
            c30 = S.MultiplyAdd(x, b0, c30);
            c31 = S.MultiplyAdd(x, b1, c31);
            c32 = S.MultiplyAdd(x, b2, c32);
            a += Rows;
            b += 3 * w;
        }

        V scale = S.Broadcast(alpha);
        WriteRow(overwrite, c, scale, c00, c01, c02);
        WriteRow(overwrite, c + stride, scale, c10, c11, c12);
        WriteRow(overwrite, c + (2 * stride), scale, c20, c21, c22);
        WriteRow(overwrite, c + (3 * stride), scale, c30, c31, c32);
    }

    /// <summary>Eight rows and the first two vectors; c is a whole tile and is overwritten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run8By2(nint depth, T* a, T* b, T alpha, T* c)
    {
        int w = S.Width;
        V c00 = S.Zero, c01 = S.Zero, c10 = S.Zero, c11 = S.Zero;
        V c20 = S.Zero, c21 = S.Zero, c30 = S.Zero, c31 = S.Zero;
        V c40 = S.Zero, c41 = S.Zero, c50 = S.Zero, c51 = S.Zero;
        V c60 = S.Zero, c61 = S.Zero, c70 = S.Zero, c71 = S.Zero;
        for (nint p = 0; p < depth; p++)
        {
            V b0 = S.Load(b), b1 = S.Load(b + w);
            V x = S.Broadcast(a[0]);
            c00 = S.MultiplyAdd(x, b0, c00);
            c01 = S.MultiplyAdd(x, b1, c01);
            x = S.Broadcast(a[1]);
            c10 = S.MultiplyAdd(x, b0, c10);
            c11 = S.MultiplyAdd(x, b1, c11);
            x = S.Broadcast(a[2]);
            c20 = S.MultiplyAdd(x, b0, c20);
            c21 = S.MultiplyAdd(x, b1, c21);
            x = S.Broadcast(a[3]);
            c30 = S.MultiplyAdd(x, b0, c30);
            c31 = S.MultiplyAdd(x, b1, c31);
            x = S.Broadcast(a[4]);
            c40 = S.MultiplyAdd(x, b0, c40);
            c41 = S.MultiplyAdd(x, b1, c41);
            x = S.Broadcast(a[5]);
            c50 = S.MultiplyAdd(x, b0, c50);
            c51 = S.MultiplyAdd(x, b1, c51);
            x = S.Broadcast(a[6]);
            c60 = S.MultiplyAdd(x, b0, c60);
            c61 = S.MultiplyAdd(x, b1, c61);
            x = S.Broadcast(a[7]);
            c70 = S.MultiplyAdd(x, b0, c70);
            c71 = S.MultiplyAdd(x, b1, c71);
            a += 8;
            b += Columns;
        }

        V scale = S.Broadcast(alpha);
        S.Store(c, S.Multiply(scale, c00));
        S.Store(c + w, S.Multiply(scale, c01));
        S.Store(c + Columns, S.Multiply(scale, c10));
        S.Store(c + Columns + w, S.Multiply(scale, c11));
        S.Store(c + (2 * Columns), S.Multiply(scale, c20));
        S.Store(c + (2 * Columns) + w, S.Multiply(scale, c21));
        S.Store(c + (3 * Columns), S.Multiply(scale, c30));
        S.Store(c + (3 * Columns) + w, S.Multiply(scale, c31));
        S.Store(c + (4 * Columns), S.Multiply(scale, c40));
        S.Store(c + (4 * Columns) + w, S.Multiply(scale, c41));
        S.Store(c + (5 * Columns), S.Multiply(scale, c50));
        S.Store(c + (5 * Columns) + w, S.Multiply(scale, c51));
        S.Store(c + (6 * Columns), S.Multiply(scale, c60));
        S.Store(c + (6 * Columns) + w, S.Multiply(scale, c61));
        S.Store(c + (7 * Columns), S.Multiply(scale, c70));
        S.Store(c + (7 * Columns) + w, S.Multiply(scale, c71));
    }

    /// <summary>Eight rows and the first vector; c is a whole tile and is overwritten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run8By1(nint depth, T* a, T* b, T alpha, T* c)
    {
        V c00 = S.Zero, c10 = S.Zero, c20 = S.Zero, c30 = S.Zero;
        V c40 = S.Zero, c50 = S.Zero, c60 = S.Zero, c70 = S.Zero;
        for (nint p = 0; p < depth; p++)
        {
            V b0 = S.Load(b);
            c00 = S.MultiplyAdd(S.Broadcast(a[0]), b0, c00);
            c10 = S.MultiplyAdd(S.Broadcast(a[1]), b0, c10);
            c20 = S.MultiplyAdd(S.Broadcast(a[2]), b0, c20);
            c30 = S.MultiplyAdd(S.Broadcast(a[3]), b0, c30);
            c40 = S.MultiplyAdd(S.Broadcast(a[4]), b0, c40);
            c50 = S.MultiplyAdd(S.Broadcast(a[5]), b0, c50);
            c60 = S.MultiplyAdd(S.Broadcast(a[6]), b0, c60);
            c70 = S.MultiplyAdd(S.Broadcast(a[7]), b0, c70);
            a += 8;
            b += Columns;
        }

        V scale = S.Broadcast(alpha);
        S.Store(c, S.Multiply(scale, c00));
        S.Store(c + Columns, S.Multiply(scale, c10));
        S.Store(c + (2 * Columns), S.Multiply(scale, c20));
        S.Store(c + (3 * Columns), S.Multiply(scale, c30));
        S.Store(c + (4 * Columns), S.Multiply(scale, c40));
        S.Store(c + (5 * Columns), S.Multiply(scale, c50));
        S.Store(c + (6 * Columns), S.Multiply(scale, c60));
        S.Store(c + (7 * Columns), S.Multiply(scale, c70));
    }

    /// <summary>Four rows and the first two vectors; c is a whole tile and is overwritten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run4By2(nint depth, T* a, T* b, T alpha, T* c)
    {
        int w = S.Width;
        V c00 = S.Zero, c01 = S.Zero, c10 = S.Zero, c11 = S.Zero;
        V c20 = S.Zero, c21 = S.Zero, c30 = S.Zero, c31 = S.Zero;
        for (nint p = 0; p < depth; p++)
        {
            V b0 = S.Load(b), b1 = S.Load(b + w);
            V x = S.Broadcast(a[0]);
            c00 = S.MultiplyAdd(x, b0, c00);
            c01 = S.MultiplyAdd(x, b1, c01);
            x = S.Broadcast(a[1]);
            c10 = S.MultiplyAdd(x, b0, c10);
            c11 = S.MultiplyAdd(x, b1, c11);
            x = S.Broadcast(a[2]);
            c20 = S.MultiplyAdd(x, b0, c20);
            c21 = S.MultiplyAdd(x, b1, c21);
            x = S.Broadcast(a[3]);
            c30 = S.MultiplyAdd(x, b0, c30);
            c31 = S.MultiplyAdd(x, b1, c31);
            a += Rows;
            b += 3 * w;
        }

        V scale = S.Broadcast(alpha);
        S.Store(c, S.Multiply(scale, c00));
        S.Store(c + w, S.Multiply(scale, c01));
        S.Store(c + Columns, S.Multiply(scale, c10));
        S.Store(c + Columns + w, S.Multiply(scale, c11));
        S.Store(c + (2 * Columns), S.Multiply(scale, c20));
        S.Store(c + (2 * Columns) + w, S.Multiply(scale, c21));
        S.Store(c + (3 * Columns), S.Multiply(scale, c30));
        S.Store(c + (3 * Columns) + w, S.Multiply(scale, c31));
    }

    /// <summary>Four rows and the first vector; c is a whole tile and is overwritten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run4By1(nint depth, T* a, T* b, T alpha, T* c)
    {
        V c0 = S.Zero, c1 = S.Zero, c2 = S.Zero, c3 = S.Zero;
        for (nint p = 0; p < depth; p++)
        {
            V b0 = S.Load(b);
            c0 = S.MultiplyAdd(S.Broadcast(a[0]), b0, c0);
            c1 = S.MultiplyAdd(S.Broadcast(a[1]), b0, c1);
            c2 = S.MultiplyAdd(S.Broadcast(a[2]), b0, c2);
            c3 = S.MultiplyAdd(S.Broadcast(a[3]), b0, c3);
            a += Rows;
            b += Columns;
        }

        V scale = S.Broadcast(alpha);
        S.Store(c, S.Multiply(scale, c0));
        S.Store(c + Columns, S.Multiply(scale, c1));
        S.Store(c + (2 * Columns), S.Multiply(scale, c2));
        S.Store(c + (3 * Columns), S.Multiply(scale, c3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteRow(bool overwrite, T* c, V scale, V c0, V c1, V c2)
    {
        int w = S.Width;
        if (overwrite)
        {
            S.Store(c, S.Multiply(scale, c0));
            S.Store(c + w, S.Multiply(scale, c1));
            S.Store(c + (2 * w), S.Multiply(scale, c2));
            return;
        }

        S.Store(c, S.MultiplyAdd(scale, c0, S.Load(c)));
        S.Store(c + w, S.MultiplyAdd(scale, c1, S.Load(c + w)));
        S.Store(c + (2 * w), S.MultiplyAdd(scale, c2, S.Load(c + (2 * w))));
    }
}
