using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// K(i, j) = exp(-gamma |a_i - b_j|^2) of data in float, from products in float, each element checked against a bound of its error:
/// <code>
///   d(i, j) = |a|^2 + |b|^2 - 2 a'b      rows less the means of B, rounded to float; their norms summed in double
///   |error of d| at most E = 2 g |a| |b| + 16 u (|a|^2 + |b|^2),     u = 2^-24,  g = (kc + blocks + 1) u
///   |error of K| at most x exp(x) K, x = gamma E      (the mean value theorem: exp is taken within x of the exponent)
///                at most x (1 + 2 x) K where x is under 1
/// </code>
/// g bounds a product's rounding: kc fused multiply-adds in a register, then an addition a block of the depth (Higham, "Accuracy and
/// stability of numerical algorithms", 2nd edition, section 3.1, with Cauchy and Schwarz); the second term, the rounding of the centred
/// rows (2 u |a - b| (|a| + |b|)) and of the sum of three. Where x is under 1 and this within <see cref="Tolerance"/> the element
/// stands. Where not -
/// close pairs whose norms cancel: duplicates, clusters far from the mean, outliers' neighbours - its distance is summed anew from
/// differences of the data itself, their squares in double, which is right to 2 u. Where that are many elements of a tile, the whole tile
/// is left to <see cref="RbfKernel{S,V,T,TData}"/>. NaN and overflow fail the check.
/// </summary>
/// <remarks>
/// T is float. Scratch: A and B once more, centred. K has contiguous rows. An element depends on the data alone, not on threads; a symmetric
/// kernel is mirrored, and its diagonal 1.
/// </remarks>
internal static unsafe class CheckedRbfKernel<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The error of an element of K that may stand, besides the rounding of exp: 64 units of float's epsilon.</summary>
    public const double Tolerance = 64 * 1.1920928955078125e-7;

    /// <summary>Half of float's epsilon: the largest relative error of a rounding.</summary>
    private const double UnitRoundoff = 5.9604644775390625e-8;

    /// <summary>
    /// A tile with more than a 16th of its elements to be summed anew is left to a product in double: by count of instructions, not
    /// measured, a distance summed anew costs some six times an element of such a product.
    /// </summary>
    private const int LargestShare = 16;

    /// <summary>Squared norms and gammas past this are left to double: their products might overflow.</summary>
    private const double Largest = 1e30;

    public static void Run(
        SimdContext context, double gamma, MatrixView<T> A, MatrixView<T> B, MatrixView<T> K, SimdKernels<double> inDouble,
        CancellationToken cancellation)
    {
        if (A.Columns == 0 || K.IsEmpty || gamma < 0 || gamma > Largest)
        {
            inDouble.RbfKernel(context, gamma, A, B, K, cancellation);
            return;
        }

        bool symmetric = A == B;
        using Scratch<double> shift = context.Scratch.Rent<double>(B.Columns);
        FiniteMeans(context, B, shift.Pointer);
        using Scratch<T> centredA = context.Scratch.Rent<T>(A.Rows * A.Columns);
        using Scratch<T> centredB = context.Scratch.Rent<T>(symmetric ? 0 : B.Rows * B.Columns);
        using Scratch<T> normsA = context.Scratch.Rent<T>(2 * A.Rows);
        using Scratch<T> normsB = context.Scratch.Rent<T>(symmetric ? 0 : 2 * B.Rows);
        Points a = new(A, centredA.View(A.Rows, A.Columns), normsA.Pointer, normsA.Pointer + A.Rows);
        Points b = symmetric ? a : new(B, centredB.View(B.Rows, B.Columns), normsB.Pointer, normsB.Pointer + B.Rows);
        bool fits = Centre(context, a, shift.Pointer);
        fits &= symmetric || Centre(context, b, shift.Pointer);
        if (!fits)
        {
            inDouble.RbfKernel(context, gamma, A, B, K, cancellation);
            return;
        }

        Bound bound = Bound.Of(gamma, A.Columns);
        KernelTiles.For(
            context, K, symmetric,
            tile => Tile(context, bound, a.Rows(tile.Row, tile.Rows), b.Rows(tile.Column, tile.Columns), tile.Of(K), inDouble, cancellation),
            cancellation);
        for (nint i = 0; symmetric && i < K.Rows; i++)
        {
            K[i, i] = T.IsNaN(K[i, i]) ? K[i, i] : T.One;
        }
    }

    private static void Tile(
        SimdContext context, Bound bound, Points a, Points b, MatrixView<T> K, SimdKernels<double> inDouble,
        CancellationToken cancellation)
    {
        if (a.Centred == b.Centred)
        {
            Syrk<S, V, T>.Run(context, T.One, a.Centred, T.Zero, K);
        }
        else
        {
            Gemm<S, V, T>.Run(context, T.One, a.Centred, b.Centred.Transposed, T.Zero, K);
        }

        using Scratch<int> doubtful = context.Scratch.Rent<int>(K.Rows);
        int* counts = doubtful.Pointer;
        Rows.For(context, K.Rows, K.Columns, (first, count) =>
        {
            for (nint i = first; i < first + count; i++)
            {
                counts[i] = Kernel(
                    K.Columns, bound, a.SquaredLengths[i], a.Lengths[i], b.SquaredLengths, b.Lengths, K.Pointer + (i * K.RowStride));
            }
        });
        long all = 0;
        for (nint i = 0; i < K.Rows; i++)
        {
            all += counts[i];
        }

        if (all > K.Rows * K.Columns / LargestShare)
        {
            inDouble.RbfKernel(context, bound.Gamma, a.Data, b.Data, K, cancellation);
        }
        else if (all > 0)
        {
            Rows.For(context, K.Rows, K.Columns, (first, count) =>
            {
                for (nint i = first; i < first + count; i++)
                {
                    if (counts[i] > 0)
                    {
                        SumAnew(bound, a, i, b, K.Pointer + (i * K.RowStride));
                    }
                }
            });
        }
    }

    /// <summary>A row of products becomes a row of the kernel; how many of its elements fail the check.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Kernel(nint count, Bound bound, T squaredLength, T length, T* squaredLengths, T* lengths, T* row)
    {
        V square = S.Broadcast(squaredLength);
        V ofProduct = S.Broadcast(bound.OfProduct * length);
        V ofSquares = S.Broadcast(bound.OfSquares);
        V minusGamma = S.Broadcast(-bound.GammaInT);
        V minusTwo = S.Broadcast(-(T.One + T.One));
        V tolerance = S.Broadcast(T.CreateTruncating(Tolerance));
        V one = S.Broadcast(T.One);
        V failed = S.Zero;
        nint j = 0;
        for (; j + S.Width <= count; j += S.Width)
        {
            V squares = S.Add(square, S.Load(squaredLengths + j));
            V distance = S.MultiplyAdd(minusTwo, S.Load(row + j), squares);
            V kernel = ElementaryFunctions<S, V, T>.Exp(S.Multiply(minusGamma, S.SelectLess(distance, S.Zero, S.Zero, distance)));
            V exponent = S.MultiplyAdd(ofSquares, squares, S.Multiply(ofProduct, S.Load(lengths + j)));
            V error = S.Multiply(S.Multiply(kernel, exponent), S.Add(one, S.Add(exponent, exponent)));
            failed = S.Add(failed, S.SelectLess(S.SelectLess(exponent, one, error, one), tolerance, S.Zero, one));
            S.Store(row + j, kernel);
        }

        int tail = (int)(count - j);
        int failures = int.CreateTruncating(S.Sum(failed));
        if (tail > 0)
        {
            V squares = S.Add(square, S.LoadPartial(squaredLengths + j, tail));
            V distance = S.MultiplyAdd(minusTwo, S.LoadPartial(row + j, tail), squares);
            V kernel = ElementaryFunctions<S, V, T>.Exp(S.Multiply(minusGamma, S.SelectLess(distance, S.Zero, S.Zero, distance)));
            S.StorePartial(row + j, kernel, tail);
            for (; j < count; j++)
            {
                failures += Stands(bound, squaredLength, length, squaredLengths[j], lengths[j], row[j]) ? 0 : 1;
            }
        }

        return failures;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Stands(Bound bound, T squareA, T lengthA, T squareB, T lengthB, T kernel)
    {
        T exponent = (bound.OfSquares * (squareA + squareB)) + (bound.OfProduct * lengthA * lengthB);
        T error = kernel * exponent * (T.One + exponent + exponent);
        return exponent < T.One && error < T.CreateTruncating(Tolerance);
    }

    /// <summary>The elements of a row that failed: their distances from differences of the data.</summary>
    private static void SumAnew(Bound bound, Points a, nint i, Points b, T* row)
    {
        double* sums = stackalloc double[S.Width];
        for (nint j = 0; j < b.Data.Rows; j++)
        {
            if (!Stands(bound, a.SquaredLengths[i], a.Lengths[i], b.SquaredLengths[j], b.Lengths[j], row[j]))
            {
                row[j] = T.CreateTruncating(Math.Exp(-bound.Gamma * SquaredDistance(a.Data, i, b.Data, j, sums)));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SquaredDistance(MatrixView<T> A, nint i, MatrixView<T> B, nint j, double* sums)
    {
        T* x = A.Pointer + (i * A.RowStride);
        T* y = B.Pointer + (j * B.RowStride);
        double sum = 0;
        nint k = 0;
        if (A.HasContiguousRows && B.HasContiguousRows)
        {
            new Span<double>(sums, S.Width).Clear();
            for (; k + (2 * S.Width) <= A.Columns; k += 2 * S.Width)
            {
                V d = S.Subtract(S.Load(x + k), S.Load(y + k));
                V e = S.Subtract(S.Load(x + k + S.Width), S.Load(y + k + S.Width));
                S.AddProductsToDoubles(d, d, e, e, sums);
            }

            for (int lane = 0; lane < S.Width; lane++)
            {
                sum += sums[lane];
            }
        }

        for (; k < A.Columns; k++)
        {
            double difference = double.CreateTruncating(x[k * A.ColumnStride]) - double.CreateTruncating(y[k * B.ColumnStride]);
            sum += difference * difference;
        }

        return sum;
    }

    /// <summary>Rows less the shift, rounded, and their lengths; false where one's square may overflow (NaN and infinity may not).</summary>
    private static bool Centre(SimdContext context, Points points, double* shift)
    {
        int tooLarge = 0;
        MatrixView<T> X = points.Data;
        Rows.For(context, X.Rows, X.Columns, (first, count) =>
        {
            for (nint i = first; i < first + count; i++)
            {
                T* row = points.Centred.Pointer + (i * points.Centred.RowStride);
                T* source = X.Pointer + (i * X.RowStride);
                double sum = Centre(X.Columns, source, X.ColumnStride, shift, row);
                points.SquaredLengths[i] = T.CreateTruncating(sum);
                points.Lengths[i] = T.CreateTruncating(Math.Sqrt(sum));
                if (double.IsFinite(sum) && sum > Largest)
                {
                    Interlocked.Exchange(ref tooLarge, 1);
                }
            }
        });
        return tooLarge == 0;
    }

    /// <summary>row = source - shift, rounded; the sum of its squares in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Centre(nint count, T* source, nint stride, double* shift, T* row)
    {
        double* sums = stackalloc double[S.Width];
        new Span<double>(sums, S.Width).Clear();
        for (nint j = 0; j < count; j++)
        {
            row[j] = T.CreateTruncating(double.CreateTruncating(source[j * stride]) - shift[j]);
        }

        nint k = 0;
        for (; k + (2 * S.Width) <= count; k += 2 * S.Width)
        {
            V d = S.Load(row + k);
            V e = S.Load(row + k + S.Width);
            S.AddProductsToDoubles(d, d, e, e, sums);
        }

        double sum = 0;
        for (int lane = 0; lane < S.Width; lane++)
        {
            sum += sums[lane];
        }

        for (; k < count; k++)
        {
            double value = double.CreateTruncating(row[k]);
            sum += value * value;
        }

        return sum;
    }

    /// <summary>
    /// Means of the columns; 0 where NaN or infinity is among them: these are to spoil their own rows alone.
    /// </summary>
    private static void FiniteMeans(SimdContext context, MatrixView<T> X, double* means) =>
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

    /// <summary>Data, the same less the shift, and the squared lengths and lengths of those.</summary>
    private readonly struct Points(MatrixView<T> data, MatrixView<T> centred, T* squaredLengths, T* lengths)
    {
        public MatrixView<T> Data => data;

        public MatrixView<T> Centred => centred;

        public T* SquaredLengths => squaredLengths;

        public T* Lengths => lengths;

        public Points Rows(nint first, nint count) =>
            new(Data.SliceRows(first, count), Centred.SliceRows(first, count), SquaredLengths + first, Lengths + first);
    }

    /// <summary>Gamma E in factors: of |a| |b| and of |a|^2 + |b|^2.</summary>
    private readonly record struct Bound(double Gamma, T GammaInT, T OfProduct, T OfSquares)
    {
        /// <summary>
        /// Roundings of the centred rows and of the sum of three terms, each at most 4 u (|a|^2 + |b|^2); twice that, to be above the
        /// bound's own.
        /// </summary>
        private const double OfSquaresInRoundoffs = 16;

        public static Bound Of(double gamma, nint features)
        {
            nint kc = GemmBlocking.DepthOf(features);
            nint blocks = (features + kc - 1) / kc;

            // Vectors of 128 bits may have no fused multiply-add: two roundings then.
            int roundings = S.Width * sizeof(T) > 16 ? 1 : 2;
            double ofProduct = 2 * ((roundings * kc) + blocks + 1) * UnitRoundoff;
            return new(
                gamma, T.CreateTruncating(gamma), T.CreateTruncating(gamma * ofProduct),
                T.CreateTruncating(gamma * OfSquaresInRoundoffs * UnitRoundoff));
        }
    }
}
