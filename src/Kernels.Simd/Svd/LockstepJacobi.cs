using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>
/// Thin SVDs of several small m x n matrices at once, m >= n, a SIMD lane each: one-sided Jacobi as in
/// <see cref="OneSidedJacobi{S,V,T}"/>, in cyclic order, larger column first (which sorts the values on the way).
/// <code>
///   columns: vector (j m + i) holds element (i, j) of each matrix        lane   0    1    2  ...
///   vectors: vector (j n + i) holds element (j, i) of each V'                 A0ij A1ij A2ij ...
/// </code>
/// All lanes do the same operations; a lane whose columns p and q are orthogonal already rotates by zero. A lane's
/// results do not depend on its neighbours: rotations go on until the last lane is done, and rotations by zero change
/// nothing.
/// </summary>
internal static unsafe class LockstepJacobi<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Decomposes matrices first to first + count - 1, count at most S.Width, of the stacked A; see <see
    /// cref="ThinSvdBatch{S,V,T}"/>.
    /// </summary>
    /// <exception cref="ArithmeticException">A matrix holds NaN or infinity, or no convergence.</exception>
    public static void Run(SimdContext context, in StackedSvd<T> stack, int first, int count)
    {
        nint m = stack.Rows;
        nint n = stack.Columns;
        using Scratch<T> columnMemory = context.Scratch.Rent<T>(m * n * S.Width);
        using Scratch<T> vectorMemory = context.Scratch.Rent<T>(n * n * S.Width);
        using Scratch<T> squareMemory = context.Scratch.Rent<T>(n * S.Width);
        T* squares = squareMemory.Pointer;
        T* columns = columnMemory.Pointer;
        T* vectors = vectorMemory.Pointer;
        columnMemory.Clear();
        vectorMemory.Clear();
        SvdScaling<T>* scalings = stackalloc SvdScaling<T>[count];
        for (int lane = 0; lane < count; lane++)
        {
            scalings[lane] = Gather(stack.A(first + lane), columns + lane);
        }

        for (nint j = 0; j < n; j++)
        {
            S.Store(vectors + (((j * n) + j) * S.Width), S.Broadcast(T.One));
        }

        Orthogonalize(m, n, columns, vectors);
        Measure(m, n, columns, squares);
        for (int lane = 0; lane < count; lane++)
        {
            Scatter(
                context, columns + lane, vectors + lane, squares + lane, scalings[lane].Inverse, stack.U(first + lane),
                stack.Values(first + lane), stack.Vt(first + lane));
        }
    }

    /// <summary>Copies a matrix, scaled, to a lane of the columns.</summary>
    private static SvdScaling<T> Gather(MatrixView<T> A, T* columns)
    {
        T largest = SvdScaling<T>.Largest(A);
        SvdScaling<T> scaling = SvdScaling<T>.For(largest == T.Zero ? T.One : largest);
        for (nint i = 0; i < A.Rows; i++)
        {
            for (nint j = 0; j < A.Columns; j++)
            {
                columns[((j * A.Rows) + i) * S.Width] = scaling.Apply(A[i, j]);
            }
        }

        return scaling;
    }

    /// <summary>Writes the results of a lane, which are sorted; completes U where columns are zero.</summary>
    private static void Scatter(
        SimdContext context, T* columns, T* vectors, T* squares, SvdScaling<T> back, MatrixView<T> U, T* s,
        MatrixView<T> Vt)
    {
        nint m = U.Rows;
        nint n = U.Columns;
        nint rank = 0;
        for (nint j = 0; j < n; j++)
        {
            T* column = columns + (j * m * S.Width);
            T square = squares[j * S.Width];
            bool isZero = square < JacobiLimits<T>.SmallestSquare;
            T value = isZero ? T.Zero : T.Sqrt(square);
            s[j] = back.Apply(value);
            if (!isZero)
            {
                rank++;
                for (nint i = 0; i < m; i++)
                {
                    U[i, j] = column[i * S.Width] / value;
                }
            }

            for (nint i = 0; i < n; i++)
            {
                Vt[j, i] = vectors[((j * n) + i) * S.Width];
            }
        }

        OrthonormalCompletion<S, V, T>.Run(context, U, rank);
    }

    /// <summary>The squared norms of the columns, summed as they were when the columns were put in order.</summary>
    private static void Measure(nint m, nint n, T* columns, T* squares)
    {
        nint columnLength = m * S.Width;
        for (nint j = 0; j < n; j++)
        {
            V sum = S.Zero;
            for (nint i = 0; i < columnLength; i += S.Width)
            {
                V a = S.Load(columns + (j * columnLength) + i);
                sum = S.MultiplyAdd(a, a, sum);
            }

            S.Store(squares + (j * S.Width), sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Orthogonalize(nint m, nint n, T* columns, T* vectors)
    {
        V tolerance = S.Broadcast(JacobiLimits<T>.Cosine(m));
        V smallest = S.Broadcast(JacobiLimits<T>.SmallestSquare);
        V least = S.Broadcast(FloatingPoint<T>.SmallestNormal);
        V one = S.Broadcast(T.One);
        nint columnLength = m * S.Width;
        nint vectorLength = n * S.Width;
        for (int sweep = 0; sweep < JacobiLimits<T>.MostSweeps; sweep++)
        {
            V anyRotated = S.Zero;
            for (nint p = 0; p < n - 1; p++)
            {
                for (nint q = p + 1; q < n; q++)
                {
                    T* gp = columns + (p * columnLength);
                    T* gq = columns + (q * columnLength);
                    V pp = S.Zero, qq = S.Zero, pq = S.Zero;
                    for (nint i = 0; i < columnLength; i += S.Width)
                    {
                        V a = S.Load(gp + i), b = S.Load(gq + i);
                        pp = S.MultiplyAdd(a, a, pp);
                        qq = S.MultiplyAdd(b, b, qq);
                        pq = S.MultiplyAdd(a, b, pq);
                    }

                    V bound = S.Multiply(S.Multiply(tolerance, S.SquareRoot(pp)), S.SquareRoot(qq));
                    V rotates = S.SelectLess(bound, Abs(pq), one, S.Zero);
                    rotates = S.SelectLess(pp, smallest, S.Zero, rotates);
                    rotates = S.SelectLess(qq, smallest, S.Zero, rotates);
                    V exchanges = S.SelectLess(pp, qq, one, S.Zero);
                    anyRotated = S.Add(anyRotated, rotates);
                    if (S.Sum(S.Add(rotates, exchanges)) == T.Zero)
                    {
                        continue;
                    }

                    // tan of the angle of at most 45 degrees: sign(d) 2 pq / (abs(d) + sqrt(d^2 + (2 pq)^2)), d = qq -
                    // pp, the root formed from the ratio of the two, so that no fourth power of an element overflows or
                    // vanishes.
                    V d = S.Subtract(qq, pp);
                    V twice = S.Add(pq, pq);
                    V sizeD = Abs(d), sizePQ = Abs(twice);
                    V larger = S.SelectLess(sizeD, sizePQ, sizePQ, sizeD);
                    V smaller = S.SelectLess(sizeD, sizePQ, sizeD, sizePQ);
                    V ratio = S.Divide(smaller, S.Add(larger, least));
                    V root = S.Multiply(larger, S.SquareRoot(S.MultiplyAdd(ratio, ratio, one)));
                    V signed = S.SelectLess(d, S.Zero, S.Subtract(S.Zero, twice), twice);
                    V tangent = S.Multiply(rotates, S.Divide(signed, S.Add(S.Add(sizeD, root), least)));
                    V cosine = S.Divide(one, S.SquareRoot(S.MultiplyAdd(tangent, tangent, one)));
                    V sine = S.Multiply(cosine, tangent);
                    V minusSine = S.Subtract(S.Zero, sine);

                    // p' = c p - s q, q' = s p + c q, the two exchanged where q is the larger.
                    V pFromP = S.SelectLess(pp, qq, sine, cosine), pFromQ = S.SelectLess(pp, qq, cosine, minusSine);
                    V qFromP = S.SelectLess(pp, qq, cosine, sine), qFromQ = S.SelectLess(pp, qq, minusSine, cosine);
                    Combine(columnLength, pFromP, pFromQ, qFromP, qFromQ, gp, gq);
                    T* vp = vectors + (p * vectorLength);
                    T* vq = vectors + (q * vectorLength);
                    Combine(vectorLength, pFromP, pFromQ, qFromP, qFromQ, vp, vq);
                }
            }

            if (S.Sum(anyRotated) == T.Zero)
            {
                return;
            }
        }

        JacobiLimits<T>.ThrowNotConverged();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Combine(nint length, V pFromP, V pFromQ, V qFromP, V qFromQ, T* p, T* q)
    {
        for (nint i = 0; i < length; i += S.Width)
        {
            V a = S.Load(p + i), b = S.Load(q + i);
            S.Store(p + i, S.MultiplyAdd(pFromQ, b, S.Multiply(pFromP, a)));
            S.Store(q + i, S.MultiplyAdd(qFromP, a, S.Multiply(qFromQ, b)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Abs(V a) => S.SelectLess(a, S.Zero, S.Subtract(S.Zero, a), a);
}
