using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Packing for the micro-kernel: panels whose next element is always the next address, padded with zeros to whole
/// panels.
/// <code>
///   A (rows x depth):  panel[p * MR + i] = A(i, p)     B (depth x columns):  panel[p * NR + j] = B(p, j)
/// </code>
/// Any strides come in; the two contiguous cases have loops of their own.
/// </summary>
internal static unsafe class Packing<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>Packs up to MR rows of A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PanelA(MatrixView<T> A, T* panel)
    {
        int mr = MicroKernel<S, V, T>.Rows;
        int rows = (int)A.Rows;
        T* source = A.Pointer;
        nint rs = A.RowStride;
        nint cs = A.ColumnStride;
        if (rows == 8 && mr == 8)
        {
            T* r0 = source, r1 = source + rs, r2 = source + (2 * rs), r3 = source + (3 * rs);
            T* r4 = source + (4 * rs), r5 = source + (5 * rs), r6 = source + (6 * rs), r7 = source + (7 * rs);
            nint start = 0;
            if (cs == 1)
            {
                for (; start + Transposition.Order <= A.Columns; start += Transposition.Order)
                {
                    Transposition.Block(source + start, rs, panel, mr);
                    panel += Transposition.Order * mr;
                }
            }
            else if (rs == 1)
            {
                // Columns of A are contiguous, as the panel's are: a copy.
                for (; start < A.Columns; start++)
                {
                    Unsafe.CopyBlockUnaligned(panel, source + (start * cs), (uint)(8 * sizeof(T)));
                    panel += 8;
                }
            }

            for (nint p = start; p < A.Columns; p++)
            {
                nint at = p * cs;
                panel[0] = r0[at];
                panel[1] = r1[at];
                panel[2] = r2[at];
                panel[3] = r3[at];
                panel[4] = r4[at];
                panel[5] = r5[at];
                panel[6] = r6[at];
                panel[7] = r7[at];
                panel += 8;
            }

            return;
        }

        for (nint p = 0; p < A.Columns; p++)
        {
            for (int i = 0; i < rows; i++)
            {
                panel[i] = source[(i * rs) + (p * cs)];
            }

            for (int i = rows; i < mr; i++)
            {
                panel[i] = default;
            }

            panel += mr;
        }
    }

    /// <summary>
    /// Packs that many whole panels of an A with contiguous columns, a column at a time; see <see cref="PanelsB"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PanelsA(MatrixView<T> A, T* panel)
    {
        int mr = MicroKernel<S, V, T>.Rows;
        nint next = A.Columns * mr;
        T* source = A.Pointer;
        nint cs = A.ColumnStride;
        for (nint p = 0; p < A.Columns; p++)
        {
            T* from = source;
            T* to = panel;
            T* soon = source + (StepsAhead * cs);
            for (int k = 0; k < Together; k++)
            {
                S.Prefetch(soon);
                if (mr == 8)
                {
                    Unsafe.CopyBlockUnaligned(to, from, (uint)(8 * sizeof(T)));
                }
                else
                {
                    Unsafe.CopyBlockUnaligned(to, from, (uint)(4 * sizeof(T)));
                }

                soon += mr;
                from += mr;
                to += next;
            }

            source += cs;
            panel += mr;
        }
    }

    /// <summary>Panels that <see cref="PanelsA"/> and <see cref="PanelsB"/> pack at once.</summary>
    public const int Together = 4;

    /// <summary>Steps of the depth between what is asked for and what is packed.</summary>
    private const int StepsAhead = 8;

    /// <summary>
    /// Packs that many whole panels of a B with contiguous rows, a row at a time: a panel alone would read three
    /// vectors of each row, which may lie a page from the next, where the processor does not fetch ahead by itself.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PanelsB(MatrixView<T> B, T* panel)
    {
        int nr = MicroKernel<S, V, T>.Columns;
        int w = S.Width;
        nint next = B.Rows * nr;
        T* source = B.Pointer;
        nint rs = B.RowStride;
        for (nint p = 0; p < B.Rows; p++)
        {
            T* from = source;
            T* to = panel;
            T* soon = source + (StepsAhead * rs);
            for (int k = 0; k < Together; k++)
            {
                S.Prefetch(soon);
                S.Prefetch(soon + w);
                S.Prefetch(soon + (2 * w));
                S.Store(to, S.Load(from));
                S.Store(to + w, S.Load(from + w));
                S.Store(to + (2 * w), S.Load(from + (2 * w)));
                soon += nr;
                from += nr;
                to += next;
            }

            source += rs;
            panel += nr;
        }
    }

    /// <summary>Packs up to NR columns of B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PanelB(MatrixView<T> B, T* panel)
    {
        int nr = MicroKernel<S, V, T>.Columns;
        int w = S.Width;
        int columns = (int)B.Columns;
        nint rs = B.RowStride;
        nint cs = B.ColumnStride;
        if (cs == 1 && columns == nr)
        {
            T* source = B.Pointer;
            for (nint p = 0; p < B.Rows; p++)
            {
                S.Store(panel, S.Load(source));
                S.Store(panel + w, S.Load(source + w));
                S.Store(panel + (2 * w), S.Load(source + (2 * w)));
                source += rs;
                panel += nr;
            }

            return;
        }

        if (cs == 1)
        {
            for (nint p = 0; p < B.Rows; p++)
            {
                T* source = B.Pointer + (p * rs);
                for (int j = 0; j < columns; j++)
                {
                    panel[j] = source[j];
                }

                for (int j = columns; j < nr; j++)
                {
                    panel[j] = default;
                }

                panel += nr;
            }

            return;
        }

        // B transposed: a column of B is contiguous (or nothing is). Eight columns at a time share the cache lines
        // written.
        const int Group = 8;
        for (int j0 = 0; j0 < nr; j0 += Group)
        {
            T* target = panel + j0;
            if (j0 + Group <= columns)
            {
                T* c0 = B.Pointer + (j0 * cs), c1 = c0 + cs, c2 = c1 + cs, c3 = c2 + cs;
                T* c4 = c3 + cs, c5 = c4 + cs, c6 = c5 + cs, c7 = c6 + cs;
                nint start = 0;
                if (rs == 1)
                {
                    for (; start + Transposition.Order <= B.Rows; start += Transposition.Order)
                    {
                        Transposition.Block(c0 + start, cs, target, nr);
                        target += Transposition.Order * nr;
                    }
                }

                for (nint p = start; p < B.Rows; p++)
                {
                    nint at = p * rs;
                    target[0] = c0[at];
                    target[1] = c1[at];
                    target[2] = c2[at];
                    target[3] = c3[at];
                    target[4] = c4[at];
                    target[5] = c5[at];
                    target[6] = c6[at];
                    target[7] = c7[at];
                    target += nr;
                }

                continue;
            }

            int wide = Math.Min(Group, nr - j0);
            for (nint p = 0; p < B.Rows; p++)
            {
                for (int j = 0; j < wide; j++)
                {
                    target[j] = j0 + j < columns ? B.Pointer[(p * rs) + ((j0 + j) * cs)] : default;
                }

                target += nr;
            }
        }
    }
}
