using System.Numerics;
using System.Runtime.Intrinsics;
using NUnit.Framework;
using VemKernels.Simd;

namespace VemKernels.Tests.Svd;

[TestFixture(typeof(Simd128<float>), typeof(Vector128<float>), typeof(float))]
[TestFixture(typeof(Simd128<double>), typeof(Vector128<double>), typeof(double))]
[TestFixture(typeof(Simd256<float>), typeof(Vector256<float>), typeof(float))]
[TestFixture(typeof(Simd256<double>), typeof(Vector256<double>), typeof(double))]
[TestFixture(typeof(Simd512<float>), typeof(Vector512<float>), typeof(float))]
[TestFixture(typeof(Simd512<double>), typeof(Vector512<double>), typeof(double))]
internal sealed unsafe class ThinSvdBatchTests<S, V, T> : IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private SimdContext _context = null!;

    private static bool IsSingle => typeof(T) == typeof(float);

    [OneTimeSetUp]
    public void Start()
    {
        SvdFixtures.RequireVectors<V, T>();
        _context = new SimdContext(new WorkerPool(2), new ScratchPool());
    }

    /// <summary>Called by NUnit at the end.</summary>
    public void Dispose() => _context?.Dispose();

    [Test]
    public void Every_matrix_of_a_mixed_batch_is_decomposed_to_rounding(
        [Values(1, 2, 8, 16, 17, 50)] int columns, [Values(-1, 0, 3, 60)] int more)
    {
        int rows = Math.Max(1, columns + more);
        int k = Math.Min(rows, columns);
        int count = SvdMatrices.Families.Length;
        using Matrix<T> A = new(count * rows, columns);
        for (int i = 0; i < count; i++)
        {
            using Matrix<T> one = SvdMatrices.Round<T>(
                SvdMatrices.Make(SvdMatrices.Families[i], rows, columns, IsSingle));
            one.View.CopyTo(A.View.SliceRows(i * rows, rows));
        }

        using Matrix<T> work = Matrix<T>.From(A.View);
        using Matrix<T> U = new(count * rows, k);
        using Matrix<T> s = new(count, k);
        using Matrix<T> Vt = new(count * k, columns);
        ThinSvdBatch<S, V, T>.Run(_context, work.View, U.View, s.View, Vt.View, count, CancellationToken.None);
        for (int i = 0; i < count; i++)
        {
            SvdFixtures.AssertDecomposition(
                A.View.SliceRows(i * rows, rows), U.View.SliceRows(i * rows, rows), s.View.RowSpan(i).ToArray(),
                Vt.View.SliceRows(i * k, k), SvdMatrices.Families[i]);
        }
    }

    [Test]
    public void Any_number_of_threads_gives_the_same_bits([Values(5, 20)] int n)
    {
        const int Count = 37;
        double[,] values = SvdMatrices.Make("random", Count * n, n, IsSingle);
        T[]? expected = null;
        foreach (int threads in new[] { 1, 2, 3 })
        {
            using SimdContext context = new(new WorkerPool(threads), new ScratchPool());
            using Matrix<T> A = SvdMatrices.Round<T>(values);
            using Matrix<T> U = new(Count * n, n);
            using Matrix<T> s = new(Count, n);
            using Matrix<T> Vt = new(Count * n, n);
            ThinSvdBatch<S, V, T>.Run(context, A.View, U.View, s.View, Vt.View, Count, CancellationToken.None);
            T[] all =
            [
                .. new Span<T>(s.View.Pointer, Count * n), .. new Span<T>(U.View.Pointer, Count * n * n),
                .. new Span<T>(Vt.View.Pointer, Count * n * n),
            ];
            expected ??= all;
            Assert.That(all.AsSpan().SequenceEqual(expected), $"{threads} threads");
        }
    }

    [Test]
    public void A_matrix_gives_the_same_bits_whatever_its_neighbours([Values(1, 4, 16, 70)] int n)
    {
        // Each family twice, in two orders: a matrix meets other neighbours, in another lane.
        int families = SvdMatrices.Families.Length;
        int count = 2 * families;
        using Matrix<T> A = new(count * n, n);
        int FamilyOf(int i) => i < families ? i : count - 1 - i;
        for (int i = 0; i < count; i++)
        {
            using Matrix<T> one = SvdMatrices.Round<T>(
                SvdMatrices.Make(SvdMatrices.Families[FamilyOf(i)], n, n, IsSingle));
            one.View.CopyTo(A.View.SliceRows(i * n, n));
        }

        using Matrix<T> U = new(count * n, n);
        using Matrix<T> s = new(count, n);
        using Matrix<T> Vt = new(count * n, n);
        ThinSvdBatch<S, V, T>.Run(_context, A.View, U.View, s.View, Vt.View, count, CancellationToken.None);
        for (int i = families; i < count; i++)
        {
            int first = FamilyOf(i);
            string name = SvdMatrices.Families[first];
            Assert.That(s.View.RowSpan(i).SequenceEqual(s.View.RowSpan(first)), $"values, {name}");
            Assert.That(Elements(U, i, n).SequenceEqual(Elements(U, first, n)), $"left, {name}");
            Assert.That(Elements(Vt, i, n).SequenceEqual(Elements(Vt, first, n)), $"right, {name}");
        }
    }

    [Test]
    public void A_matrix_with_a_nan_in_it_is_refused([Values(4, 20)] int n)
    {
        using Matrix<T> A = SvdMatrices.Round<T>(SvdMatrices.Make("random", 9 * n, n, IsSingle));
        A.View[(8 * n) + 1, 1] = T.NaN;
        using Matrix<T> U = new(9 * n, n);
        using Matrix<T> s = new(9, n);
        using Matrix<T> Vt = new(9 * n, n);
        Assert.That(
            () => ThinSvdBatch<S, V, T>.Run(_context, A.View, U.View, s.View, Vt.View, 9, CancellationToken.None),
            Throws.InstanceOf<ArithmeticException>());
    }

    [Test]
    public void An_empty_batch_and_empty_matrices_are_no_work()
    {
        using Matrix<T> nothing = new(0, 0);
        using Matrix<T> noColumns = new(6, 0);
        using Matrix<T> noValues = new(2, 0);
        MatrixView<T> none = nothing.View;
        ThinSvdBatch<S, V, T>.Run(_context, none, none, none, none, 0, CancellationToken.None);
        ThinSvdBatch<S, V, T>.Run(
            _context, noColumns.View, noColumns.View, noValues.View, none, 2, CancellationToken.None);
    }

    /// <summary>Matrix i of a stack, as bits: zeros of different signs differ.</summary>
    private static ReadOnlySpan<byte> Elements(Matrix<T> stack, int i, int n) =>
        new(stack.View.Pointer + ((nint)i * n * n), n * n * sizeof(T));
}
