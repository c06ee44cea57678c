using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// K(i, j) = exp(-gamma |a_i - b_j|^2) of data in float, from products in float, each element checked against a bound
/// of its error:
/// <code>
///   d(i, j) = |a|^2 + |b|^2 - 2 a'b      rows less the means of B, rounded to float; their norms summed in double
///   |error of d| at most E = 2 u w(a) w(b) + 16 u (|a|^2 + |b|^2),     u = 2^-24
///   |error of K| at most x exp(x) K, x = gamma E      (the mean value theorem: exp is taken within x of the exponent)
///                at most x (1 + 2 x) K where x is under 1
/// </code>
/// w, lengths weighted by how often a product rounds, is <see cref="CentredPoints{S, V, T}"/>'s; the second term, the
/// rounding of the centred rows (2 u |a - b| (|a| + |b|)) and of the sum of three. Where x is under 1 and this within
/// <see cref="Tolerance"/> the element stands. Where not -
/// close pairs whose norms cancel: duplicates, clusters far from the mean, outliers' neighbours - its distance is
/// summed anew from differences of the data itself, their squares in double, which is right to 2 u. Where that are many
/// elements of a tile, the whole tile is left to <see cref="RbfKernel{S,V,T,TData}"/>. NaN and overflow fail the check.
/// </summary>
/// <remarks>
/// T is float. Scratch: A and B once more, centred. K has contiguous rows. An element depends on the data alone, not on
/// threads. Of a symmetric kernel the elements below the diagonal are computed and mirrored; the diagonal is 1, or NaN
/// where its row holds what is not finite.
/// </remarks>
internal static unsafe class CheckedRbfKernel<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The error of an element of K that may stand, besides the rounding of exp: 64 units of float's epsilon.
    /// </summary>
    public const double Tolerance = 64 * 1.1920928955078125e-7;

    /// <summary>Half of float's epsilon: the largest relative error of a rounding.</summary>
    private const double UnitRoundoff = 5.9604644775390625e-8;

    /// <summary>
    /// A tile with more than a 16th of its elements to be summed anew is left to a product in double: by count of
    /// instructions, not measured, a distance summed anew costs some six times an element of such a product.
    /// </summary>
    private const int LargestShare = 16;

    /// <summary>Squared norms and gammas past this are left to double: their products might overflow.</summary>
    private const double Largest = 1e30;

    public static void Run(
        SimdContext context, double gamma, MatrixView<T> A, MatrixView<T> B, MatrixView<T> K,
        SimdKernels<double> inDouble, CancellationToken cancellation)
    {
        if (A.Columns == 0 || K.IsEmpty || gamma < 0 || gamma > Largest)
        {
            inDouble.RbfKernel(context, gamma, A, B, K, cancellation);
            return;
        }

        bool symmetric = A == B;
        using Scratch<double> shift = context.Scratch.Rent<double>(B.Columns);
        using Scratch<T> roundings = context.Scratch.Rent<T>(B.Columns);
        using Scratch<T> centredA = context.Scratch.Rent<T>(A.Rows * A.Columns);
        using Scratch<T> centredB = context.Scratch.Rent<T>(symmetric ? 0 : B.Rows * B.Columns);
        using Scratch<T> lengthsA = context.Scratch.Rent<T>(2 * A.Rows);
        using Scratch<T> lengthsB = context.Scratch.Rent<T>(symmetric ? 0 : 2 * B.Rows);
        CentredPoints<S, V, T> a = new(
            A, centredA.View(A.Rows, A.Columns), lengthsA.Pointer, lengthsA.Pointer + A.Rows);
        CentredPoints<S, V, T> b = symmetric
            ? a
            : new(B, centredB.View(B.Rows, B.Columns), lengthsB.Pointer, lengthsB.Pointer + B.Rows);
        CentredPoints<S, V, T>.FiniteMeans(context, B, shift.Pointer);
        CentredPoints<S, V, T>.CountRoundings(B.Columns, roundings.Pointer);
        bool fits = a.Centre(context, shift.Pointer, roundings.Pointer, Largest);
        fits &= symmetric || b.Centre(context, shift.Pointer, roundings.Pointer, Largest);
        if (!fits)
        {
            inDouble.RbfKernel(context, gamma, A, B, K, cancellation);
            return;
        }

        Bound bound = Bound.Of(gamma);
        KernelTiles.For(
            context, K, A.Columns, symmetric,
            tile => Tile(
                context, bound, a.Slice(tile.Row, tile.Rows), b.Slice(tile.Column, tile.Columns), tile, tile.Of(K),
                inDouble, cancellation),
            cancellation);
        for (nint i = 0; symmetric && i < K.Rows; i++)
        {
            K[i, i] = T.IsFinite(a.SquaredLengths[i]) ? T.One : T.NaN;
        }
    }

    /// <summary>One product, then the check, whose verdict is on the smallest tiles of this.</summary>
    private static void Tile(
        SimdContext context, Bound bound, CentredPoints<S, V, T> a, CentredPoints<S, V, T> b, KernelTile tile,
        MatrixView<T> K, SimdKernels<double> inDouble, CancellationToken cancellation)
    {
        GemmShapes shape = tile.OnDiagonal ? GemmShapes.LowerC : GemmShapes.General;
        Gemm<S, V, T>.Run(context, T.One, a.Centred, b.Centred.Transposed, T.Zero, K, shape);
        KernelTiles.Each(
            tile,
            part => FromProducts(
                context, bound, a.Slice(part.Row, part.Rows), b.Slice(part.Column, part.Columns), part.Of(K),
                part.OnDiagonal, inDouble, cancellation),
            cancellation);
    }

    private static void FromProducts(
        SimdContext context, Bound bound, CentredPoints<S, V, T> a, CentredPoints<S, V, T> b, MatrixView<T> K,
        bool onDiagonal, SimdKernels<double> inDouble, CancellationToken cancellation)
    {
        using Scratch<int> doubtful = context.Scratch.Rent<int>(K.Rows);
        int* counts = doubtful.Pointer;
        Rows.For(context, K.Rows, K.Columns, (first, count) =>
        {
            for (nint i = first; i < first + count; i++)
            {
                counts[i] = Kernel(bound, a, i, b, onDiagonal ? i : K.Columns, K.Pointer + (i * K.RowStride));
            }
        });
        long all = 0;
        for (nint i = 0; i < K.Rows; i++)
        {
            all += counts[i];
        }

        nint elements = onDiagonal ? K.Rows * (K.Rows - 1) / 2 : K.Rows * K.Columns;
        if (all > elements / LargestShare)
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
                        SumAnew(bound, a, i, b, onDiagonal ? i : K.Columns, K.Pointer + (i * K.RowStride));
                    }
                }
            });
        }
    }

    /// <summary>Products of point i become elements of the kernel; how many of them fail the check.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Kernel(
        Bound bound, CentredPoints<S, V, T> a, nint i, CentredPoints<S, V, T> b, nint count, T* row)
    {
        T squaredLength = a.SquaredLengths[i];
        T length = a.WeightedLengths[i];
        T* squaredLengths = b.SquaredLengths;
        T* lengths = b.WeightedLengths;
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
            V kernel = ElementaryFunctions<S, V, T>.Exp(
                S.Multiply(minusGamma, S.SelectLess(distance, S.Zero, S.Zero, distance)));
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
            V kernel = ElementaryFunctions<S, V, T>.Exp(
                S.Multiply(minusGamma, S.SelectLess(distance, S.Zero, S.Zero, distance)));
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
    private static void SumAnew(
        Bound bound, CentredPoints<S, V, T> a, nint i, CentredPoints<S, V, T> b, nint count, T* row)
    {
        double* sums = stackalloc double[S.Width];
        for (nint j = 0; j < count; j++)
        {
            if (!Stands(
                bound, a.SquaredLengths[i], a.WeightedLengths[i], b.SquaredLengths[j], b.WeightedLengths[j], row[j]))
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
            double difference = double.CreateTruncating(x[k * A.ColumnStride])
                - double.CreateTruncating(y[k * B.ColumnStride]);
            sum += difference * difference;
        }

        return sum;
    }

    /// <summary>Gamma E in factors: of w(a) w(b) and of |a|^2 + |b|^2.</summary>
    private readonly record struct Bound(double Gamma, T GammaInT, T OfProduct, T OfSquares)
    {
        /// <summary>
        /// Roundings of the centred rows and of the sum of three terms, each at most 4 u (|a|^2 + |b|^2); twice that,
        /// to be above the bound's own.
        /// </summary>
        private const double OfSquaresInRoundoffs = 16;

        public static Bound Of(double gamma) => new(
            gamma, T.CreateTruncating(gamma), T.CreateTruncating(2 * gamma * UnitRoundoff),
            T.CreateTruncating(gamma * OfSquaresInRoundoffs * UnitRoundoff));
    }
}
