using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Tall A = Q R from Gram matrices, twice (CholeskyQR2: Yamamoto, Nakatsukasa, Yanagisawa and Fukaya, "Roundoff error
/// analysis of the CholeskyQR2 algorithm", ETNA 44, 2015): nearly all of it is gemm, where the panels of
/// <see cref="HouseholderQr{S,V,T}"/> run at half of its rate.
/// <code>
///   L1 L1' = A'A      Q1 = A L1^-T       as far from orthonormal as rounding times the square of A's condition
///   L2 L2' = Q1'Q1    Q  = Q1 L2^-T      orthonormal to rounding, if Q1 was anywhere near it
///                     R  = L2' L1'
/// </code>
/// The squared condition does no harm as long as Q1 is near, which is seen from its Gram matrix and not guessed: then
/// A = Q1 L1' is exact to the rounding of one triangular solve, and the second factorisation's condition is about 1.
/// Where it is not, or where a pivot says that it will not be, nothing is factored: take reflectors. Same bits for any
/// number of threads.
/// </summary>
internal static unsafe class CholeskyQr<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Rows a column and columns from which it saves time: two threads, Zen 4, against reflectors. 10,000 x 100 took
    /// two thirds of their time, 3,600 x 200 four fifths, 2,400 x 600 the same and 1,000 x 600 1.2 times as long;
    /// 3,600 x 32 nine tenths, 3,600 x 16 the same.
    /// </summary>
    private const int LeastRatio = 5;
    private const int LeastColumns = 32;

    /// <summary>
    /// The largest Frobenius norm of Q1'Q1 - I. All singular values of Q1 are then within 0.13 of 1.
    /// </summary>
    private const double Tolerance = 0.25;

    /// <summary>
    /// Whether to try it on a matrix of that shape. Not in single precision: conditions over some hundreds, which
    /// features have, would fail, and a Gram matrix would have been for nothing.
    /// </summary>
    public static bool Takes(nint rows, nint columns) =>
        sizeof(T) == sizeof(double) && columns >= LeastColumns && rows / LeastRatio >= columns;

    /// <summary>
    /// Factors A, m x n with m >= n, whose squares must not overflow: in A then Q1, R in R (n x n, zeros below its
    /// diagonal), L2 in second (n x n). False where A is too ill-conditioned for it: A is as it was.
    /// </summary>
    /// <param name="context">Threads and scratch.</param>
    /// <param name="A">m x n, any strides.</param>
    /// <param name="copy">m x n, of the caller's; what is in it is lost.</param>
    /// <param name="second">n x n, contiguous rows.</param>
    /// <param name="R">n x n, contiguous rows.</param>
    /// <param name="cancellation">Checked between products.</param>
    /// <exception cref="OperationCanceledException">Cancelled; A is then of no use.</exception>
    public static bool TryFactor(
        SimdContext context, MatrixView<T> A, MatrixView<T> copy, MatrixView<T> second, MatrixView<T> R,
        CancellationToken cancellation)
    {
        nint n = A.Columns;
        using Scratch<T> memory = context.Scratch.Rent<T>(n * n);
        MatrixView<T> first = memory.View(n, n);
        Gemm<S, V, T>.Run(context, T.One, A.Transposed, A, T.Zero, first, GemmShapes.LowerC);
        if (!TryFactorGram(context, first, cancellation))
        {
            return false;
        }

        TiledCopy.Run(context, A, copy);
        Trsm<S, V, T>.Run(context, Triangle.Lower, unitDiagonal: false, first, A.Transposed);
        cancellation.ThrowIfCancellationRequested();
        Gemm<S, V, T>.Run(context, T.One, A.Transposed, A, T.Zero, second, GemmShapes.LowerC);
        if (!(FromIdentity(second) <= Tolerance))
        {
            TiledCopy.Run(context, copy, A);
            return false;
        }

        Cholesky<S, V, T>.Run(context, second, matrix: 0, cancellation);
        TiledCopy.Run(context, first.Transposed, R);
        Trmm<S, V, T>.RunTransposed(context, second, R);
        return true;
    }

    /// <summary>U = Q W for what <see cref="TryFactor"/> left in A and second. W, n x anything, is destroyed.</summary>
    public static void Apply(
        SimdContext context, MatrixView<T> A, MatrixView<T> second, MatrixView<T> W, MatrixView<T> U)
    {
        Trsm<S, V, T>.Run(context, Triangle.Upper, unitDiagonal: false, second.Transposed, W);
        Gemm<S, V, T>.Run(context, T.One, A, W, T.Zero, U);
    }

    /// <summary>
    /// Factors a Gram matrix in place; false where it is not positive definite, or hardly: a pivot over its diagonal
    /// element is the squared sine of a column's angle with those before it, of which rounding leaves nothing under
    /// about n units.
    /// </summary>
    private static bool TryFactorGram(SimdContext context, MatrixView<T> gram, CancellationToken cancellation)
    {
        nint n = gram.Rows;
        double least = n * double.CreateTruncating(FloatingPoint<T>.Epsilon);
        using Scratch<T> memory = context.Scratch.Rent<T>(n);
        T* diagonal = memory.Pointer;
        for (nint i = 0; i < n; i++)
        {
            diagonal[i] = gram[i, i];
        }

        try
        {
            Cholesky<S, V, T>.Run(context, gram, matrix: 0, cancellation);
        }
        catch (NotPositiveDefiniteException)
        {
            // The answer to whether it is: columns that depend on each other are not the caller's mistake.
            return false;
        }

        for (nint i = 0; i < n; i++)
        {
            double root = double.CreateTruncating(gram[i, i]);
            if (!(root * root > least * double.CreateTruncating(diagonal[i])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The Frobenius norm of G - I for a symmetric G, of which the lower triangle is read.</summary>
    private static double FromIdentity(MatrixView<T> gram)
    {
        double sum = 0;
        for (nint i = 0; i < gram.Rows; i++)
        {
            ReadOnlySpan<T> row = gram.RowSpan(i);
            for (int j = 0; j < i; j++)
            {
                double value = double.CreateTruncating(row[j]);
                sum += 2 * value * value;
            }

            double deviation = double.CreateTruncating(row[(int)i]) - 1;
            sum += deviation * deviation;
        }

        return Math.Sqrt(sum);
    }
}
