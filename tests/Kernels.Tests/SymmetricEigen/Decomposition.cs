using System.Numerics;
using System.Runtime.Intrinsics;
using VemKernels.Simd;

namespace VemKernels.Kernels.Tests;

/// <summary>How a matrix lies in memory when it is handed over.</summary>
public enum Layout
{
    RowMajor,
    ColumnMajor,
    PaddedRows,
    Strided,
}

/// <summary>
/// Runs a decomposition of the backend on a matrix of doubles, whatever the instruction set, element type and layout,
/// and measures its errors in double.
/// </summary>
/// <param name="A">The matrix, rounded to the element type.</param>
/// <param name="Vectors">Row j is eigenvector j.</param>
/// <param name="Values">The eigenvalues.</param>
/// <param name="Epsilon">The distance from 1 to the next number of the element type.</param>
internal sealed record Decomposition(double[,] A, double[,] Vectors, double[] Values, double Epsilon)
{
    /// <summary>The instruction sets that run here.</summary>
    public static IEnumerable<InstructionSet> InstructionSetsHere =>
        Enum.GetValues<InstructionSet>().Where(set => set <= InstructionSets.Best);

    /// <summary>One matrix.</summary>
    public static Decomposition Of(
        double[,] A, InstructionSet set, Type element, Layout layout = Layout.RowMajor, int threads = 1,
        CancellationToken cancellation = default) => Dispatch([A], set, element, layout, threads, batch: false, cancellation)[0];

    /// <summary>Many matrices of one order.</summary>
    public static Decomposition[] OfBatch(
        double[][,] stacked, InstructionSet set, Type element, Layout layout = Layout.RowMajor, int threads = 1) =>
        Dispatch(stacked, set, element, layout, threads, batch: true, default);

    /// <summary>|A - Q diag(w) Q'| / (n eps |A|) in the 1-norm.</summary>
    public double Residual
    {
        get
        {
            int n = Values.Length;
            double[,] rows = new double[n, n];
            double[,] scaled = new double[n, n];
            double scale = Norm(A) is 0 ? 1 : 1 / Norm(A);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    rows[i, j] = Vectors[j, i];
                    scaled[i, j] = Vectors[j, i] * (Values[j] * scale);
                }
            }

