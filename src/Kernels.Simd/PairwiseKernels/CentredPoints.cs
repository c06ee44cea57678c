using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Rows of data less a shift, rounded, with what a product of them needs for a bound of its rounding: their squared
/// lengths and their lengths weighted by roundings,
/// <code>
///   w(a)^2 = sum over k of r_k a_k^2,  |fl(a'b) - a'b| at most u w(a) w(b)    r_k: roundings that term k passes through
/// </code>
/// by the inequality of Cauchy and Schwarz, as |fl(a'b) - a'b| is at most u times the sum of r_k |a_k b_k| (Higham,
/// "Accuracy and stability of numerical algorithms", 2nd edition, section 3.1). A term that is added early is rounded
/// often, one that is added late seldom: of features of one size the bound is half of that which counts the most
/// roundings for all.
/// </summary>
internal readonly unsafe struct CentredPoints<S, V, T>(
    MatrixView<T> data, MatrixView<T> centred, T* squaredLengths, T* weightedLengths)
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The data as they came.</summary>
    public MatrixView<T> Data => data;

    /// <summary>The same less the shift.</summary>
    public MatrixView<T> Centred => centred;

    /// <summary>|a|^2 of each row.</summary>
    public T* SquaredLengths => squaredLengths;

    /// <summary>w(a) of each row.</summary>
    public T* WeightedLengths => weightedLengths;

    /// <summary>Some of the points.</summary>
    public CentredPoints<S, V, T> Slice(nint first, nint count) => new(
        Data.SliceRows(first, count), Centred.SliceRows(first, count), SquaredLengths + first, WeightedLengths + first);

    /// <summary>
    /// Means of the columns; 0 where NaN or infinity is among them: these are to spoil their own rows alone.
    /// </summary>
    public static void FiniteMeans(SimdContext context, MatrixView<T> X, double* means) =>
        Rows.ForStrips(context, X.Columns, (first, count) =>
        {
            double* sums = means + first;
            if (X.HasContiguousRows)
            {
                ColumnSums<S, V, T>.Sum(new RowSet<T>(X.SliceColumns(first, count)), count, sums);
            }
            else
            {
                for (int j = 0; j < count; j++)
                {
                    sums[j] = 0;
                    for (nint i = 0; i < X.Rows; i++)
                    {
                        sums[j] += double.CreateTruncating(X[i, first + j]);
                    }
                }
            }

            for (int j = 0; j < count; j++)
            {
                double mean = sums[j] / Math.Max(1, X.Rows);
                sums[j] = double.IsFinite(mean) ? mean : 0;
            }
        });

    /// <summary>
    /// r_k of a product of that depth by <see cref="Gemm{S, V, T}"/>: each block of the depth is summed in a register,
    /// one fused multiply-add after another, and then added to the blocks before it. One more stands for terms of u^2.
    /// </summary>
    public static void CountRoundings(nint depth, T* roundings)
    {
        nint kc = GemmBlocking.DepthOf(depth);
        nint blocks = (depth + kc - 1) / kc;

        // Vectors of 128 bits may have no fused multiply-add: the product is then rounded, too.
        int more = S.Width * sizeof(T) > 16 ? 1 : 2;
        for (nint k = 0; k < depth; k++)
        {
            nint inBlock = Math.Min(kc, depth - (k / kc * kc)) - (k % kc);
            roundings[k] = T.CreateTruncating(inBlock + blocks - (k / kc) + more);
        }
    }

    /// <summary>Rows less the shift, and their lengths.</summary>
    /// <param name="context">Threads to use.</param>
    /// <param name="shift">What is subtracted of each column.</param>
    /// <param name="roundings">r_k of each column.</param>
    /// <param name="largest">What no squared length may exceed.</param>
    /// <returns>False where one does (NaN and infinity may).</returns>
    public bool Centre(SimdContext context, double* shift, T* roundings, double largest)
    {
        CentredPoints<S, V, T> points = this;
        int tooLarge = 0;
        Rows.For(context, Data.Rows, Data.Columns, (first, count) =>
        {
            for (nint i = first; i < first + count; i++)
            {
                (double square, double weighted) = points.Centre(i, shift, roundings);
                points.SquaredLengths[i] = T.CreateTruncating(square);
                points.WeightedLengths[i] = T.CreateTruncating(Math.Sqrt(weighted));
                if (double.IsFinite(square) && square > largest)
                {
                    Interlocked.Exchange(ref tooLarge, 1);
                }
            }
        });
        return tooLarge == 0;
    }

    /// <summary>Row i less the shift; the sums of its squares, in double, plain and weighted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (double Square, double Weighted) Centre(nint i, double* shift, T* roundings)
    {
        nint count = Data.Columns;
        nint stride = Data.ColumnStride;
        T* source = Data.Pointer + (i * Data.RowStride);
        T* row = Centred.Pointer + (i * Centred.RowStride);
        double* lanes = stackalloc double[2 * S.Width];
        new Span<double>(lanes, 2 * S.Width).Clear();
        double* weightedLanes = lanes + S.Width;
        nint k = 0;
        if (stride == 1)
        {
            for (; k + (2 * S.Width) <= count; k += 2 * S.Width)
            {
                V d = S.CentreInDouble(S.Load(source + k), 0, shift + k);
                V e = S.CentreInDouble(S.Load(source + k + S.Width), 0, shift + k + S.Width);
                S.Store(row + k, d);
                S.Store(row + k + S.Width, e);
                S.AddProductsToDoubles(d, d, e, e, lanes);
                V dWeighted = S.Multiply(d, S.Load(roundings + k));
                V eWeighted = S.Multiply(e, S.Load(roundings + k + S.Width));
                S.AddProductsToDoubles(dWeighted, d, eWeighted, e, weightedLanes);
            }
        }

        double square = 0;
        double weighted = 0;
        for (int lane = 0; lane < S.Width; lane++)
        {
            square += lanes[lane];
            weighted += weightedLanes[lane];
        }

        for (; k < count; k++)
        {
            row[k] = T.CreateTruncating(double.CreateTruncating(source[k * stride]) - shift[k]);
            double value = double.CreateTruncating(row[k]);
            square += value * value;
            weighted += double.CreateTruncating(roundings[k]) * value * value;
        }

        return (square, weighted);
    }
}
