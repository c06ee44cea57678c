using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Thin SVD of an m x n matrix, m >= n, through its bidiagonal form:
/// <code>
///   A = Q B P'          Bidiagonalization
///   B = X diag(s) Y'    BidiagonalIteration, whose rotations turn X' and Y' (RotationStrips), all threads
///   U = Q X, V = P Y    block reflectors, gemm
/// </code>
/// The left and right vectors are products of orthogonal matrices, so they are orthonormal where singular values are
/// zero, too.
/// </summary>
internal static unsafe class BidiagonalSvd<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Reflectors applied at once in the back-transformations.</summary>
    private const int BlockReflectors = 64;

    /// <summary>A (contiguous rows) is destroyed. U is m x n, s holds n elements, Vt is n x n.</summary>
    public static void Run(
        SimdContext context, MatrixView<T> A, MatrixView<T> U, T* s, MatrixView<T> Vt, CancellationToken cancellation)
    {
        nint m = A.Rows;
        nint n = A.Columns;
        using Scratch<double> bidiagonal = context.Scratch.Rent<double>(2 * n);
        using Scratch<T> taus = context.Scratch.Rent<T>(2 * n);
        using Scratch<T> leftMemory = context.Scratch.Rent<T>(n * m);
        using Scratch<T> rightMemory = context.Scratch.Rent<T>(n * n);
        double* d = bidiagonal.Pointer;
        double* e = d + n;
        T* leftTaus = taus.Pointer;
        T* rightTaus = leftTaus + n;
        MatrixView<T> left = leftMemory.View(n, m);
        MatrixView<T> right = rightMemory.View(n, n);

        Bidiagonalization<S, V, T>.Reduce(context, A, d, e, left, leftTaus, right, rightTaus, cancellation);
        Diagonalize(context, d, e, U, s, Vt, cancellation);
        U.SliceRows(n, m - n).Fill(T.Zero);
        BlockReflector<S, V, T>.ApplyAll(context, left, leftTaus, 0, BlockReflectors, U, cancellation);
        BlockReflector<S, V, T>.ApplyAll(context, right, rightTaus, 1, BlockReflectors, Vt.Transposed, cancellation);
    }

    /// <summary>
    /// The SVD of the bidiagonal matrix: X in the first rows of U, Y' in Vt, values positive and descending.
    /// </summary>
    private static void Diagonalize(
        SimdContext context, double* d, double* e, MatrixView<T> U, T* s, MatrixView<T> Vt,
        CancellationToken cancellation)
    {
        nint n = Vt.Rows;
        using RotationStrips<S, V, T> leftVectors = new(context, n);
        using RotationStrips<S, V, T> rightVectors = new(context, n);
        using RotationBatch even = new(context, n);
        using RotationBatch odd = new(context, n);
        using WaveTable<T> leftTable = new(context);
        using WaveTable<T> rightTable = new(context);
        BidiagonalIteration iteration = new(d, e, n, double.CreateChecked(FloatingPoint<T>.Epsilon));
        RotationBatch current = even;
        RotationBatch next = odd;
        iteration.Fill(current);
        while (current.Sweeps.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            leftTable.Build(current, right: false);
            rightTable.Build(current, right: true);
            next.Clear();

            // The iteration, which is serial, goes on while other threads apply what it found.
            RotationBatch found = next;
            context.Pool.For(1 + leftVectors.Count + rightVectors.Count, task =>
            {
                if (task == 0)
                {
                    iteration.Fill(found);
                }
                else if (task <= leftVectors.Count)
                {
                    leftVectors.Apply(task - 1, leftTable);
                }
                else
                {
                    rightVectors.Apply(task - 1 - leftVectors.Count, rightTable);
                }
            });
            (current, next) = (next, current);
        }

        int[] order = DescendingOrder(d, checked((int)n));
        T[] leftSigns = new T[order.Length];
        T[] rightSigns = new T[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            double value = d[order[i]];
            s[i] = T.CreateChecked(Math.Abs(value));
            leftSigns[i] = T.One;
            rightSigns[i] = value < 0 ? T.NegativeOne : T.One;
        }

        MatrixView<T> X = U.SliceRows(0, n).Transposed;
        context.Pool.For(leftVectors.Count, strip =>
        {
            leftVectors.CopyTo(strip, order, leftSigns, X);
            rightVectors.CopyTo(strip, order, rightSigns, Vt);
        });
    }

    /// <summary>Indices by descending absolute value; equals keep their order.</summary>
    private static int[] DescendingOrder(double* values, int count)
    {
        double[] keys = new double[count];
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            keys[i] = Math.Abs(values[i]);
            order[i] = i;
        }

        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : a.CompareTo(b));
        return order;
    }
}