            return Norm(Difference(rows, scaled, (i, j) => A[i, j] * scale)) / (n * Epsilon);
        }
    }

    /// <summary>|I - Q'Q| / (n eps) in the 1-norm.</summary>
    public double Orthogonality =>
        Norm(Difference(Vectors, Vectors, (i, j) => i == j ? 1 : 0)) / (Values.Length * Epsilon);

    /// <summary>
    /// Whether values and vectors are the same bits (NUnit compares large arrays element by element, slowly).
    /// </summary>
    public bool HasSameBitsAs(Decomposition other) =>
        Values.AsSpan().SequenceEqual(other.Values) && Flat(Vectors).SequenceEqual(Flat(other.Vectors));

    private static ReadOnlySpan<double> Flat(double[,] X) =>
        System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref X[0, 0], X.Length);

    private static Decomposition[] Dispatch(
        double[][,] matrices, InstructionSet set, Type element, Layout layout, int threads, bool batch,
        CancellationToken cancellation)
    {
        bool single = element == typeof(float);
        return set switch
        {
            InstructionSet.Avx512 when single =>
                Run<Simd512<float>, Vector512<float>, float>(matrices, layout, threads, batch, cancellation),
            InstructionSet.Avx512 =>
                Run<Simd512<double>, Vector512<double>, double>(matrices, layout, threads, batch, cancellation),
            InstructionSet.Avx2 when single =>
                Run<Simd256<float>, Vector256<float>, float>(matrices, layout, threads, batch, cancellation),
            InstructionSet.Avx2 =>
                Run<Simd256<double>, Vector256<double>, double>(matrices, layout, threads, batch, cancellation),
            _ when single =>
                Run<Simd128<float>, Vector128<float>, float>(matrices, layout, threads, batch, cancellation),
            _ => Run<Simd128<double>, Vector128<double>, double>(matrices, layout, threads, batch, cancellation),
        };
    }

    private static Decomposition[] Run<S, V, T>(
        double[][,] matrices, Layout layout, int threads, bool batch, CancellationToken cancellation)
        where S : struct, ISimd<V, T>
        where V : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = matrices.Length;
        int n = matrices[0].GetLength(0);
        using SimdContext context = new(new WorkerPool(threads), new ScratchPool());
        using Matrix<T> memory = new((2 * (nint)count * n) + 1, (2 * (nint)n) + 1);
        MatrixView<T> stacked = Lay(memory.View, layout, (nint)count * n, n);
        using Matrix<T> w = new(count, n);
        double[][,] rounded = new double[count][,];
        for (int b = 0; b < count; b++)
        {
            rounded[b] = new double[n, n];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    // Above the diagonal stands what must not be read.
                    stacked[((nint)b * n) + i, j] = j <= i ? T.CreateTruncating(matrices[b][i, j]) : T.NaN;
                    rounded[b][i, j] = double.CreateTruncating(
                        T.CreateTruncating(matrices[b][Math.Max(i, j), Math.Min(i, j)]));
                }
            }
        }

        if (batch)
        {
            SymmetricEigenBatch<S, V, T>.Run(context, stacked, w.View, count, cancellation);
        }
        else
        {
            SymmetricEigen<S, V, T>.Run(context, stacked, w.View.RowSpan(0), cancellation);
        }

        return [.. Enumerable.Range(0, count).Select(
            b => Read(rounded[b], stacked.SliceRows((nint)b * n, n), w.View.SliceRows(b, 1)))];
    }

    private static MatrixView<T> Lay<T>(MatrixView<T> memory, Layout layout, nint rows, nint columns)
        where T : unmanaged
    {
        unsafe
        {
            return layout switch
            {
                Layout.ColumnMajor => new(memory.Pointer, rows, columns, 1, rows),
                Layout.PaddedRows => new(memory.Pointer + 1, rows, columns, columns + 3),
                Layout.Strided => new(memory.Pointer, rows, columns, memory.RowStride, 2),
                _ => new(memory.Pointer, rows, columns, columns),
            };
        }
    }

    private static Decomposition Read<T>(double[,] A, MatrixView<T> Q, MatrixView<T> w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = A.GetLength(0);
        double[,] vectors = new double[n, n];
        double[] values = new double[n];
        for (int j = 0; j < n; j++)
        {
            values[j] = double.CreateTruncating(w[0, j]);
            for (int i = 0; i < n; i++)
            {
                vectors[j, i] = double.CreateTruncating(Q[i, j]);
            }
        }

        return new Decomposition(A, vectors, values, Precision.Epsilon<T>());
    }

    /// <summary>target - X Y'.</summary>
    private static double[,] Difference(double[,] X, double[,] Y, Func<int, int, double> target)
    {
        int n = X.GetLength(0);
        double[,] difference = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                difference[i, j] = target(i, j) - Dot(ref X[i, 0], ref Y[j, 0], n);
            }
        }

        return difference;
    }

    private static double Dot(ref double x, ref double y, int n)
    {
        Vector<double> sums = Vector<double>.Zero;
        nuint i = 0;
        for (; i + (nuint)Vector<double>.Count <= (nuint)n; i += (nuint)Vector<double>.Count)
        {
            sums += Vector.LoadUnsafe(ref x, i) * Vector.LoadUnsafe(ref y, i);
        }

        double sum = Vector.Sum(sums);
        for (; i < (nuint)n; i++)
        {
            sum += System.Runtime.CompilerServices.Unsafe.Add(ref x, i) * System.Runtime.CompilerServices.Unsafe.Add(ref y, i);
        }

        return sum;
    }

    private static double Norm(double[,] X)
    {
        int n = X.GetLength(0);
        double norm = 0;
        for (int j = 0; j < n; j++)
        {
            double sum = 0;
            for (int i = 0; i < n; i++)
            {
                sum += Math.Abs(X[i, j]);
            }

            norm = Math.Max(norm, sum);
        }

        return norm;
    }
}
